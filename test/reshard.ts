// A shard's hash key range: an aggregate with a user record outside it is hidden whole,
// as the KCL hides it. The two reshard cases were written while a shard was split.
import t from 'tap'
import { asExpected, differences } from '../fixtures/compare.js'
import { type FixtureUserRecord, type KplCase, kplCaseNames, loadKplCase } from '../fixtures/load.js'
import { type UserRecord, deaggregate } from '../lib/index.js'

/** Every shard read by itself, as consumers do it, with its range; then in the order of the file. */
function readByShard({ records, info }: KplCase): { delivered: FixtureUserRecord[]; hidden: FixtureUserRecord[]; calls: number } {
  const delivered: UserRecord[] = []
  const hidden: UserRecord[] = []
  let calls = 0
  for (const hashKeyRange of info.shards) {
    const ofShard = records.filter(({ shardId }) => shardId === hashKeyRange.shardId)
    const onHidden = (records: readonly UserRecord[]) => {
      calls++
      hidden.push(...records)
    }
    delivered.push(...deaggregate(ofShard, { hashKeyRange, onHidden, malformed: 'passthrough' }))
  }
  return { delivered: inFileOrder(asExpected(delivered, records)), hidden: inFileOrder(asExpected(hidden, records)), calls }
}

function inFileOrder(userRecords: FixtureUserRecord[]): FixtureUserRecord[] {
  return userRecords.sort((a, b) => a.record - b.record || a.subSequenceNumber - b.subSequenceNumber)
}

/** User records by what the user gave: partition key and data. */
function contents(userRecords: readonly { partitionKey: string; data: Buffer }[]): Set<string> {
  return new Set(userRecords.map(({ partitionKey, data }) => JSON.stringify([partitionKey, data.toString('base64')])))
}

for (const [name, missing] of [['reshard', 12], ['kpl11-reshard', 0]] as const) {
  t.test(name, (t) => {
    const kplCase = loadKplCase(name)
    const { userRecords, userRecordsInRange, sent } = kplCase
    const { delivered, hidden, calls } = readByShard(kplCase)
    t.strictSame(differences(delivered, userRecordsInRange).slice(0, 5), [], 'what is delivered is what the KCL delivers in range')
    t.strictSame(differences(inFileOrder([...delivered, ...hidden]), userRecords).slice(0, 5), [], 'with what onHidden is told it is everything')
    t.ok(hidden.length > 0, `${hidden.length} user records are hidden`)
    t.equal(calls, new Set(hidden.map(({ record }) => record)).size, 'onHidden is called once for each aggregate that is hidden')

    const seen = contents(delivered)
    const lost = [...contents(sent.filter(({ successful }) => successful))].filter((content) => !seen.has(content))
    t.equal(lost.length, missing, `of the user records that the KPL reported as delivered, ${missing} are never seen`)
    const known = contents(hidden)
    t.ok(lost.every((content) => known.has(content)), 'onHidden is told of every one of them')
    t.end()
  })
}

t.test('without onHidden the same is delivered, and nothing is said', (t) => {
  const kplCase = loadKplCase('reshard')
  const delivered = kplCase.info.shards.flatMap((hashKeyRange) => {
    return [...deaggregate(kplCase.records.filter(({ shardId }) => shardId === hashKeyRange.shardId), { hashKeyRange })]
  })
  t.equal(delivered.length, kplCase.userRecordsInRange.length)
  t.end()
})

t.test('where no shard was split nothing is hidden', (t) => {
  for (const name of kplCaseNames().filter((name) => !name.includes('reshard') && name !== 'lookalikes')) {
    const kplCase = loadKplCase(name)
    const { delivered, hidden } = readByShard(kplCase)
    t.strictSame([...differences(delivered, kplCase.userRecords).slice(0, 5), hidden.length], [0], name)
  }
  t.end()
})
