import t from 'tap'
import { Aggregator, type PutRecordsEntry, type UserRecordInput, aggregate, encodeAggregate } from '../../lib/index.js'
import { arrays } from '../../fixtures/collect.js'
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
  for (const [count, length] of [[1, 3300], [5, 420], [1, 20]] as const) {
    const aggregator = new Aggregator()
    const data = Buffer.alloc(length)
    for (let n = 0; n < 60_000 / length; n++) aggregator.add({ partitionKey: 'first', data })
    const before = arrays()
    for (let n = 0; n < 5000 * count; n++) aggregator.add({ partitionKey: `key ${n % 5000}`, data })
    const taken = arrays() - before
    t.ok(taken < 3 * aggregator.pendingBytes, `${count} of ${length} bytes in each: ${taken} bytes for ${aggregator.pendingBytes}`)
  }
  t.end()
})

t.test('after a full aggregate those that are small soon take little', (t) => {
  for (const loneRecord of ['raw', 'wrap'] as const) {
    const aggregator = new Aggregator({ aggregationMaxSize: 1_000_000, loneRecord })
    while (aggregator.add(record('k', 1000)).length === 0);
    aggregator.flush()
    const { allocUnsafeSlow } = Buffer
    let allocated = 0
    t.teardown(() => void (Buffer.allocUnsafeSlow = allocUnsafeSlow))
    Buffer.allocUnsafeSlow = (size) => {
      allocated += size
      return allocUnsafeSlow(size)
    }
    for (let n = 0; n < 100; n++) {
      aggregator.add(record('k', 100))
      aggregator.flush()
    }
    Buffer.allocUnsafeSlow = allocUnsafeSlow
    t.ok(allocated < 100_000, `${loneRecord}: ${allocated} bytes for 100 of 100`)
  }
  t.end()
})

t.test('a large user record that leaves alone is copied once, a small one lies in no larger memory', (t) => {
  for (const [length, most] of [[60_000, 60_300], [5000, 5300], [3000, 8192]] as const) {
    const aggregator = new Aggregator()
    const [entry] = [...aggregator.add(record('k', length)), ...aggregator.flush()]
    t.equal(entry!.aggregated, false)
    t.ok(areRight([entry!]))
    t.ok(kept(entry!) <= most, `${kept(entry!)} of ${length}`)
    t.ok(isInPlace(entry!), 'beside what was written around it, or in the pool of Node.js')
  }
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
