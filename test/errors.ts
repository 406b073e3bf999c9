import { inspect } from 'node:util'
import t from 'tap'
import {
  Aggregator, KplError, type KplErrorCode, ShardMap, compareCheckpoints, deaggregate, decodeAggregate, encodeAggregate, hashKey, isAggregated, putRecordsBatches,
} from '../lib/index.js'
import { excerpt } from '../lib/errors.js'
import { toEvent } from '../lib/lambda/index.js'
import { aggregateOf, frame, withWrongDigest } from '../fixtures/aggregates.js'
import { hex } from '../fixtures/hex.js'
import { caught } from '../fixtures/reading.js'

t.test('a KplError is an Error with a name and a code', (t) => {
  const error = new KplError('ERR_KPL_INVALID_INPUT', 'the message')
  t.ok(error instanceof Error)
  t.equal(error.name, 'KplError')
  t.equal(error.code, 'ERR_KPL_INVALID_INPUT')
  t.equal(error.message, 'the message')
  t.equal(String(error), 'KplError: the message')
  t.match(error.stack, /^KplError: the message\n.*errors\.[jt]s/)
  t.end()
})

t.test('it has only the details that were given', (t) => {
  const without = new KplError('ERR_KPL_MALFORMED', 'm')
  t.same(Object.keys(without), ['code'])
  for (const name of ['offset', 'sequenceNumber', 'subSequenceNumber', 'size', 'limit', 'input', 'cause']) t.notOk(name in without, name)
  const details = { offset: 0, sequenceNumber: '49', subSequenceNumber: 0, size: 0, limit: 1 }
  const error = new KplError('ERR_KPL_MALFORMED', 'm', details)
  t.strictSame({ ...error }, { ...details, code: 'ERR_KPL_MALFORMED' })
  t.end()
})

t.test('the input is kept, but not shown', (t) => {
  const input = { secret: 'secret' }
  const error = new KplError('ERR_KPL_INVALID_INPUT', 'm', { input, size: 5 })
  t.equal(error.input, input)
  t.same(Object.keys(error).sort(), ['code', 'size'])
  t.notMatch(JSON.stringify(error), /secret/)
  t.notMatch(inspect(error), /secret/)
  const nothing = new KplError('ERR_KPL_INVALID_INPUT', 'm', { input: undefined })
  t.ok('input' in nothing, 'undefined may be the input')
  t.same(Object.keys(nothing), ['code'])
  t.end()
})

t.test('the cause is that of any Error', (t) => {
  const cause = new Error('cause')
  const error = new KplError('ERR_KPL_INVALID_JSON', 'm', { cause })
  t.equal(error.cause, cause)
  t.same(Object.keys(error), ['code'])
  t.match(inspect(error), /\[cause\]: Error: cause/)
  t.end()
})

const aggregate = aggregateOf([{ partitionKey: 'a', data: 'no JSON' }])
const add = (record: object, options = {}) => new Aggregator(options).add({ partitionKey: 'a', data: 'x', ...record })

// Each code, one way to get it, and what such an error tells. The compiler sees to it that none is missing.
const ways: Record<KplErrorCode, [provoke: () => unknown, details: string[]]> = {
  ERR_KPL_INVALID_ARGUMENT: [() => compareCheckpoints({ sequenceNumber: 'LATEST' }, { sequenceNumber: '1' }), []],
  ERR_KPL_INVALID_INPUT: [() => add({ data: 5 }), []],
  ERR_KPL_INVALID_BASE64: [() => decodeAggregate('84mawg!'), []],
  ERR_KPL_INVALID_JSON: [() => [...deaggregate({ data: aggregate, sequenceNumber: '49' })][0]!.json(), ['sequenceNumber', 'subSequenceNumber']],
  ERR_KPL_MIXED_SHARDS: [() => [...deaggregate(['a:1', 'b:1'].map((eventID) => ({ eventID, kinesis: { data: 'eA==', sequenceNumber: '49' } })), { after: { sequenceNumber: '0' } })], ['sequenceNumber']],
  ERR_KPL_NOT_AGGREGATED: [() => decodeAggregate(Buffer.from('plain')), []],
  ERR_KPL_DIGEST_MISMATCH: [() => decodeAggregate(withWrongDigest(aggregate)), ['offset']],
  ERR_KPL_MALFORMED: [() => [...deaggregate({ data: frame(hex('1a00')), sequenceNumber: '49' })], ['offset', 'sequenceNumber', 'subSequenceNumber']],
  ERR_KPL_INVALID_PARTITION_KEY: [() => hashKey(''), ['limit', 'size']],
  ERR_KPL_INVALID_EXPLICIT_HASH_KEY: [() => hashKey('a', '-1'), []],
  ERR_KPL_RECORD_TOO_LARGE: [() => add({ data: 'x'.repeat(100) }, { maxRecordSize: 100 }), ['limit', 'size']],
  ERR_KPL_INVALID_SHARDS: [() => new ShardMap([]), []],
}

t.test('every code, with the details that apply to it', (t) => {
  for (const [code, [provoke, details]] of Object.entries(ways)) {
    const error = caught(provoke)
    t.equal(error.code, code)
    t.same(Object.keys(error).sort(), ['code', ...details], code)
    t.ok('input' in error || ['ERR_KPL_DIGEST_MISMATCH', 'ERR_KPL_INVALID_JSON'].includes(code), `${code}: input`)
  }
  t.end()
})

t.test('messages tell nothing of text in the place of a record, which may be a payload', (t) => {
  const text = '{"email":"jane@example.org"}'
  const ways = [
    () => deaggregate(text as never),
    () => [...deaggregate([text] as never[])],
    () => [...deaggregate({ data: text })],
    () => new Aggregator().add(text as never),
    () => encodeAggregate([text as never]),
    () => decodeAggregate(text),
    () => toEvent(text as never),
  ]
  for (const way of ways) {
    const error = caught(way)
    t.notMatch(error.message, /jane/, String(way))
    t.match(inspect(error.input), /jane/, 'the input is at hand')
  }
  t.end()
})

t.test('messages tell something of the input, and stay short however long it is', (t) => {
  const long = 'long '.repeat(200_000)
  const shards = [{ ShardId: long, HashKeyRange: { StartingHashKey: long, EndingHashKey: long } }]
  const big = [{ ShardId: long, HashKeyRange: { StartingHashKey: '5', EndingHashKey: '6' } }]
  const provoke: [string, () => unknown][] = [
    ['partition key', () => hashKey(long)],
    ['explicit hash key', () => hashKey('a', long)],
    ['base64', () => decodeAggregate(long)],
    ['plain data', () => decodeAggregate(Buffer.from(long))],
    ['option', () => new Aggregator({ groupBy: long as 'none' })],
    ['options', () => new Aggregator(long as never)],
    ['limit', () => new Aggregator({ maxRecordSize: long as never })],
    ['shards', () => new ShardMap(long as never)],
    ["a shard's range", () => new ShardMap(shards)],
    ["a shard's name", () => new ShardMap(big)],
    ['sequence number', () => compareCheckpoints({ sequenceNumber: long }, { sequenceNumber: long })],
    ['data', () => add({ data: [long] })],
    ['data too large', () => add({ data: long.repeat(11) })],
    ['tags', () => add({ tags: long })],
    ['the key of a tag', () => add({ tags: [{ key: 5, value: long }] })],
    ['records', () => encodeAggregate(long as never)],
    ['isAggregated', () => isAggregated([long] as never)],
    ['batches', () => [...putRecordsBatches([{ Data: long, PartitionKey: long } as never])]],
    ['input', () => [...deaggregate(long as never)]],
    ['JSON', () => [...deaggregate({ data: Buffer.from(long) })][0]!.json()],
    ['a record with a sequence number that is none', () => [...deaggregate({ data: '!', sequenceNumber: long })]],
    ['JSON of a record with a sequence number that is none', () => [...deaggregate({ data: 'eA==', sequenceNumber: long })][0]!.json()],
    ['malformed', () => decodeAggregate(frame(Buffer.from(long)))],
  ]
  for (const [name, action] of provoke) {
    const { message } = caught(action)
    t.ok(message.length > 10 && message.length < 300, `${name}: ${message.length} letters: ${message.slice(0, 150)}`)
  }
  t.end()
})

t.test('an excerpt is enough to recognise a value by, whatever its methods do, and stays short', (t) => {
  const hostile = { toString() { throw new Error('called') }, [Symbol.toPrimitive]() { throw new Error('called') } }
  const revoked = Proxy.revocable({}, {})
  revoked.revoke()
  const table: [unknown, string][] = [
    ['short', '"short"'],
    ['a\nb"c', '"a\\nb\\"c"'],
    ['x'.repeat(100), `"${'x'.repeat(40)}"`],
    [5, '5'],
    [NaN, 'NaN'],
    [null, 'null'],
    [undefined, 'undefined'],
    [hostile, 'Object'],
    [[hostile], 'Array'],
    [Promise.resolve(hostile), 'Promise'],
    [new ArrayBuffer(2), 'ArrayBuffer'],
    [{ get [Symbol.toStringTag]() { throw new Error('called') } }, 'object'],
    [{ [Symbol.toStringTag]: 'x'.repeat(100) }, 'x'.repeat(40)],
    [revoked.proxy, 'object'],
    [() => 5, 'Function'],
    [-5n, '-5'],
    [10n ** 50n, '1' + '0'.repeat(39)],
    [Symbol('s'), 'Symbol(s)'],
    [Symbol('s'.repeat(100)), 'Symbol(' + 's'.repeat(33)],
    [true, 'true'],
  ]
  for (const [value, text] of table) t.equal(excerpt(value), text, text)
  t.end()
})

t.test('values that cannot be made text are refused like any other', (t) => {
  const values = [Symbol('s'), Object.create(null), { toString: 5 }, { get [Symbol.toPrimitive]() { throw new Error('called') } }, { get [Symbol.toStringTag]() { throw new Error('called') } }, new Proxy({}, {}), -0, 10n ** 50n, () => 5]
  for (const value of values) {
    const actions: [string, () => unknown][] = [
      ['partition key', () => add({ partitionKey: value })],
      ['explicit hash key', () => add({ explicitHashKey: value })],
      ['data', () => add({ data: value })],
      ['tags', () => add({ tags: value })],
      ['tag', () => add({ tags: [{ key: value }] })],
      ['groupBy', () => new Aggregator({ groupBy: value as never })],
      ['maxRecordSize', () => new Aggregator({ maxRecordSize: value as never })],
      ['shards', () => new ShardMap([{ ShardId: value, HashKeyRange: { StartingHashKey: value, EndingHashKey: value } }] as never)],
      ['hash key', () => new ShardMap([{ ShardId: 'a', HashKeyRange: { StartingHashKey: '0', EndingHashKey: String(2n ** 128n - 1n) } }]).shardFor((typeof value === 'bigint' ? -1n : value) as bigint)],
      ['sequence number', () => compareCheckpoints({ sequenceNumber: value as string }, { sequenceNumber: '1' })],
      ['entry', () => [...putRecordsBatches([value as never])]],
    ]
    for (const [name, action] of actions) t.equal(caught(action).name, 'KplError', `${name}: ${typeof value}`)
  }
  t.end()
})
