import t from 'tap'
import { Aggregator, type AggregatorOptions } from '../../lib/index.js'
import { aggregateOf } from '../../fixtures/aggregates.js'
import { caught } from '../../fixtures/reading.js'
import { evenShards } from '../../fixtures/writing.js'

// aggregationEnabled: false, for streams with service-managed partition keys: every
// record leaves raw, alone and at once, whatever the other options say.

const others: AggregatorOptions[] = [
  {},
  { loneRecord: 'wrap' },
  { outerKey: 'kpl' },
  { groupBy: 'none', loneRecord: 'wrap', outerKey: 'kpl' },
  { shards: evenShards(2), outerKey: 'kpl' },
  { shards: () => evenShards(2) },
  { aggregationMaxSize: 1, maxPendingBytes: 1, aggregationMaxCount: 1 },
]

t.test('nothing is ever wrapped, held back or given another key', (t) => {
  const records = [
    { partitionKey: 'a', data: 'x' },
    { partitionKey: 'a', data: '' },
    { partitionKey: 'b', data: Buffer.alloc(60_000), explicitHashKey: '007' },
    { partitionKey: '水', data: aggregateOf([{ partitionKey: 'a', data: 'looks like an aggregate, and is one' }]) },
    { partitionKey: 'a', data: 'x', tags: [] },
  ]
  for (const options of others) {
    const aggregator = new Aggregator({ ...options, aggregationEnabled: false })
    for (const record of records) {
      const entries = aggregator.add(record)
      const expected = { Data: Buffer.from(record.data as string), PartitionKey: record.partitionKey }
      const explicit = 'explicitHashKey' in record ? { ExplicitHashKey: '7' } : {}
      t.strictSame(entries.map((entry) => ({ ...entry })), [{ ...expected, ...explicit }], JSON.stringify(options))
      t.equal(entries[0]!.aggregated, false)
      t.same(entries[0]!.userRecords, [record])
    }
    t.equal(aggregator.pendingRecords, 0)
    t.same(aggregator.flush(), [])
  }
  t.end()
})

t.test('a raw record cannot carry tags: ERR_KPL_INVALID_INPUT', (t) => {
  for (const options of others) {
    const aggregator = new Aggregator({ ...options, aggregationEnabled: false })
    const record = { partitionKey: 'a', data: 'x', tags: [{ key: 'k' }] }
    const error = caught(() => aggregator.add(record))
    t.equal(error.code, 'ERR_KPL_INVALID_INPUT', JSON.stringify(options))
    t.equal(error.input, record)
    t.equal(aggregator.pendingRecords, 0)
  }
  t.end()
})

t.test('the shard is predicted all the same', (t) => {
  const aggregator = new Aggregator({ aggregationEnabled: false, shards: evenShards(4) })
  t.equal(aggregator.add({ partitionKey: 'a', data: '', explicitHashKey: '0' })[0]!.shardId, 's0')
  t.equal(aggregator.add({ partitionKey: 'a', data: '', explicitHashKey: String(2n ** 127n) })[0]!.shardId, 's2')
  t.end()
})
