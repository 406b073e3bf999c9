import t from 'tap'
import { Aggregator, type UserRecord, deaggregate, decodeAggregate, encodeAggregate } from '../lib/index.js'
import { aggregateOf, frame } from '../fixtures/aggregates.js'
import { changes, intrinsics } from '../fixtures/intrinsics.js'

// What comes out has the prototypes that it should have, whatever its keys are called.

const names = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', '__defineSetter__']
const members = names.map((name) => ({ partitionKey: name, data: JSON.stringify({ name }), tags: [{ key: name, value: name }] }))
const data = aggregateOf(members)

t.test('a user record and all that it gives', (t) => {
  for (const [n, record] of [...deaggregate({ Data: data, PartitionKey: '__proto__', SequenceNumber: '1' })].entries()) {
    const name = names[n]!
    t.equal(record.partitionKey, name)
    t.equal(Object.getPrototypeOf(record.data), Buffer.prototype)
    t.same(record.tags, [{ key: name, value: name }])
    const json = record.toJSON()
    for (const plain of [json, record.tags![0]!, json.tags![0]!]) t.equal(Object.getPrototypeOf(plain), Object.prototype)
    t.same(Object.keys(json), ['partitionKey', 'sequenceNumber', 'subSequenceNumber', 'aggregated', 'last', 'tags', 'data'])
    t.throws(() => Object.assign(record, { partitionKey: 'x' }), TypeError, 'it does not change')
  }
  t.end()
})

t.test('the members of an aggregate', (t) => {
  const { records } = decodeAggregate(data)
  t.same(records.map(({ partitionKey }) => partitionKey), names)
  for (const record of records) {
    t.same(Object.keys(record), ['partitionKey', 'explicitHashKey', 'data', 'tags'])
    for (const plain of [record, record.tags![0]!]) t.equal(Object.getPrototypeOf(plain), Object.prototype)
  }
  t.ok(encodeAggregate(records).equals(data), 'and written again they are the same bytes')
  t.end()
})

t.test('a plain record is none whatever Object.prototype has', (t) => {
  Object.defineProperty(Object.prototype, 'index', { value: {}, writable: true, configurable: true })
  try {
    const [plain] = deaggregate({ Data: Buffer.from('plain'), PartitionKey: 'key', SequenceNumber: '1' })
    t.same([plain!.partitionKey, plain!.text(), plain!.aggregated, plain!.tags], ['key', 'plain', false, undefined])
  } finally {
    delete (Object.prototype as { index?: unknown }).index
  }
  t.end()
})

t.test('entries', (t) => {
  const aggregator = new Aggregator()
  const entries = [...members.flatMap((member) => aggregator.add(member)), ...aggregator.flush()]
  t.same(entries.map(({ PartitionKey }) => PartitionKey).sort(), [...names].sort())
  for (const entry of entries) {
    t.equal(Object.getPrototypeOf(entry), Object.prototype)
    t.same(Object.keys(entry), ['Data', 'PartitionKey'])
  }
  t.end()
})

t.test('JSON with a member "__proto__" has it as its own', (t) => {
  const [record] = deaggregate(Buffer.from('{"__proto__":{"polluted":true}}')) as Iterable<UserRecord>
  const value = record!.json<object>()
  t.same(Object.keys(value), ['__proto__'])
  t.equal(Object.getPrototypeOf(value), Object.prototype)
  t.notOk('polluted' in {})
  t.end()
})

t.test('options named "__proto__" are no options, be they an object of their own or its prototype', (t) => {
  const malformed = frame(Buffer.from('garbage'))
  t.throws(() => [...deaggregate(malformed, JSON.parse('{"__proto__":{"malformed":"passthrough"}}') as object)], { code: 'ERR_KPL_MALFORMED' })
  t.throws(() => new Aggregator(JSON.parse('{"maxRecordSize":{"__proto__":{"valueOf":5}}}') as object), { code: 'ERR_KPL_INVALID_ARGUMENT' })
  t.end()
})

t.test('a change of what is shared would be seen', (t) => {
  const before = intrinsics()
  const { push } = Array.prototype
  Object.assign(Object.prototype, { polluted: true })
  Array.prototype.push = function (...items) {
    return push.apply(this, items)
  }
  const seen = changes(before, intrinsics())
  delete (Object.prototype as { polluted?: true }).polluted
  Array.prototype.push = push
  t.same(seen.filter((line) => !line.startsWith('globalThis')), ['Object.prototype: polluted', 'Array.prototype: push'])
  t.same(changes(before, intrinsics()), [])
  t.end()
})
