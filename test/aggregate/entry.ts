import t from 'tap'
import { Aggregator, type AggregatorOptions, type UserRecordInput } from '../../lib/index.js'
import { evenShards } from '../../fixtures/writing.js'

const entryOf = <R extends UserRecordInput>(records: R[], options?: AggregatorOptions) => {
  const aggregator = new Aggregator<R>(options)
  const entries = [...records.flatMap((record) => aggregator.add(record)), ...aggregator.flush()]
  if (entries.length !== 1) throw new Error(`${entries.length} entries`)
  return entries[0]!
}

const a = { partitionKey: 'a', data: 'x' }
const withHashKey = { ...a, explicitHashKey: '7' }

t.test('enumerable are exactly Data, PartitionKey and, when set, ExplicitHashKey', (t) => {
  for (const records of [[a], [a, a]]) t.same(Object.keys(entryOf(records)), ['Data', 'PartitionKey'], `${records.length} records`)
  for (const records of [[withHashKey], [withHashKey, withHashKey]]) {
    t.same(Object.keys(entryOf(records)), ['Data', 'PartitionKey', 'ExplicitHashKey'], `${records.length} records with an explicit hash key`)
  }
  t.same(Object.keys(entryOf([a], { outerKey: 'kpl' })), ['Data', 'PartitionKey', 'ExplicitHashKey'], "outerKey: 'kpl'")
  t.end()
})

t.test('it spreads straight into a PutRecords request', (t) => {
  const entry = entryOf([withHashKey], { shards: evenShards(2) })
  t.strictSame({ ...entry }, { Data: Buffer.from('x'), PartitionKey: 'a', ExplicitHashKey: '7' })
  t.equal(JSON.stringify(entry), JSON.stringify({ Data: Buffer.from('x'), PartitionKey: 'a', ExplicitHashKey: '7' }))
  t.end()
})

t.test('userRecords, size, aggregated and shardId are its own, and not enumerable', (t) => {
  for (const options of [{}, { shards: evenShards(1) }]) {
    const entry = entryOf([a, a], options)
    for (const name of ['userRecords', 'size', 'aggregated', 'shardId']) {
      t.match(Object.getOwnPropertyDescriptor(entry, name), { enumerable: false }, name)
    }
    t.equal(entry.shardId, 'shards' in options ? 's0' : undefined)
  }
  t.end()
})

t.test('userRecords are the very objects given, in order', (t) => {
  const records = [1, 2, 3].map((id) => ({ ...a, id }))
  const entry = entryOf(records)
  t.equal(entry.userRecords.length, 3)
  for (const [n, record] of records.entries()) t.equal(entry.userRecords[n], record)
  t.end()
})

t.test('size is that of data and partition key in bytes', (t) => {
  for (const partitionKey of ['a', 'é', '水', '😀'.repeat(256)]) {
    for (const count of [1, 2]) {
      const entry = entryOf(Array(count).fill({ partitionKey, data: 'hello', explicitHashKey: '5' }))
      t.equal(entry.size, entry.Data.length + Buffer.byteLength(partitionKey), `${count} of ${partitionKey.slice(0, 2)}`)
    }
  }
  t.equal(entryOf([{ partitionKey: '水', data: 'hello' }]).size, 8)
  t.end()
})

t.test('aggregated tells whether Data is an aggregate', (t) => {
  t.equal(entryOf([a]).aggregated, false)
  t.equal(entryOf([a, a]).aggregated, true)
  t.equal(entryOf([a], { loneRecord: 'wrap' }).aggregated, true)
  t.end()
})

t.test('Data is copied when add returns, and shares no memory with what was given', (t) => {
  for (const count of [1, 2, 500]) {
    const aggregator = new Aggregator()
    const bytes = Buffer.alloc(2000, 'x')
    const entries = []
    for (let n = 0; n < count; n++) {
      bytes.fill('x')
      entries.push(...aggregator.add({ partitionKey: 'a', data: bytes }))
      bytes.fill('!')
    }
    entries.push(...aggregator.flush())
    t.notOk(entries.some(({ Data }) => Data.includes('!')), `${count} records`)
    t.notOk(entries.some(({ Data }) => Data.buffer === bytes.buffer), `${count} records: memory`)
  }
  t.end()
})

t.test('Data that has left never changes, whatever comes after it', (t) => {
  const aggregator = new Aggregator({ aggregationMaxCount: 3, aggregationMaxSize: 20_000 })
  const seen: { Data: Buffer; then: string }[] = []
  const records = Array.from({ length: 300 }, (_, n) => ({ partitionKey: `${n % 7}`, data: Buffer.alloc((n * 131) % 9000, n) }))
  for (const record of records) for (const { Data } of aggregator.add(record)) seen.push({ Data, then: Data.toString('latin1') })
  t.ok(seen.length > 90, `${seen.length} entries`)
  t.same(seen.flatMap(({ Data, then }, n) => (Data.toString('latin1') === then ? [] : [n])), [])
  t.end()
})
