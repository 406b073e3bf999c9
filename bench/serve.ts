// One case, its name given: answers `prove`, and `time` with a number of passes, each in a line.
import { createInterface } from 'node:readline'
import { corpora } from './corpora.js'
import { timedHere } from './ways/timed.js'
import { wayOf } from './ways/ways.js'

const { prepare, corpusName } = wayOf(process.argv[2]!)!
const way = timedHere(prepare(corpora.get(corpusName)!()))

for await (const line of createInterface(process.stdin)) {
  try {
    console.log(`ok ${await answer(line.split(' '))}`)
  } catch (error) {
    console.log(`error ${(error as Error).message}`)
  }
}

async function answer([what, passes]: readonly string[]): Promise<string> {
  if (what === 'prove') return String(await way.prove())
  const { wall, cpu, touched } = await way.time(Number(passes))
  return `${Math.round(wall * 1e6)} ${Math.round(cpu * 1e6)} ${touched}`
}
