import t from 'tap'
import { Aggregator, type AggregatorOptions, type UserRecordInput, deaggregate, hashKey } from '../../lib/index.js'
import { aggregateOf } from '../../fixtures/aggregates.js'
import { hex } from '../../fixtures/hex.js'

const alone = (record: UserRecordInput, options?: AggregatorOptions) => {
  const aggregator = new Aggregator(options)
  return [...aggregator.add(record), ...aggregator.flush()][0]!
}
const plain = { partitionKey: 'a', data: 'x', explicitHashKey: '7' }
const large = { partitionKey: 'a', data: Buffer.alloc(60_000, 'x') }

t.test("by default and with 'raw' it is sent as itself, large or small", (t) => {
  for (const options of [{}, { loneRecord: 'raw' }] as const) {
    t.strictSame({ ...alone(plain, options) }, { Data: Buffer.from('x'), PartitionKey: 'a', ExplicitHashKey: '7' })
    t.equal(alone(plain, options).aggregated, false)
    t.strictSame({ ...alone(large, options) }, { Data: large.data, PartitionKey: 'a' })
  }
  t.strictSame(alone({ partitionKey: 'a', data: '' }).Data, Buffer.alloc(0), 'no data at all')
  t.end()
})

t.test("with 'wrap' it is an aggregate, large or small", (t) => {
  for (const record of [plain, large, { partitionKey: '水', data: '' }]) {
    const entry = alone(record, { loneRecord: 'wrap' })
    t.same(entry.Data, aggregateOf([record]))
    t.equal(entry.aggregated, true)
    t.equal(entry.PartitionKey, record.partitionKey)
  }
  t.end()
})

t.test('data that begins with the magic is wrapped, so that no reader mistakes it', (t) => {
  const lookalikes = [
    hex('f3899ac2'),
    hex('f3899ac2 00'),
    Buffer.concat([hex('f3899ac2'), Buffer.alloc(60_000)]),
    aggregateOf([{ partitionKey: 'inner', data: 'of an aggregate' }]),
  ]
  for (const data of lookalikes) {
    for (const bytes of [data, new Uint8Array(data)]) {
      const entry = alone({ partitionKey: 'a', data: bytes })
      t.equal(entry.aggregated, true)
      const [read, ...more] = deaggregate(entry)
      t.same(read!.data, data, 'it comes back as it was')
      t.same(more, [])
    }
  }
  t.end()
})

t.test('data that only nearly begins with the magic is sent as itself', (t) => {
  const magic = hex('f3899ac2 0000')
  for (const data of [hex('f3899a'), hex('f3899ac3 0000'), hex('00f3899ac2'), '\u00f3\u0089\u009a\u00c2', magic.toString(), magic.toString('base64')]) {
    t.equal(alone({ partitionKey: 'a', data }).aggregated, false)
  }
  for (let bit = 0; bit < 32; bit++) {
    const data = Buffer.from(magic)
    data[bit >> 3]! ^= 0x80 >> (bit & 7)
    t.equal(alone({ partitionKey: 'a', data }).aggregated, false, `bit ${bit}`)
  }
  t.end()
})

t.test('a record with tags is wrapped, so that they are not lost', (t) => {
  for (const data of ['x', Buffer.alloc(60_000)]) {
    const entry = alone({ partitionKey: 'a', data, tags: [{ key: 'k', value: 'v' }] })
    t.equal(entry.aggregated, true)
    t.strictSame([...deaggregate(entry)][0]!.tags, [{ key: 'k', value: 'v' }])
  }
  t.equal(alone({ partitionKey: 'a', data: 'x', tags: [] }).aggregated, false, 'tags: [] is no tags')
  t.end()
})

t.test('what comes first decides nothing for those that share its aggregate', (t) => {
  const tagged = { partitionKey: 'a', data: '2', tags: [{ key: 'k' }] }
  for (const records of [[plain, tagged], [tagged, plain]]) {
    const aggregator = new Aggregator({ groupBy: 'none' })
    for (const record of records) aggregator.add(record)
    t.same(aggregator.flush()[0]!.Data, aggregateOf(records))
  }
  t.end()
})

t.test("outerKey: 'kpl' gives a lone raw record its own partition key, and its hash key", (t) => {
  const { explicitHashKey: _, ...without } = plain
  t.strictSame({ ...alone(plain, { outerKey: 'kpl' }) }, { Data: Buffer.from('x'), PartitionKey: 'a', ExplicitHashKey: '7' })
  t.strictSame({ ...alone(without, { outerKey: 'kpl' }) }, { Data: Buffer.from('x'), PartitionKey: 'a', ExplicitHashKey: String(hashKey('a')) })
  t.end()
})
