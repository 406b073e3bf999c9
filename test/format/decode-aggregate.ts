import t from 'tap'
import { decodeAggregate } from '../../lib/index.js'
import { aggregateOf, bytes, frame, number, withWrongDigest } from '../../fixtures/aggregates.js'
import { hex } from '../../fixtures/hex.js'
import { caught } from '../../fixtures/reading.js'

const members = [
  { partitionKey: 'a', explicitHashKey: '7', data: Buffer.from('first'), tags: undefined },
  { partitionKey: 'b', explicitHashKey: undefined, data: Buffer.alloc(0), tags: [{ key: 'k', value: 'v' }, { key: '', value: undefined }] },
  { partitionKey: 'a', explicitHashKey: undefined, data: Buffer.from([0, 255]), tags: undefined },
]
const aggregate = aggregateOf(members)

t.test('all members of the user records come out, absent ones as undefined', (t) => {
  t.strictSame(decodeAggregate(aggregate), { records: members })
  t.end()
})

t.test('from a Uint8Array, a view into a longer buffer, and base64 of both alphabets', (t) => {
  const longer = Buffer.concat([Buffer.alloc(3), aggregate, Buffer.alloc(3)])
  for (const data of [new Uint8Array(aggregate), longer.subarray(3, -3), aggregate.toString('base64')]) {
    t.strictSame(decodeAggregate(data), { records: members })
  }
  const slashes = aggregateOf([{ partitionKey: 'a', data: hex('fb ff fe fb ff fe fb ff fe') }]).toString('base64')
  t.match(slashes, /[+/]/)
  t.strictSame(decodeAggregate(slashes.replaceAll('+', '-').replaceAll('/', '_')), decodeAggregate(slashes))
  t.end()
})

t.test('data is a view of the bytes given', (t) => {
  const own = Buffer.from(aggregate)
  const [first] = decodeAggregate(own).records
  t.equal(first!.data.buffer, own.buffer)
  own[own.indexOf('first')] = 0x46
  t.equal(first!.data.toString(), 'First')
  t.end()
})

t.test('an aggregate without user records gives none', (t) => {
  t.strictSame(decodeAggregate(frame(bytes(1, 'unused'))), { records: [] })
  t.strictSame(decodeAggregate(frame(number(9, 5))), { records: [] })
  t.end()
})

t.test('without the magic, or too short: ERR_KPL_NOT_AGGREGATED', (t) => {
  for (const data of [Buffer.alloc(0), hex('f3899a'), Buffer.from('a plain payload that is long enough'), frame(), aggregate.subarray(0, 20)]) {
    const error = caught(() => decodeAggregate(data))
    t.equal(error.code, 'ERR_KPL_NOT_AGGREGATED', data.toString('hex'))
    t.equal(error.offset, undefined)
  }
  t.end()
})

t.test('a wrong digest, or a right one cut: ERR_KPL_DIGEST_MISMATCH, with its offset', (t) => {
  t.match(caught(() => decodeAggregate(withWrongDigest(aggregate))), { code: 'ERR_KPL_DIGEST_MISMATCH', offset: aggregate.length - 16 })
  const codes = new Set<string>()
  for (let end = 21; end < aggregate.length; end++) codes.add(caught(() => decodeAggregate(aggregate.subarray(0, end))).code)
  t.same([...codes], ['ERR_KPL_DIGEST_MISMATCH'], 'cut at any byte')
  codes.clear()
  for (let bit = 32; bit < aggregate.length * 8; bit++) {
    const flipped = Buffer.from(aggregate)
    flipped[bit >> 3]! ^= 0x80 >> (bit & 7)
    codes.add(caught(() => decodeAggregate(flipped)).code)
  }
  t.same([...codes], ['ERR_KPL_DIGEST_MISMATCH'], 'any bit flipped')
  t.end()
})

t.test('what is no base64 and what is no data', (t) => {
  t.equal(caught(() => decodeAggregate(`${aggregate.toString('base64')}!`)).code, 'ERR_KPL_INVALID_BASE64')
  for (const data of [undefined, null, 5, {}, [aggregate]]) {
    t.equal(caught(() => decodeAggregate(data as unknown as string)).code, 'ERR_KPL_INVALID_INPUT', String(data))
  }
  t.end()
})
