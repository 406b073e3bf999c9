import t from 'tap'
import { AggregateStream, Aggregator, type AggregatorOptions, ShardMap, aggregate } from '../../lib/index.js'
import { aggregateOf } from '../../fixtures/aggregates.js'
import { caught } from '../../fixtures/reading.js'
import { LAST_HASH_KEY, closed, evenShards, shard } from '../../fixtures/writing.js'

const ways: [string, (options: AggregatorOptions) => unknown][] = [
  ['Aggregator', (options) => new Aggregator(options)],
  ['aggregate', (options) => aggregate([], options)],
  ['AggregateStream', (options) => new AggregateStream(options)],
]

t.test('options that are none are refused at once, in all three ways to write', (t) => {
  const refused: [string, unknown[]][] = [
    ['aggregationEnabled', [null, 0, 1, 'true']],
    ['aggregationMaxSize', [null, 0, -1, 1.5, NaN, Infinity, '100', 5n, 1_048_577, {}]],
    ['aggregationMaxCount', [null, 0, -1, 1.5, NaN, Infinity, '100', 2 ** 53]],
    ['maxRecordSize', [null, 0, -1, 1.5, NaN, Infinity, '100', 10_485_761]],
    ['maxPendingBytes', [null, 0, -1, 1.5, NaN, Infinity, '100', 2 ** 53]],
    ['groupBy', [null, '', 'hashkey', 'Shard', 5, 'shard']],
    ['outerKey', [null, '', 'KPL', true]],
    ['loneRecord', [null, '', 'Raw', false]],
    ['shards', [null, 5, true, 'shards', {}, Symbol('shards')]],
  ]
  for (const [way, make] of ways) {
    for (const [name, values] of refused) {
      for (const value of values) {
        t.equal(caught(() => make({ [name]: value })).code, 'ERR_KPL_INVALID_ARGUMENT', `${way}: ${name}: ${typeof value} ${String(value)}`)
      }
    }
    for (const options of [null, 5, 'text', true]) t.equal(caught(() => make(options as never)).code, 'ERR_KPL_INVALID_ARGUMENT', `${way}: options ${options}`)
  }
  t.end()
})

t.test('onRejected must be a function', (t) => {
  for (const onRejected of [null, 5, 'text', {}]) {
    t.equal(caught(() => aggregate([], { onRejected } as never)).code, 'ERR_KPL_INVALID_ARGUMENT')
    t.equal(caught(() => new AggregateStream({ onRejected } as never)).code, 'ERR_KPL_INVALID_ARGUMENT')
  }
  t.end()
})

t.test('shards that are none are refused at once', (t) => {
  const holed = [shard('a', 0n, 5n), shard('b', 7n, LAST_HASH_KEY)]
  for (const [way, make] of ways) {
    for (const shards of [holed, [null], ['shardId-000000000000'], [shard('a', 5n, 4n)]]) {
      t.equal(caught(() => make({ shards } as never)).code, 'ERR_KPL_INVALID_SHARDS', way)
    }
  }
  t.end()
})

t.test("groupBy: 'shard' without shards is refused", (t) => {
  for (const [way, make] of ways) t.equal(caught(() => make({ groupBy: 'shard' })).code, 'ERR_KPL_INVALID_ARGUMENT', way)
  t.end()
})

t.test('no more than maxRecordSize can be aggregationMaxSize', (t) => {
  for (const [way, make] of ways) {
    t.equal(caught(() => make({ maxRecordSize: 1000, aggregationMaxSize: 1001 })).code, 'ERR_KPL_INVALID_ARGUMENT', way)
    t.doesNotThrow(() => make({ maxRecordSize: 1000, aggregationMaxSize: 1000 }), way)
  }
  t.end()
})

t.test('the ends of every option are taken, and undefined is the default', (t) => {
  const taken: AggregatorOptions[] = [
    {},
    { aggregationEnabled: true },
    { aggregationEnabled: false },
    { aggregationMaxSize: 1 },
    { aggregationMaxSize: 10_485_760, maxRecordSize: 10_485_760 },
    { aggregationMaxCount: 1 },
    { aggregationMaxCount: Number.MAX_SAFE_INTEGER },
    { maxRecordSize: 1 },
    { maxPendingBytes: 1 },
    { maxPendingBytes: Number.MAX_SAFE_INTEGER },
    { shards: [] },
    { shards: [closed(shard('a', 0n, 5n))] },
    { shards: evenShards(2) },
    { shards: new Set(evenShards(2)) },
    { shards: new ShardMap(evenShards(2)) },
    { shards: () => undefined },
    { groupBy: 'hashKey', shards: evenShards(2) },
    { groupBy: 'none', outerKey: 'first', loneRecord: 'wrap' },
    { aggregationEnabled: undefined, aggregationMaxSize: undefined, aggregationMaxCount: undefined, maxRecordSize: undefined, maxPendingBytes: undefined },
    { shards: undefined, groupBy: undefined, outerKey: undefined, loneRecord: undefined },
  ]
  for (const [way, make] of ways) for (const options of taken) t.doesNotThrow(() => make(Object.freeze(options)), way)
  t.end()
})

t.test('by default: 51,200 bytes an aggregate, grouped by hash key, the first outer key, a lone record raw', (t) => {
  const aggregator = new Aggregator()
  const record = { partitionKey: 'a', data: Buffer.alloc(1000) }
  const entries = Array.from({ length: 60 }, () => aggregator.add(record)).flat()
  t.equal(entries.length, 1)
  t.equal(entries[0]!.userRecords.length, 50, '51 records of 1,008 bytes would be more')
  t.same(entries[0]!.Data, aggregateOf(Array(50).fill(record)))
  t.equal(entries[0]!.PartitionKey, 'a')
  aggregator.flush()
  for (const partitionKey of ['a', 'b']) aggregator.add({ partitionKey, data: partitionKey })
  t.same(aggregator.flush().map((entry) => ({ ...entry })), [{ Data: Buffer.from('a'), PartitionKey: 'a' }, { Data: Buffer.from('b'), PartitionKey: 'b' }])
  t.end()
})

t.test('by default an aggregate is no larger than a smaller maxRecordSize allows', (t) => {
  const aggregator = new Aggregator({ maxRecordSize: 100 })
  const entries = Array.from({ length: 50 }, () => aggregator.add({ partitionKey: 'a', data: 'x' })).flat()
  // Frame 20, table entry 3, records of 7, outer key 1: ten records are 94 bytes, eleven are 101.
  t.same([...new Set(entries.map(({ size, userRecords }) => `${userRecords.length} records, ${size} bytes`))], ['10 records, 94 bytes'])
  t.end()
})
