import t from 'tap'
import { type Shard, ShardMap } from '../../lib/index.js'
import { caught } from '../../fixtures/reading.js'
import { LAST_HASH_KEY, closed, evenShards, shard, shardsFrom } from '../../fixtures/writing.js'

t.test('the first and the last hash key of each shard are its own', (t) => {
  for (const count of [1, 2, 3, 5, 64, 1000]) {
    const shards = evenShards(count)
    const map = new ShardMap(shards)
    const wrong = shards.filter((shard) => {
      const { StartingHashKey, EndingHashKey } = shard.HashKeyRange!
      return map.shardFor(BigInt(StartingHashKey!)) !== shard || map.shardFor(BigInt(EndingHashKey!)) !== shard
    })
    t.same(wrong, [], `${count} shards`)
  }
  t.end()
})

t.test('shards of one hash key, at both ends too', (t) => {
  const map = new ShardMap(shardsFrom(['first', 0n], ['one', 1n], ['rest', 2n], ['last', LAST_HASH_KEY]))
  const found = [0n, 1n, 2n, LAST_HASH_KEY - 1n, LAST_HASH_KEY].map((hashKey) => map.shardFor(hashKey).ShardId)
  t.same(found, ['first', 'one', 'rest', 'rest', 'last'])
  t.end()
})

t.test('the very shards that were given, the open ones, by their hash keys', (t) => {
  const [a, b, c] = shardsFrom(['a', 0n], ['b', 10n], ['c', 20n])
  const map = new ShardMap([c!, closed(shard('parent', 0n, 19n)), a!, b!])
  t.equal(map.shards.length, 3)
  for (const [n, shard] of [a, b, c].entries()) t.equal(map.shards[n], shard)
  t.equal(map.shardFor(15n), b)
  t.throws(() => (map.shards as Shard[]).push(a!), TypeError, 'nobody can change them')
  t.end()
})

t.test('any iterable of shards; what the SDK leaves open is open', (t) => {
  const [a, b] = evenShards(2)
  t.equal(new ShardMap(new Set([a!, b!])).shards.length, 2)
  const open = [{ ...a!, SequenceNumberRange: { StartingSequenceNumber: '49' } }, { ...b!, SequenceNumberRange: { EndingSequenceNumber: undefined } }]
  t.equal(new ShardMap(open).shards.length, 2)
  const asJson = [{ ...a!, SequenceNumberRange: null }, { ...b!, SequenceNumberRange: { EndingSequenceNumber: null } }]
  t.equal(new ShardMap(asJson as unknown as Shard[]).shards.length, 2)
  t.end()
})

t.test('all hash keys exactly once: else ERR_KPL_INVALID_SHARDS', (t) => {
  const [a, b, c] = shardsFrom(['a', 0n], ['b', 10n], ['c', 20n])
  const cases: [string, unknown][] = [
    ['none', []],
    ['none open', [closed(shard('a', 0n, LAST_HASH_KEY))]],
    ['a hole at the beginning', [b, c]],
    ['a hole', [a, c]],
    ['a hole at the end', [a, b]],
    ['a hole of one hash key at the beginning', [shard('a', 1n, LAST_HASH_KEY)]],
    ['a hole of one hash key', [shard('a', 0n, 8n), shard('b', 10n, LAST_HASH_KEY)]],
    ['a hole of one hash key at the end', [shard('a', 0n, LAST_HASH_KEY - 1n)]],
    ['an overlap of one hash key', [shard('a', 0n, 10n), shard('b', 10n, LAST_HASH_KEY)]],
    ['the same shard twice', [a, a, b, c]],
    ['a parent beside its children, not closed', [shard('parent', 0n, LAST_HASH_KEY), a, b, c]],
    ['a shard in another', [shard('a', 0n, LAST_HASH_KEY), shard('b', 10n, 20n)]],
    ['a closed shard in the place of an open one', [a, closed(b!), c]],
    ['no range', [{ ShardId: 'a', HashKeyRange: undefined }]],
    ['half a range', [{ ShardId: 'a', HashKeyRange: { StartingHashKey: '0', EndingHashKey: undefined } }]],
    ['a range that is no number', [{ ShardId: 'a', HashKeyRange: { StartingHashKey: '0', EndingHashKey: 'end' } }]],
    ['a range upside down', [{ ShardId: 'a', HashKeyRange: { StartingHashKey: '5', EndingHashKey: '4' } }]],
    ['a range beyond the last hash key', [shard('a', 0n, LAST_HASH_KEY + 1n)]],
    ['no shards', [null]],
    ['texts', ['shardId-000000000000']],
    ['no iterable', { Shards: [a] }],
    ['nothing', undefined],
    ['null', null],
    ['a text', 'shards'],
  ]
  for (const [name, shards] of cases) t.equal(caught(() => new ShardMap(shards as Shard[])).code, 'ERR_KPL_INVALID_SHARDS', name)
  t.end()
})

t.test('a hash key is a bigint from 0 to 2^128-1', (t) => {
  const map = new ShardMap(evenShards(3))
  for (const hashKey of [-1n, LAST_HASH_KEY + 1n, 0, '0', undefined, null, {}]) {
    t.equal(caught(() => map.shardFor(hashKey as bigint)).code, 'ERR_KPL_INVALID_ARGUMENT', `${typeof hashKey} ${hashKey}`)
  }
  t.end()
})
