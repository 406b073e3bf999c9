import t from 'tap'
import { AggregateStream, Aggregator, ShardMap, type PutRecordsEntry, type UserRecordInput, aggregate, encodeAggregate } from '../../lib/index.js'
import { onAllocation } from '../../fixtures/allocations.js'
import { arrays, collect } from '../../fixtures/collect.js'
import { turn } from '../../fixtures/streams.js'
import { evenShards } from '../../fixtures/writing.js'
import { draw } from '../../fixtures/random.js'

// A full aggregate leaves in the memory in which it was written: nothing else is ever
// written there, and little else is kept alive by it.

const record = (partitionKey: string, length: number): UserRecordInput => ({ partitionKey, data: Buffer.alloc(length, partitionKey) })
const kept = ({ Data }: PutRecordsEntry): number => Data.buffer.byteLength
const isInPlace = (entry: PutRecordsEntry): boolean => kept(entry) > entry.Data.length

/** Whether each entry holds just what its user records make, alone and afresh. */
const areRight = (entries: readonly PutRecordsEntry[]): boolean =>
  entries.every(({ Data, aggregated, userRecords }) => Data.equals(aggregated ? encodeAggregate(userRecords) : (userRecords[0]!.data as Buffer)))

t.test('full aggregates that are alike are copied once, from the third on', (t) => {
  for (const [length, keys] of [[10, 20], [100, 20], [100, 10_000], [1100, 20], [9000, 3]] as const) {
    const records = Array.from({ length: 400_000 / length }, (_, n) => record(`key ${n % keys}`, length))
    const entries = [...aggregate(records, { groupBy: 'none' })]
    t.ok(areRight(entries), `${length} bytes, ${keys} keys`)
    t.same(entries.slice(2, -1).filter((entry) => !isInPlace(entry)), [], `${length} bytes, ${keys} keys: in place`)
  }
  t.end()
})

t.test('what leaves keeps no more alive than a seventh of its length beside it, whatever came before', (t) => {
  const any = draw(t, 41)
  const aggregator = new Aggregator({ groupBy: 'none' })
  const entries: PutRecordsEntry[] = []
  for (let round = 0; round < 400; round++) {
    const [count, length, keys] = [any.below(300), any.below(1 + 10 ** any.below(5)), 1 + any.below(round % 3 === 0 ? 300 : 3)]
    for (let n = 0; n < count; n++) {
      for (const entry of aggregator.add(record(`${'key'.repeat(round % 40)} ${any.below(keys)}`, any.below(length)))) entries.push(entry)
    }
    if (round % 2 === 0) for (const entry of aggregator.flush()) entries.push(entry)
  }
  entries.push(...aggregator.flush())
  t.ok(areRight(entries))
  const large = entries.filter(({ aggregated, Data }) => aggregated && Data.length >= 4096)
  const inPlace = large.filter(isInPlace)
  t.same(inPlace.filter((entry) => 7 * kept(entry) > 8 * entry.Data.length), [])
  t.ok(inPlace.length > 100 && large.length - inPlace.length > 100, `${inPlace.length} of ${large.length} in place`)
  t.end()
})

t.test('many open groups, and tables larger than those before, leave right', (t) => {
  for (const keys of [1, 12, 3000]) {
    const aggregator = new Aggregator({ aggregationMaxCount: 1000 })
    const entries: PutRecordsEntry[] = []
    for (let n = 0; n < 9000; n++) {
      const explicitHashKey = n % 5 === 0 ? String(n % 11) : undefined
      for (const entry of aggregator.add({ ...record(`${n} ${n % keys}`, (n * 7919) % 400), explicitHashKey })) entries.push(entry)
      if (n % 2000 === 0) entries.push(...aggregator.flush())
    }
    entries.push(...aggregator.flush())
    t.ok(areRight(entries), `${keys} keys`)
  }
  t.end()
})

t.test('open aggregates take a few times what is pending, whatever came before, if they are many', (t) => {
  for (const [count, length] of [[1, 3300], [2, 6450], [5, 420], [1, 20]] as const) {
    const aggregator = new Aggregator()
    const data = Buffer.alloc(length)
    for (let n = 0; n < 60_000 / length; n++) aggregator.add({ partitionKey: 'first', data })
    const before = arrays()
    for (let n = 0; n < 5000 * count; n++) aggregator.add({ partitionKey: `key ${n % 5000}`, data })
    const taken = arrays() - before
    t.ok(taken < 2.5 * aggregator.pendingBytes, `${count} of ${length} bytes in each: ${taken} bytes for ${aggregator.pendingBytes}`)
  }
  t.end()
})

t.test('so do small ones that wait for long while others come and go, a few or many at a time', (t) => {
  for (const keys of [1, 200]) {
    const aggregator = new Aggregator({ aggregationMaxCount: 2 })
    const [cold, hot] = [Buffer.alloc(1), Buffer.alloc(300)]
    const before = arrays()
    for (let n = 0; n < 2000; n++) {
      aggregator.add({ partitionKey: `cold ${n}`, data: cold })
      for (let m = 0; m < 50; m++) aggregator.add({ partitionKey: `hot ${m % keys}`, data: hot })
      // All at once: as many buffers come back.
      for (let m = 0; m < keys; m++) aggregator.add({ partitionKey: `hot ${m}`, data: hot })
    }
    const taken = arrays() - before
    t.ok(aggregator.pendingRecords >= 2000)
    t.ok(taken < 2.5 * aggregator.pendingBytes, `${taken} bytes for ${aggregator.pendingBytes}`)
  }
  t.end()
})

t.test('so do closed ones that nobody reads', async (t) => {
  const stream = new AggregateStream({ recordMaxBufferedTime: Infinity, readableHighWaterMark: 1 })
  const write = async (count: number, keys: number, length: number): Promise<void> => {
    const data = Buffer.alloc(length)
    for (let n = 0; n < count; n++) stream.write({ partitionKey: `key ${n % keys}`, data })
    stream.flush()
    await turn()
  }
  await write(2, 1, 25_000)
  stream.takePending()
  const before = arrays()
  await write(8000, 4000, 6450)
  const taken = arrays() - before
  t.ok(stream.pendingRecords > 7900)
  t.ok(taken < 2.5 * stream.pendingBytes, `${taken} bytes for ${stream.pendingBytes}`)
  stream.destroy()
})

t.test('small aggregates take little beside one that is large and leaves alone', (t) => {
  const aggregator = new Aggregator()
  for (let round = 0; round < 4; round++) {
    aggregator.add(record('large', 1_000_000))
    const before = arrays()
    for (let n = 0; n < 8; n++) aggregator.add(record(`key ${round} ${n}`, 1))
    t.ok(arrays() - before < 100_000)
  }
  t.end()
})

t.test('after a full aggregate those that are small soon take little', (t) => {
  for (const loneRecord of ['raw', 'wrap'] as const) {
    const aggregator = new Aggregator({ aggregationMaxSize: 1_000_000, loneRecord })
    while (aggregator.add(record('k', 1000)).length === 0);
    aggregator.flush()
    let allocated = 0
    const stop = onAllocation(t, (size) => void (allocated += size))
    for (let n = 0; n < 100; n++) {
      aggregator.add(record('k', 100))
      aggregator.flush()
    }
    stop()
    t.ok(allocated < 100_000, `${loneRecord}: ${allocated} bytes for 100 of 100`)
  }
  t.end()
})

t.test("a large user record that leaves alone is copied once, a small one lies in Node's pool", (t) => {
  for (const [length, most] of [[60_000, 60_300], [5000, 5300], [3000, Buffer.poolSize]] as const) {
    const aggregator = new Aggregator()
    const [entry] = [...aggregator.add(record('k', length)), ...aggregator.flush()]
    t.equal(entry!.aggregated, false)
    t.ok(areRight([entry!]))
    t.ok(kept(entry!) <= most, `${kept(entry!)} of ${length}`)
    t.ok(isInPlace(entry!), 'beside what was written around it, or in the pool')
  }
  t.end()
})

t.test('after many reshards too, whether they succeed or not, the next aggregate gets its memory at once', (t) => {
  let shards = new ShardMap(evenShards(1))
  const aggregator = new Aggregator({ shards: () => shards, aggregationMaxCount: 40 })
  for (let n = 0; n < 300; n++) {
    aggregator.add(record('k', 1000))
    shards = new ShardMap(evenShards(2 + (n % 3)))
    if (n % 2 === 0) {
      const { shardFor } = shards
      shards.shardFor = () => {
        shards.shardFor = shardFor
        throw new Error('not now')
      }
      t.throws(() => aggregator.add(record('k', 1000)), { message: 'not now' })
    }
    aggregator.add(record('k', 1000))
    aggregator.flush()
  }
  for (let n = 0; n < 40; n++) aggregator.add(record('k', 1000))
  const sizes: number[] = []
  const stop = onAllocation(t, (size) => void sizes.push(size))
  aggregator.add(record('k', 1000))
  stop()
  t.equal(sizes.length, 1)
  t.ok(sizes[0]! > 40_000, `${sizes}`)
  t.end()
})

t.test('what has left is kept alive by nobody here, though keys are remembered', (t) => {
  const aggregator = new Aggregator()
  const before = arrays()
  let left = 0
  for (let n = 0; n < 200; n++) {
    for (const length of [20_000, 25_000]) aggregator.add({ partitionKey: `key ${n}`, data: Buffer.alloc(length) })
    left += aggregator.flush().length
  }
  t.equal(left, 200)
  const kept = arrays() - before
  t.ok(kept < 1_000_000, `${kept} bytes of 9 MB`)
  t.equal(aggregator.pendingRecords, 0)
  t.end()
})

t.test('shards that are no longer given are kept alive by nobody, though keys are remembered', async (t) => {
  let shards: ShardMap | undefined
  const aggregator = new Aggregator({ shards: () => shards })
  const maps: WeakRef<ShardMap>[] = []
  for (let n = 1; n < 20; n++) {
    shards = new ShardMap(evenShards(n))
    maps.push(new WeakRef(shards))
    aggregator.add(record(`key ${n}`, 10))
    aggregator.flush()
    await turn()
  }
  shards = undefined
  aggregator.add(record('key', 10))
  aggregator.flush()
  await turn()
  collect()
  t.equal(maps.filter((map) => map.deref() !== undefined).length, 0)
})
