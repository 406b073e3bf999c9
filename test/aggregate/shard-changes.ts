import t from 'tap'
import { Aggregator, type Shard, ShardMap, type ShardSource, hashKey } from '../../lib/index.js'
import { aggregateOf } from '../../fixtures/aggregates.js'
import { draw } from '../../fixtures/random.js'
import { LAST_HASH_KEY, closed, contents, evenShards, shard, shardsFrom } from '../../fixtures/writing.js'

// `shards` as a function: whenever the map has changed, all that is pending is grouped
// anew, in the order it came, before anything leaves.

const record = (hashKey: bigint, data: string) => ({ partitionKey: 'k', explicitHashKey: String(hashKey), data })
const one = evenShards(1)
const two = shardsFrom(['low', 0n], ['high', 100n])
const three = shardsFrom(['a', 0n], ['b', 50n], ['c', 100n])
/** The data of what each entry holds. */
const data = (entries: Parameters<typeof contents>[0]) => contents(entries).map((texts) => texts.map((text) => text.split('=')[1]).join(' '))

/** Adds records 1 to 4 under one source of shards, and 5 under another. */
const changed = (before: ShardSource | undefined, after: ShardSource | undefined, options = {}) => {
  let shards = before
  const aggregator = new Aggregator({ shards: () => shards, ...options })
  for (const [key, text] of [[10n, '1'], [110n, '2'], [60n, '3'], [10n, '4']] as const) aggregator.add(record(key, text))
  shards = after
  return data([...aggregator.add(record(60n, '5')), ...aggregator.flush()])
}

t.test('known at last', (t) => {
  t.same(changed(undefined, undefined), ['1 4', '2', '3 5'], 'by hash key as long as they are not known')
  t.same(changed(undefined, one), ['1 2 3 4 5'])
  t.same(changed(undefined, two), ['1 3 4 5', '2'])
  t.same(changed([], new ShardMap(two)), ['1 3 4 5', '2'])
  t.same(changed([closed(shard('parent', 0n, LAST_HASH_KEY))], two), ['1 3 4 5', '2'])
  t.end()
})

t.test('a split, with the closed parent beside its children', (t) => {
  t.same(changed(two, [...two, ...three].map((shard) => (two.includes(shard) ? closed(shard) : shard))), ['1 4', '2', '3 5'])
  t.same(changed(one, three), ['1 4', '2', '3 5'])
  t.end()
})

t.test('a merge', (t) => {
  t.same(changed(three, two), ['1 3 4 5', '2'])
  t.same(changed(three, one), ['1 2 3 4 5'])
  t.end()
})

t.test('a border that moves', (t) => {
  t.same(changed(two, shardsFrom(['low', 0n], ['high', 60n])), ['1 4', '2 3 5'])
  t.end()
})

t.test('not known any more', (t) => {
  t.same(changed(one, undefined), ['1 4', '2', '3 5'])
  t.same(changed(one, []), ['1 4', '2', '3 5'])
  t.end()
})

t.test('the same shards in a new object, in any form and order, are no change', (t) => {
  for (const again of [[...two], [...two].reverse(), new ShardMap(two), structuredClone(two), new Set(two)]) t.same(changed(two, again), ['1 3 4 5', '2'])
  t.end()
})

t.test('other groupings stay as they are', (t) => {
  t.same(changed(one, three, { groupBy: 'none' }), ['1 2 3 4 5'])
  t.same(changed(one, three, { groupBy: 'hashKey' }), ['1 4', '2', '3 5'])
  let shards: Shard[] = one
  const aggregator = new Aggregator({ shards: () => shards, groupBy: 'none' })
  aggregator.add(record(110n, '1'))
  shards = two
  aggregator.add(record(10n, '2'))
  t.equal(aggregator.flush()[0]!.shardId, 'high', 'the predicted shard is that of the new map')
  t.end()
})

t.test('grouped anew before anything leaves', (t) => {
  const run = (options: object, last: object = record(60n, '5')) => {
    let shards: ShardSource | undefined
    const aggregator = new Aggregator({ shards: () => shards, ...options })
    for (const [key, text] of [[10n, '1'], [110n, '2'], [60n, '3'], [10n, '4']] as const) t.same(aggregator.add(record(key, text)), [])
    shards = two
    return [data(aggregator.add(last as never)), data(aggregator.flush())]
  }
  t.same(run({ aggregationMaxCount: 3 }), [['1 3 4'], ['2', '5']], 'what is full by it leaves, in the order of arrival')
  t.same(run({ aggregationMaxCount: 4 }), [['1 3 4 5'], ['2']])
  const large = { ...record(60n, 'x'.repeat(60_000)) }
  t.same(run({}, large), [['1 3 4', large.data], ['2']], 'a record that leaves alone closes its new group')
  const small = aggregateOf([record(10n, '1'), record(60n, '3')]).length
  t.same(run({ aggregationMaxSize: small }), [['1 3'], ['2', '4 5']], 'what does not fit begins another')
  t.end()
})

t.test('what was pending is the same afterwards: keys, data, tags, objects', (t) => {
  let shards: ShardSource | undefined
  const aggregator = new Aggregator({ shards: () => shards, loneRecord: 'wrap' })
  const records = [
    { partitionKey: '水', data: Buffer.from([0, 255]), tags: [{ key: 'k', value: 'v' }, { key: '' }] },
    { partitionKey: '😀', data: '水', explicitHashKey: '007' },
    { partitionKey: '__proto__', data: '' },
    { partitionKey: '水', data: Buffer.alloc(20_000, 'x') },
  ]
  for (const record of records) aggregator.add(record)
  shards = one
  const last = { partitionKey: 'last', data: 'x' }
  aggregator.add(last)
  const bytes = aggregator.pendingBytes
  const [entry, ...more] = aggregator.flush()
  t.same(more, [])
  t.same(entry!.Data, aggregateOf([...records.map((record) => (record.explicitHashKey === undefined ? record : { ...record, explicitHashKey: '7' })), last]))
  t.equal(bytes, entry!.Data.length + 512)
  for (const [n, record] of [...records, last].entries()) t.equal(entry!.userRecords[n], record)
  t.end()
})

t.test('the function is called once for each add, and its object looked into only when it is another one', (t) => {
  let calls = 0
  let looks = 0
  const shards = { [Symbol.iterator]: () => (looks++, one[Symbol.iterator]()) }
  const aggregator = new Aggregator({ shards: () => (calls++, shards) })
  t.equal(calls, 0, 'not before the first add')
  for (let n = 1; n <= 50; n++) {
    aggregator.add(record(BigInt(n), ''))
    t.equal(calls, n)
  }
  for (let n = 51; n <= 60; n++) {
    aggregator.add({ partitionKey: 'a', data: Buffer.of(n) })
    t.equal(calls, n, 'for bytes of a key that was there before too')
  }
  aggregator.flush()
  t.equal(calls, 60, 'not by flush')
  t.equal(looks, 1)
  t.end()
})

t.test('maps that change again and again: order within a hash key, and shards that were right', (t) => {
  const random = draw(t, 14)
  const wrong: string[] = []
  let regrouped = 0
  for (let round = 0; round < 40; round++) {
    let map: ShardMap | undefined
    const keys = Array.from({ length: 15 }, (_, n) => `key ${n}`)
    const records = Array.from({ length: 300 }, (_, n) => ({ partitionKey: random.pick(keys), data: `${n}${'x'.repeat(random.below(60))}` }))
    const aggregator = new Aggregator<(typeof records)[number]>({ shards: () => map, aggregationMaxCount: random.pick([3, 20]), aggregationMaxSize: random.pick([120, 2000]), maxPendingBytes: random.pick([3000, 1e6]) })
    const out: typeof records = []
    for (const record of records) {
      if (random.oneIn(20)) {
        map = random.pick([undefined, new ShardMap(evenShards(random.between(1, 6)))])
        regrouped++
      }
      for (const { userRecords, shardId } of aggregator.add(record)) {
        out.push(...userRecords)
        const hashKeys = userRecords.map(({ partitionKey }) => hashKey(partitionKey))
        const groups = new Set(hashKeys.map((key) => (map === undefined ? key : map.shardFor(key).ShardId)))
        if (groups.size !== 1) wrong.push(`round ${round}: user records of ${groups.size} groups in one aggregate`)
        if (map !== undefined && !groups.has(shardId)) wrong.push(`round ${round}: ${shardId} was predicted`)
      }
    }
    out.push(...aggregator.flush().flatMap(({ userRecords }) => userRecords))
    for (const key of keys) {
      const [before, after] = [records, out].map((list) => list.filter(({ partitionKey }) => partitionKey === key))
      if (before!.length !== after!.length || before!.some((record, n) => record !== after![n])) wrong.push(`round ${round}: the records of ${key}`)
    }
  }
  t.same(wrong, [])
  t.ok(regrouped > 300, `${regrouped} changes`)
  t.end()
})
