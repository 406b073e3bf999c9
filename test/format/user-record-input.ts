import { runInNewContext } from 'node:vm'
import t from 'tap'
import { type UserRecordInput, aggregate, decodeAggregate, encodeAggregate } from '../../lib/index.js'
import { caught } from '../../fixtures/reading.js'

// What a user record's data and tags may be, wherever one is written.

const dataOf = (data: unknown) => decodeAggregate(encodeAggregate([{ partitionKey: 'a', data } as UserRecordInput])).records[0]!.data
const refused = (record: object) => {
  const input = { partitionKey: 'a', data: 'x', ...record } as UserRecordInput
  const code = caught(() => encodeAggregate([input])).code
  const error = caught(() => [...aggregate([input])])
  return code === error.code && error.input === input ? code : `${code}, ${error.code}`
}

t.test('data is bytes, or text that is written as UTF-8', (t) => {
  for (const text of ['', 'a', 'é', '水', '😀', '\0', '\ufeffa', '\ud83d\ude00', 'x'.repeat(5000) + '水']) {
    t.equal(dataOf(text).toString(), text)
    t.same(dataOf(text), Buffer.from(text), `the bytes of "${text.slice(0, 10)}"`)
  }
  const bytes = Buffer.from([0, 1, 254, 255])
  t.same(dataOf(bytes), bytes)
  t.same(dataOf(new Uint8Array(bytes)), bytes)
  t.same(dataOf(new Uint8Array([9, ...bytes, 9]).subarray(1, 5)), bytes, 'a view')
  t.same(dataOf(runInNewContext('new Uint8Array([0, 1, 254, 255])')), bytes, 'of another realm')
  t.same(dataOf(new (class extends Uint8Array {})(bytes)), bytes, 'of a class of its own')
  t.end()
})

t.test('other data is refused', (t) => {
  for (const data of [undefined, null, 5, true, {}, [1, 2], new ArrayBuffer(2), new DataView(new ArrayBuffer(2)), new Uint16Array(2), new Uint8ClampedArray(2), '\ud800', 'a\udfff']) {
    t.equal(refused({ data }), 'ERR_KPL_INVALID_INPUT', String(data))
  }
  t.end()
})

t.test('text beside a sequenceNumber is the base64 of an event: refused; bytes are taken', (t) => {
  t.equal(refused({ data: 'eA==', sequenceNumber: '49' }), 'ERR_KPL_INVALID_INPUT')
  t.match(caught(() => encodeAggregate([{ partitionKey: 'a', data: 'eA==', sequenceNumber: '49' } as UserRecordInput])).message, /base64/)
  for (const record of [{ data: Buffer.from('x'), sequenceNumber: '49' }, { data: 'x', sequenceNumber: undefined }]) {
    t.equal(decodeAggregate(encodeAggregate([{ partitionKey: 'a', ...record }])).records[0]!.data.toString(), 'x')
  }
  t.end()
})

t.test('tags: in order, with duplicates, empty texts and missing values', (t) => {
  const tags = [{ key: 'b', value: '水' }, { key: 'a', value: undefined }, { key: 'b', value: '' }, { key: '' }]
  const [member] = decodeAggregate(encodeAggregate([{ partitionKey: 'a', data: 'x', tags }])).records
  t.strictSame(member!.tags, [{ key: 'b', value: '水' }, { key: 'a', value: undefined }, { key: 'b', value: '' }, { key: '', value: undefined }])
  t.end()
})

t.test('tags as long as they like', (t) => {
  for (const length of [120, 127, 128, 16_383, 16_384, 2_097_152]) {
    const tags = [{ key: 'k'.repeat(length), value: 'v'.repeat(length) }]
    t.strictSame(decodeAggregate(encodeAggregate([{ partitionKey: 'a', data: 'x', tags }])).records[0]!.tags, tags, `${length} letters`)
  }
  t.end()
})

t.test('tags: [] is no tags', (t) => {
  const without = encodeAggregate([{ partitionKey: 'a', data: 'x' }])
  t.same(encodeAggregate([{ partitionKey: 'a', data: 'x', tags: [] }]), without)
  t.same(encodeAggregate([{ partitionKey: 'a', data: 'x', tags: undefined }]), without)
  t.end()
})

t.test('other tags are refused', (t) => {
  const lists = [null, 'text', {}, 5, new Set(), [null], [undefined], ['k'], [{}], [{ key: 5 }], [{ key: null }], [{ key: '\ud800' }], [{ key: 'k', value: null }], [{ key: 'k', value: 5 }], [{ key: 'k', value: '\udfff' }], [{ key: 'k' }, { value: 'v' }]]
  for (const tags of lists) t.equal(refused({ tags }), 'ERR_KPL_INVALID_INPUT', JSON.stringify(tags))
  t.end()
})

t.test('each member is read once, so a getter cannot change its mind', (t) => {
  const reads: Record<string, number> = {}
  const once = (name: string, value: unknown) => ({
    enumerable: true,
    get() {
      reads[name] = (reads[name] ?? 0) + 1
      return reads[name] === 1 ? value : 5
    },
  })
  const record = Object.defineProperties({}, { partitionKey: once('partitionKey', 'a'), data: once('data', Buffer.from('x')), explicitHashKey: once('explicitHashKey', '7'), tags: once('tags', [{ key: 'k', value: 'v' }]) })
  t.strictSame(decodeAggregate(encodeAggregate([record as UserRecordInput])).records, [{ partitionKey: 'a', explicitHashKey: '7', data: Buffer.from('x'), tags: [{ key: 'k', value: 'v' }] }])
  t.strictSame(reads, { partitionKey: 1, explicitHashKey: 1, data: 1, tags: 1 })
  t.end()
})
