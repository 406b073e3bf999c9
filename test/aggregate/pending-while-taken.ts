import t from 'tap'
import { AggregateStream, Aggregator, type PutRecordsEntry } from '../../lib/index.js'
import { turn } from '../../fixtures/streams.js'

// pendingRecords and pendingBytes count what is complete until it is taken, one entry at a time.

const record = (group: number, n: number) => ({ partitionKey: `key ${group}`, data: `${n}`.repeat(group) })
/** So many groups of 1 to 3 user records, by turns. */
const grouped = (groups: number) => [0, 1, 2].flatMap((round) => Array.from({ length: groups }, (_, n) => record(n, round)).filter((_, n) => n % 3 >= round))
/** What each group costs by itself. */
const costs = (groups: number) => Array.from({ length: groups }, (_, n) => {
  const aggregator = new Aggregator()
  for (let round = 0; round <= n % 3; round++) aggregator.add(record(n, round))
  return aggregator.pendingBytes
})
const sum = (list: number[]) => list.reduce((total, each) => total + each, 0)

for (const groups of [1, 2, 3, 16, 17, 40]) {
  for (const way of ['flush', 'end'] as const) {
    t.test(`${groups} groups leave by ${way}, one at a time`, async (t) => {
      const stream = new AggregateStream({ highWaterMark: 1, recordMaxBufferedTime: Infinity, maxPendingBytes: 2 ** 30 })
      const records = grouped(groups)
      for (const each of records) stream.write(each)
      t.equal(stream.pendingRecords, records.length)
      t.equal(stream.pendingBytes, sum(costs(groups)))
      if (way === 'flush') stream.flush()
      else stream.end()
      const each = costs(groups)
      const left: number[] = []
      for (let taken = 0; taken < groups; taken++) {
        await turn()
        // What waits to be read has left.
        const out = taken + stream.readableLength
        left.push(groups - out)
        t.equal(stream.readableLength, 1)
        t.equal(stream.pendingRecords, sum(each.slice(out).map((_, n) => (out + n) % 3 + 1)), `${out} have left`)
        t.equal(stream.pendingBytes, sum(each.slice(out)), `${out} have left`)
        t.equal((stream.read() as PutRecordsEntry).PartitionKey, `key ${taken}`)
      }
      t.same(left, Array.from({ length: groups }, (_, n) => groups - 1 - n))
      t.equal(stream.pendingRecords, 0)
      t.equal(stream.pendingBytes, 0)
      stream.destroy()
    })
  }
}

t.test('in a pipe, and after some were taken: what has not left is counted', async (t) => {
  const stream = new AggregateStream({ highWaterMark: 1, recordMaxBufferedTime: Infinity })
  for (const each of grouped(20)) stream.write(each)
  stream.flush()
  for (let n = 0; n < 5; n++) await turn().then(() => stream.read())
  await turn()
  const rest = costs(20).slice(6)
  t.equal(stream.pendingBytes, sum(rest))
  const entries = stream.takePending()
  t.equal(entries.length, 15)
  t.same([stream.pendingRecords, stream.pendingBytes], [0, 0])
  stream.write(record(0, 0))
  t.same([stream.pendingRecords, stream.pendingBytes], [1, costs(1)[0]])
  stream.destroy()
})

t.test('of an Aggregator nothing that it has returned', (t) => {
  const aggregator = new Aggregator({ aggregationMaxCount: 2 })
  let pending = 0
  for (const each of grouped(30)) {
    pending++
    for (const entry of aggregator.add(each)) pending -= entry.userRecords.length
    t.equal(aggregator.pendingRecords, pending)
  }
  aggregator.flush()
  t.same([aggregator.pendingRecords, aggregator.pendingBytes], [0, 0])
  t.end()
})
