// npm run fuzz -- [--minutes 30] [--inputs N] [--seed N] [--from N] [--only N] [--input BASE64 [--range A-B]] [--without-java]
import { parseArgs } from 'node:util'
import { java } from '../../../fixtures/toolchain.js'
import { whyNot } from '../peers/child.js'
import { javaChild } from '../peers/java.js'
import { campaign, faultsOf } from './campaign.js'
import { Inputs, WHOLE } from './inputs.js'
import { google, kcl, protobufjs } from './opponents.js'
import { countsOf, readingsOf, storyOf, thousands } from './report.js'

const text = { type: 'string' } as const
const { values } = parseArgs({ options: { minutes: text, inputs: text, seed: text, from: text, only: text, input: text, range: text, 'without-java': { type: 'boolean' } } })
const number = (name: 'minutes' | 'inputs' | 'seed' | 'from' | 'only', otherwise: number): number => {
  const value = Number(values[name] ?? otherwise)
  if (!(value >= 0)) throw new Error(`--${name} must be a number, not ${values[name]}`)
  return value
}

// Many inputs end in an error, and a stack trace takes longer than reading them.
Error.stackTraceLimit = 0

const missing = values['without-java'] ? 'as asked' : whyNot(java)
if (missing !== undefined) console.log(`against protobufjs alone, without the KCL and Google's protobuf: ${missing}`)
const child = missing === undefined ? javaChild('kcl3', 'Kcl3') : undefined
const opponents = child === undefined ? [protobufjs] : [kcl(child), google(child)]
const seed = number('seed', Date.now() % 2 ** 32)

if (values.input !== undefined) await one(Buffer.from(values.input, 'base64'), rangeGiven())
else if (values.only !== undefined) {
  const inputs = new Inputs(seed)
  await one(inputs.at(number('only', 0)), inputs.rangeOf(number('only', 0)))
} else await many()
child?.stop()

async function many(): Promise<void> {
  const begun = Date.now()
  const count = number('inputs', Infinity)
  const until = begun + 60_000 * number('minutes', values.inputs === undefined ? 1 : Infinity)
  console.log(`seed ${seed}`)
  let told = begun
  const tally = await campaign({
    inputs: new Inputs(seed),
    from: number('from', 0),
    count,
    until,
    opponents,
    progress: ({ inputs }) => {
      if (Date.now() < told + 30_000) return
      told = Date.now()
      console.log(`${thousands(inputs)} inputs, ${thousands(Math.round((1000 * inputs) / (told - begun)))} a second`)
    },
  })
  console.log(countsOf(tally, (Date.now() - begun) / 1000))
  for (const fault of tally.faults) console.log(await storyOf(fault, seed))
  const whom = opponents.map(({ name }) => name).join(' and ')
  console.log(`${tally.faults.length === 0 ? 'no disagreement' : 'DISAGREEMENTS'} without a reason with ${whom}`)
  if (tally.faults.length > 0) process.exitCode = 1
}

async function one(data: Buffer, range = WHOLE): Promise<void> {
  console.log(`${data.length} bytes, hash key range ${range.startingHashKey} to ${range.endingHashKey}`)
  for (const opponent of opponents) {
    const [fault] = await faultsOf(opponent, [data], range)
    console.log([`${opponent.name}: ${fault ?? 'nothing wrong'}`, ...(await readingsOf(opponent, data, range))].join('\n'))
    if (fault !== undefined) process.exitCode = 1
  }
}

function rangeGiven(): typeof WHOLE | undefined {
  const [startingHashKey, endingHashKey] = values.range?.split('-') ?? []
  return startingHashKey === undefined || endingHashKey === undefined ? undefined : { startingHashKey, endingHashKey }
}
