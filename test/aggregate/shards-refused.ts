import t from 'tap'
import { AggregateStream, Aggregator, type Shard, type ShardSource, aggregate } from '../../lib/index.js'
import { caught, readUntilError } from '../../fixtures/reading.js'
import { LAST_HASH_KEY, contents, evenShards, shard } from '../../fixtures/writing.js'

// A function for `shards` that throws, or gives what is no map: `add` throws, nothing
// changes, and it is never taken for the record's fault.

const own = new Error('own')
const hole = [shard('a', 0n, 5n), shard('b', 7n, LAST_HASH_KEY)]
const bad: [string, () => ShardSource | undefined, Error | { code: string }][] = [
  ['throwing', () => { throw own }, own],
  ['a hole', () => hole, { code: 'ERR_KPL_INVALID_SHARDS' }],
  ['no shards', () => [null] as unknown as Shard[], { code: 'ERR_KPL_INVALID_SHARDS' }],
  ['null', () => null as unknown as Shard[], { code: 'ERR_KPL_INVALID_SHARDS' }],
  ['a promise', () => Promise.resolve(evenShards(1)) as unknown as Shard[], { code: 'ERR_KPL_INVALID_SHARDS' }],
  ['a text', () => 'shards' as unknown as Shard[], { code: 'ERR_KPL_INVALID_SHARDS' }],
]
const record = (partitionKey: string) => ({ partitionKey, data: partitionKey })

t.test('add throws, nothing changes, and the next add asks again', (t) => {
  for (const [name, shards, error] of bad) {
    let source = (): ShardSource | undefined => undefined
    const aggregator = new Aggregator({ shards: () => source() })
    aggregator.add(record('a'))
    aggregator.add(record('b'))
    const bytes = aggregator.pendingBytes
    source = shards
    for (const again of [1, 2]) {
      t.throws(() => aggregator.add(record('c')), error, `${name}, ${again}`)
      t.equal(aggregator.pendingRecords, 2)
      t.equal(aggregator.pendingBytes, bytes)
    }
    source = () => evenShards(1)
    aggregator.add(record('d'))
    t.same(contents(aggregator.flush()), [['a=a', 'b=b', 'd=d']], name)
  }
  t.end()
})

t.test('the map that was known is kept meanwhile', (t) => {
  for (const [name, shards] of bad) {
    let source = (): ShardSource | undefined => evenShards(1)
    const aggregator = new Aggregator({ shards: () => source() })
    aggregator.add(record('a'))
    source = shards
    t.throws(() => aggregator.add(record('b')))
    const [entry] = aggregator.flush()
    t.equal(entry!.shardId, 's0', name)
  }
  t.end()
})

t.test('aggregate gives out all that is pending, then throws; onRejected is not told', (t) => {
  for (const [name, shards, error] of bad) {
    let calls = 0
    const entries = aggregate(['a', 'b', 'c'].map(record), { shards: () => (calls++ < 2 ? undefined : shards()), onRejected: () => t.fail('told') })
    const { given, error: thrown } = readUntilError(entries)
    t.same(contents(given), [['a=a'], ['b=b']], name)
    t.match(thrown, error, name)
  }
  t.end()
})

t.test('a stream fails; onRejected is not told', async (t) => {
  for (const [name, shards, error] of bad) {
    let calls = 0
    const stream = new AggregateStream({ shards: () => (calls++ < 2 ? undefined : shards()), onRejected: () => t.fail('told') })
    for (const key of ['a', 'b', 'c']) stream.write(record(key))
    await t.rejects(async () => { for await (const _ of stream) t.fail('nothing is due yet') }, error, name)
    t.same(contents(stream.takePending()), [['a=a'], ['b=b']], `${name}: takePending`)
  }
})

t.test('given as they are, and not by a function, they are refused at once', (t) => {
  t.equal(caught(() => new Aggregator({ shards: hole })).code, 'ERR_KPL_INVALID_SHARDS')
  t.end()
})
