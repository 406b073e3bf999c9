// Mutated inputs, held against others' readers: a part of what `npm run fuzz` does, always the same part.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { java } from '../../../fixtures/toolchain.js'
import { type Tally, campaign } from '../fuzz/campaign.js'
import { BLOCK, Inputs } from '../fuzz/inputs.js'
import { type Opponent, google, kcl, protobufjs } from '../fuzz/opponents.js'
import { countsOf, storyOf } from '../fuzz/report.js'
import { whyNot } from '../peers/child.js'
import { javaChild } from '../peers/java.js'

const SEED = 20260501

test('50,000 mutated inputs: the KCL 3 and Google protobuf give the same, or a rule says why not', { skip: whyNot(java) }, async (t) => {
  const child = javaChild('kcl3', 'Kcl3')
  after(() => child.stop())
  const { reasons } = await tried(t, [kcl(child), google(child)], 50_000)
  const met = [...reasons.keys()].filter((name) => name.startsWith('KCL: ')).map((name) => name.slice('KCL: '.length))
  const all = ['checked before the range', 'hash key that is none, under a range', 'index cut to 32 bits', 'index outside its table', 'invalid UTF-8', 'length cut to 32 bits']
  assert.deepEqual(met.sort(), all, 'every reason that there is with these options')
})

test('50,000 mutated inputs: protobufjs parses the message to the same, or a rule says why not', async (t) => {
  await tried(t, [protobufjs], 50_000)
})

test('an input can be made again by itself', () => {
  const inputs = new Inputs(SEED)
  const [one, again] = [Array.from({ length: 50 }, (_, n) => inputs.at(n)), new Inputs(SEED)]
  assert.deepEqual(one.reverse(), Array.from({ length: 50 }, (_, n) => again.at(49 - n)))
  assert.notDeepEqual(new Inputs(SEED + 1).at(0), again.at(0))
  assert.deepEqual(again.rangeOf(BLOCK), again.rangeOf(2 * BLOCK - 1))
})

async function tried(t: { diagnostic(text: string): void }, opponents: readonly Opponent[], count: number): Promise<Tally> {
  const begun = Date.now()
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = 0
  const tally = await campaign({ inputs: new Inputs(SEED), from: 0, count, until: Infinity, opponents })
  Error.stackTraceLimit = stackTraceLimit
  t.diagnostic(countsOf(tally, (Date.now() - begun) / 1000))
  const stories = await Promise.all(tally.faults.map((fault) => storyOf(fault, SEED)))
  assert.equal(stories.join('\n'), '')
  assert.equal(tally.inputs, count)
  for (const kind of ['user records', 'no user records', 'no message', 'outside', 'ERR_KPL_DIGEST_MISMATCH', 'ERR_KPL_NOT_AGGREGATED']) {
    assert.ok((tally.kinds.get(kind) ?? 0) > count / 100, `enough of the kind ${kind}`)
  }
  return tally
}
