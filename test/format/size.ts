import t from 'tap'
import { Aggregator, type UserRecordInput, encodeAggregate } from '../../lib/index.js'
import { aggregateOf } from '../../fixtures/aggregates.js'
import { draw } from '../../fixtures/random.js'

// The size of an aggregate is known before it is encoded, to the byte: pendingBytes is
// the size that was predicted, and 512 for the one aggregate that is open.

const OPEN = 512
const LARGEST = 10_485_760

const newAggregator = () => new Aggregator({ groupBy: 'none', loneRecord: 'wrap', maxRecordSize: LARGEST, aggregationMaxSize: LARGEST, maxPendingBytes: 2 ** 40 })

/** Where the size predicted for these records is not that of their aggregate. */
const wrongSizes = (records: readonly UserRecordInput[]) => {
  const aggregator = newAggregator()
  const wrong: string[] = []
  let predicted = 0
  const check = (count: number, size: number) => {
    if (predicted !== size) wrong.push(`${count} records: ${predicted} predicted, ${size} encoded`)
  }
  for (const [n, record] of records.entries()) {
    if (aggregator.add(record).length > 0) return ['an aggregate left early']
    predicted = aggregator.pendingBytes - OPEN
    check(n + 1, aggregateOf(records.slice(0, n + 1)).length)
  }
  check(records.length, encodeAggregate(records).length)
  check(records.length, aggregator.flush()[0]!.Data.length)
  return wrong
}

t.test('of random records, after each of them', (t) => {
  const random = draw(t, 5)
  const wrong: string[] = []
  for (let round = 0; round < 150; round++) {
    const records = Array.from({ length: random.between(1, 20) }, () => ({
      partitionKey: random.text(random.pick([1, 2, 42, 43, 64, 256])),
      data: random.pick([random.bytes(random.below(300)), random.text(random.below(100)), '']),
      explicitHashKey: random.pick([undefined, '0', '7', String(2n ** 128n - 1n)]),
      tags: random.pick([undefined, [], [{ key: random.text(random.pick([0, 1, 40])), value: random.pick([undefined, '', random.text(40)]) }, { key: 'k' }]]),
    }))
    wrong.push(...wrongSizes(records).map((text) => `round ${round}, ${text}`))
  }
  t.same(wrong, [])
  t.end()
})

t.test('around every length of a varint: data, and the record that holds it', (t) => {
  const wrong: string[] = []
  for (const edge of [128, 16_384]) {
    for (let length = edge - 12; length <= edge + 1; length++) {
      for (const data of [Buffer.alloc(length), 'x'.repeat(length)]) {
        for (const explicitHashKey of [undefined, '1']) wrong.push(...wrongSizes([{ partitionKey: 'a', data, explicitHashKey }, { partitionKey: 'a', data }]))
      }
    }
  }
  for (const length of [2_097_141, 2_097_142, 2_097_143, 2_097_144, 2_097_151, 2_097_152]) wrong.push(...wrongSizes([{ partitionKey: 'a', data: Buffer.alloc(length) }]))
  t.same(wrong, [])
  t.end()
})

t.test('around every length of a varint: keys, in UTF-8 bytes', (t) => {
  const wrong: string[] = []
  for (const letter of ['a', 'é', '水', '😀']) {
    for (const length of [1, 31, 32, 41, 42, 43, 63, 64, 127, 128, 129, 255, 256]) wrong.push(...wrongSizes([{ partitionKey: letter.repeat(length), data: '' }, { partitionKey: 'b', data: '' }]))
  }
  t.same(wrong, [])
  t.end()
})

t.test('around every length of a varint: tags', (t) => {
  const wrong: string[] = []
  for (const edge of [128, 16_384]) {
    for (let length = edge - 6; length <= edge; length++) wrong.push(...wrongSizes([{ partitionKey: 'a', data: 'x', tags: [{ key: 'k'.repeat(length) }, { key: '', value: 'v'.repeat(length) }] }]))
  }
  t.same(wrong, [])
  t.end()
})

t.test('around every length of a varint: how many keys came before, of both kinds', (t) => {
  const keys = Array.from({ length: 16_390 }, (_, n) => `${n}`)
  const edges = [127, 128, 129, 130, 16_383, 16_384, 16_385, 16_386]
  for (const [field, least] of [['partitionKey', 6], ['explicitHashKey', 8]] as const) {
    const records = keys.map((key) => ({ partitionKey: 'a', data: '', [field]: key }))
    const aggregator = newAggregator()
    const wrong: number[] = []
    for (const [n, record] of records.entries()) {
      aggregator.add(record)
      if (edges.includes(n + 1) && aggregator.pendingBytes - OPEN !== encodeAggregate(records.slice(0, n + 1)).length) wrong.push(n + 1)
    }
    t.same(wrong, [], field)
    const size = aggregator.pendingBytes - OPEN
    // Keys that are known already cost no more than their index: of 1 byte, then of 2.
    for (const record of records.slice(127, 130)) aggregator.add(record)
    const [entry] = aggregator.flush()
    t.equal(entry!.Data.length, size + 3 * least + 2, field)
    t.equal(entry!.size, entry!.Data.length + 1, 'with the outer partition key, of one byte')
  }
  t.end()
})
