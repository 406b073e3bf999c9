import t from 'tap'
import { Aggregator, type AggregatorOptions, ShardMap, type UserRecordInput, hashKey } from '../../lib/index.js'
import { draw } from '../../fixtures/random.js'
import { LAST_HASH_KEY, closed, contents, evenShards, shard, shardsFrom } from '../../fixtures/writing.js'

const groups = (records: readonly UserRecordInput[], options?: AggregatorOptions) => {
  const aggregator = new Aggregator(options)
  return contents([...records.flatMap((record) => aggregator.add(record)), ...aggregator.flush()])
}
// Explicit hash keys at both ends of two shards: 0 to 99, and the rest.
const shards = shardsFrom(['low', 0n], ['high', 100n])
const records = [
  { partitionKey: 'a', explicitHashKey: '0', data: '1' },
  { partitionKey: 'b', explicitHashKey: '100', data: '2' },
  { partitionKey: 'c', explicitHashKey: '99', data: '3' },
  { partitionKey: 'd', explicitHashKey: '0', data: '4' },
  { partitionKey: 'e', explicitHashKey: String(LAST_HASH_KEY), data: '5' },
]
const byHashKey = [['a#0=1', 'd#0=4'], ['b=2'], ['c=3'], ['e=5']]
const byShard = [['a#0=1', 'c#99=3', 'd#0=4'], ['b#100=2', `e#${LAST_HASH_KEY}=5`]]
const all = [['a#0=1', 'b#100=2', 'c#99=3', 'd#0=4', `e#${LAST_HASH_KEY}=5`]]

t.test("'hashKey', the default without shards: only one hash key's records share an aggregate", (t) => {
  t.same(groups(records), byHashKey)
  t.same(groups(records, { groupBy: 'hashKey' }), byHashKey)
  t.same(groups(records, { groupBy: 'hashKey', shards }), byHashKey, 'with shards too')
  t.end()
})

t.test("'shard', the default with shards: one shard's records share an aggregate", (t) => {
  for (const source of [shards, new Set(shards), new ShardMap(shards), () => shards, () => new ShardMap(shards)]) {
    t.same(groups(records, { shards: source }), byShard)
    t.same(groups(records, { shards: source, groupBy: 'shard' }), byShard)
  }
  t.end()
})

t.test("'none': everything shares an aggregate", (t) => {
  t.same(groups(records, { groupBy: 'none' }), all)
  t.same(groups(records, { groupBy: 'none', shards }), all, 'with shards too')
  t.end()
})

t.test('shards that are not known yet: grouped by hash key meanwhile', (t) => {
  const parents = [closed(shard('parent', 0n, LAST_HASH_KEY))]
  for (const source of [[], parents, () => undefined, () => [], () => parents]) t.same(groups(records, { shards: source }), byHashKey)
  t.end()
})

t.test('closed parents beside their children, as ListShards gives them, are left aside', (t) => {
  t.same(groups(records, { shards: [closed(shard('parent', 0n, LAST_HASH_KEY)), ...shards] }), byShard)
  t.same(groups(records, { shards: () => [...shards, closed(shard('parent', 0n, LAST_HASH_KEY))] }), byShard)
  t.end()
})

t.test('an iterable of shards that can be read only once is read once, however many passes there are', (t) => {
  const aggregator = new Aggregator({ shards: shards.values() })
  for (const _ of [1, 2]) {
    for (const record of records) aggregator.add(record)
    t.same(contents(aggregator.flush()), byShard)
  }
  t.end()
})

t.test("a map of the package's other copy (ESM, CommonJS) is a map", (t) => {
  const own = new ShardMap(shards)
  const foreign = { shards: own.shards, shardFor: (key: bigint) => own.shardFor(key) } as unknown as ShardMap
  t.same(groups(records, { shards: foreign }), byShard)
  t.same(groups(records, { shards: () => foreign }), byShard)
  t.end()
})

t.test('shardId is the shard that the entry goes to, however it is grouped; undefined without a map', (t) => {
  const random = draw(t, 13)
  const wrong: string[] = []
  for (const groupBy of ['hashKey', 'shard', 'none'] as const) {
    for (const outerKey of ['first', 'kpl'] as const) {
      for (const loneRecord of ['raw', 'wrap'] as const) {
        const map = new ShardMap(evenShards(5))
        const aggregator = new Aggregator({ shards: map, groupBy, outerKey, loneRecord, aggregationMaxCount: 3 })
        const given = Array.from({ length: 100 }, () => ({ partitionKey: random.text(2), explicitHashKey: random.pick([undefined, undefined, '0', String(LAST_HASH_KEY)]), data: 'x' }))
        for (const entry of [...given.flatMap((record) => aggregator.add(record)), ...aggregator.flush()]) {
          const shardId = (key: string, explicit?: string) => map.shardFor(hashKey(key, explicit)).ShardId
          if (entry.shardId !== shardId(entry.PartitionKey, entry.ExplicitHashKey)) wrong.push(`${groupBy}, ${outerKey}: the entry`)
          const members = entry.userRecords.map(({ partitionKey, explicitHashKey }) => shardId(partitionKey, explicitHashKey))
          if (groupBy !== 'none' && members.some((id) => id !== entry.shardId)) wrong.push(`${groupBy}, ${outerKey}: its user records`)
        }
      }
    }
  }
  t.same(wrong, [])
  for (const options of [{}, { shards: [] }, { shards: () => undefined }]) {
    const aggregator = new Aggregator(options)
    aggregator.add({ partitionKey: 'a', data: '' })
    t.equal(aggregator.flush()[0]!.shardId, undefined)
  }
  t.end()
})
