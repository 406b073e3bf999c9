// Payloads that begin like aggregates, each sent alone by the KPL and read by the KCL.
// Every outcome is held against the rules in fixtures/reading-rules.ts, the KCL's own
// against the KCL, and where the two part it must be for one of the reasons given there.
import { isDeepStrictEqual } from 'node:util'
import t from 'tap'
import { loadKplCase } from '../fixtures/load.js'
import { givenOf, outcomeOf } from '../fixtures/outcome.js'
import { type Reason, kclGives, reasonFor, weGive } from '../fixtures/reading-rules.js'
import { deaggregate } from '../lib/index.js'

const { records, userRecords, userRecordsInRange, sent, info } = loadKplCase('lookalikes')

const lookalikes = records.map((record, n) => ({
  record,
  phase: sent.find(({ sequenceNumber }) => sequenceNumber === record.sequenceNumber)!.phase!,
  shard: info.shards.find(({ shardId }) => shardId === record.shardId)!,
  kcl: userRecords.filter((expected) => expected.record === n).map(givenOf),
  kclInRange: userRecordsInRange.filter((expected) => expected.record === n).map(givenOf),
}))

/** Ours, with each setting, with and without the range of the record's shard. */
function outcomes({ record, shard }: (typeof lookalikes)[number], malformed: 'error' | 'passthrough') {
  return {
    plain: outcomeOf(() => deaggregate(record, { malformed })),
    inRange: outcomeOf(() => deaggregate(record, { malformed, hashKeyRange: shard })),
  }
}

t.test('what comes out is what the rules say, whatever the bytes', (t) => {
  t.equal(lookalikes.length, 152, 'all that were sent are here')
  for (const malformed of ['error', 'passthrough'] as const) {
    const wrong = lookalikes.filter((lookalike) => {
      const { record, shard } = lookalike
      const expected = { plain: weGive(record, malformed), inRange: weGive(record, malformed, shard) }
      return !isDeepStrictEqual(outcomes(lookalike, malformed), expected)
    })
    t.same(wrong.map(({ phase }) => phase), [], `malformed: '${malformed}'`)
  }
  t.end()
})

t.test('the same rules, the other way: what is said of the KCL is what the KCL did', (t) => {
  const wrong = lookalikes.filter(({ record, shard, kcl, kclInRange }) => {
    return !isDeepStrictEqual([kclGives(record), kclGives(record, shard)], [kcl, kclInRange])
  })
  t.same(wrong.map(({ phase }) => phase), [])
  t.end()
})

// By the reason why we part from the KCL: which of the named lookalikes, and how many of
// those made by chance. Of all that is not listed we make exactly what the KCL makes.
const unreadable = [
  'message is text',
  'message cut short',
  'message of one zero byte',
  'key index varint of eleven bytes',
  'record without a key index',
  'record without data',
  'second record without data',
  'record of no bytes',
  'tag without its key',
  'group left open',
  'end of a group never begun',
  'wire type 6',
  'field number 0',
  'key index as bytes',
  'length that runs past the end',
  'length of 2^31',
  'length of 2^64-1',
  "inner length past the record's end",
  'changed by chance, 42',
  'cut short by chance, 15',
]

const indexOutside = [
  'no key table',
  "second record's key index one too high",
  "second record's hash key index one too high",
  'key index 2^64-1',
  'changed by chance, 4',
]

const noHashKey = [
  'hash key 2^128',
  'hash key -1',
  'hash key that is no number',
  'hash key with a blank before it',
  'empty hash key',
  'changed by chance, 2',
]

t.test("where it is not what the KCL gives, by default or with malformed: 'passthrough', there is a reason", (t) => {
  const expected: Partings = {
    unreadable,
    'index outside its table': [...indexOutside, 'a bad key index after a hash key elsewhere'],
    'index cut to 32 bits': ['key index 2^32'],
    'hash key that is none': noHashKey,
  }
  t.same(partings(false), sorted(expected))
  t.end()
})

t.test('so it is with the range of the shard', (t) => {
  const expected: Partings = {
    unreadable,
    'index outside its table': indexOutside,
    'index cut to 32 bits': ['key index 2^32'],
    'hash key that is none, under a range': [...noHashKey, 'hash key with a plus sign', 'hash key -0', 'hash key in Arabic-Indic digits'],
    'checked before the range': ['a bad key index after a hash key elsewhere'],
  }
  t.same(partings(true), sorted(expected))
  t.end()
})

type Partings = Partial<Record<Reason | 'no reason', string[]>>

function partings(ranged: boolean): Partings {
  const found: Partings = {}
  const byChance = new Map<string, number>()
  for (const lookalike of lookalikes) {
    const { record, phase, shard, kcl, kclInRange } = lookalike
    const ours = (['error', 'passthrough'] as const).map((malformed) => outcomes(lookalike, malformed)[ranged ? 'inRange' : 'plain'])
    if (ours.every((outcome) => isDeepStrictEqual(outcome, ranged ? kclInRange : kcl))) continue
    const reason = reasonFor(record, ranged ? shard : undefined) ?? 'no reason'
    const phases = (found[reason] ??= [])
    if (!phase.endsWith('by chance')) phases.push(phase)
    else byChance.set(`${reason}: ${phase}`, (byChance.get(`${reason}: ${phase}`) ?? 0) + 1)
  }
  for (const [name, count] of byChance) {
    const [reason, phase] = name.split(': ') as [Reason, string]
    found[reason]!.push(`${phase}, ${count}`)
  }
  return sorted(found)
}

function sorted(partings: Partings): Partings {
  return Object.fromEntries(Object.entries(partings).map(([reason, phases]) => [reason, [...phases].sort()]))
}
