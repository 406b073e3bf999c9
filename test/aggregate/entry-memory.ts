import t from 'tap'
import { Aggregator, type PutRecordsEntry, type UserRecordInput, aggregate, encodeAggregate } from '../../lib/index.js'
import { random } from '../../fixtures/random.js'

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
  const next = random(41)
  const upTo = (most: number): number => Math.floor(next() * most)
  const aggregator = new Aggregator({ groupBy: 'none' })
  const entries: PutRecordsEntry[] = []
  let inPlace = 0
  for (let round = 0; round < 400; round++) {
    const [count, length, keys] = [upTo(300), upTo(1 + 10 ** upTo(5)), 1 + upTo(round % 3 === 0 ? 300 : 3)]
    for (let n = 0; n < count; n++) {
      for (const entry of aggregator.add(record(`${'key'.repeat(round % 40)} ${upTo(keys)}`, upTo(length)))) entries.push(entry)
    }
    if (round % 2 === 0) for (const entry of aggregator.flush()) entries.push(entry)
  }
  entries.push(...aggregator.flush())
  t.ok(areRight(entries))
  for (const entry of entries.filter(({ aggregated }) => aggregated)) {
    if (isInPlace(entry)) inPlace++
    if (isInPlace(entry) && 7 * kept(entry) > 8 * entry.Data.length) t.fail(`${kept(entry)} kept of ${entry.Data.length}`)
  }
  t.ok(inPlace > 100 && entries.length - inPlace > 100, `${inPlace} of ${entries.length} in place`)
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
