import t from 'tap'
import { type UserRecordInput, decodeAggregate, deaggregate, encodeAggregate } from '../../lib/index.js'
import { aggregateOf } from '../../fixtures/aggregates.js'
import { draw } from '../../fixtures/random.js'
import { caught } from '../../fixtures/reading.js'

const hexOf = (bytes: Buffer) => bytes.toString('hex')

t.test('the bytes are the canonical ones, for any records', (t) => {
  const random = draw(t, 1)
  const wrong: number[] = []
  for (let round = 0; round < 500; round++) {
    const records = Array.from({ length: random.between(1, 12) }, () => {
      const tags = Array.from({ length: random.below(3) }, () => ({ key: random.text(random.below(3)), value: random.pick([undefined, '', random.text(2)]) }))
      return {
        partitionKey: random.text(random.below(3)),
        data: random.pick([random.bytes(random.below(200)), random.text(random.below(60))]),
        explicitHashKey: random.pick([undefined, undefined, String(random.below(3)), random.text(1)]),
        tags: random.pick([undefined, tags]),
      }
    })
    if (hexOf(encodeAggregate(records)) !== hexOf(aggregateOf(records))) wrong.push(round)
  }
  t.same(wrong, [])
  t.end()
})

t.test('what it has written, decoded and encoded again, is the same bytes', (t) => {
  const random = draw(t, 2)
  const wrong: number[] = []
  for (let round = 0; round < 200; round++) {
    const records = Array.from({ length: random.between(1, 30) }, () => ({
      partitionKey: random.text(random.between(1, 3)),
      data: random.bytes(random.below(300)),
      explicitHashKey: random.oneIn(2) ? String(random.below(5)) : undefined,
      ...(random.oneIn(3) && { tags: [{ key: random.text(1), value: random.oneIn(2) ? random.text(2) : undefined }] }),
    }))
    const aggregate = aggregateOf(records)
    if (hexOf(encodeAggregate(decodeAggregate(aggregate).records)) !== hexOf(aggregate)) wrong.push(round)
  }
  t.same(wrong, [])
  t.end()
})

t.test('keys like any other: numbers, names of prototypes, 256 characters of emoji, NUL', (t) => {
  const keys = ['10', '9', '1', '__proto__', 'constructor', 'hasOwnProperty', 'toString', '😀'.repeat(256), '\0', 'a\0b', '']
  // Once with few keys in the table, once with many.
  for (const more of [0, 20]) {
    const all = [...keys, ...Array.from({ length: more }, (_, n) => `more ${n}`)]
    const records = [...all, ...[...all].reverse()].map((key) => ({ partitionKey: key, explicitHashKey: key, data: key }))
    t.same(decodeAggregate(encodeAggregate(records)).records.map(({ partitionKey, explicitHashKey }) => [partitionKey, explicitHashKey]), records.map(({ partitionKey }) => [partitionKey, partitionKey]))
    t.equal(hexOf(encodeAggregate(records)), hexOf(aggregateOf(records)), `${all.length} keys`)
  }
  t.end()
})

t.test('10,000 different keys, and each of them again', (t) => {
  const keys = Array.from({ length: 10_000 }, (_, n) => `key ${n}`)
  const records = [...keys, ...keys].map((partitionKey, n) => ({ partitionKey, data: String(n), explicitHashKey: n % 3 === 0 ? `${n % 9000}` : undefined }))
  const back = decodeAggregate(encodeAggregate(records)).records
  const wrong = records.flatMap(({ partitionKey, explicitHashKey, data }, n) => {
    const { [n]: member } = back
    return member?.partitionKey === partitionKey && member.explicitHashKey === explicitHashKey && member.data.toString() === data ? [] : [n]
  })
  t.equal(back.length, records.length)
  t.same(wrong, [])
  t.end()
})

t.test('a record without explicit hash key beside those that have one stays without', (t) => {
  const records = [undefined, '5', undefined, '0', '5', undefined].map((explicitHashKey) => ({ partitionKey: 'a', data: '', explicitHashKey }))
  t.same(decodeAggregate(encodeAggregate(records)).records.map((member) => member.explicitHashKey), [undefined, '5', undefined, '0', '5', undefined])
  t.end()
})

t.test('no limits of Kinesis: long and empty keys, explicit hash keys as they are given', (t) => {
  for (const key of ['', 'k'.repeat(100_000), '水'.repeat(5461)]) {
    const [member] = decodeAggregate(encodeAggregate([{ partitionKey: key, explicitHashKey: key, data: '' }])).records
    t.equal(member!.partitionKey, key)
    t.equal(member!.explicitHashKey, key)
  }
  for (const explicitHashKey of ['007', '+5', ' 5 ', 'none', String(2n ** 128n)]) {
    t.equal(decodeAggregate(encodeAggregate([{ partitionKey: 'a', explicitHashKey, data: '' }])).records[0]!.explicitHashKey, explicitHashKey)
  }
  const large = [{ partitionKey: 'a', data: Buffer.alloc(11 << 20) }]
  t.ok(encodeAggregate(large).equals(aggregateOf(large)), 'more than any Kinesis record')
  t.end()
})

t.test('any iterable of records, those that were read too', (t) => {
  const aggregate = aggregateOf([{ partitionKey: 'a', explicitHashKey: '7', data: 'x', tags: [{ key: 'k' }] }, { partitionKey: 'b', data: 'y' }])
  const read = [...deaggregate(aggregate)]
  t.equal(hexOf(encodeAggregate(read)), hexOf(aggregate))
  t.equal(hexOf(encodeAggregate(new Set(read))), hexOf(aggregate))
  t.equal(hexOf(encodeAggregate((function* () { yield* read })())), hexOf(aggregate))
  t.end()
})

t.test('no records are an error, as is what is no iterable of records', (t) => {
  for (const records of [[], new Set(), undefined, null, 5, 'text', {}]) {
    t.equal(caught(() => encodeAggregate(records as UserRecordInput[])).code, 'ERR_KPL_INVALID_ARGUMENT', String(records))
  }
  for (const record of [undefined, null, 5, 'text']) {
    t.equal(caught(() => encodeAggregate([record as unknown as UserRecordInput])).code, 'ERR_KPL_INVALID_INPUT', String(record))
  }
  t.end()
})

t.test('keys must be well-formed text', (t) => {
  for (const key of ['\ud800', 'a\udc00', null, 5, {}, ['a']] as string[]) {
    t.equal(caught(() => encodeAggregate([{ partitionKey: key, data: '' }])).code, 'ERR_KPL_INVALID_PARTITION_KEY', String(key))
    t.equal(caught(() => encodeAggregate([{ partitionKey: 'a', explicitHashKey: key, data: '' }])).code, 'ERR_KPL_INVALID_EXPLICIT_HASH_KEY', String(key))
  }
  t.equal(caught(() => encodeAggregate([{ data: '' } as UserRecordInput])).code, 'ERR_KPL_INVALID_PARTITION_KEY', 'no partition key')
  t.end()
})
