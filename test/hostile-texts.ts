import { inspect } from 'node:util'
import t from 'tap'
import {
  AggregateStream, Aggregator, DeaggregateStream, type DeaggregateOptions, type KinesisInput, KplError, type KplErrorCode, ShardMap, aggregate, compareCheckpoints,
  deaggregate, decodeAggregate, encodeAggregate, hashKey, isAggregated, putRecordsBatches,
} from '../lib/index.js'
import { aggregateOf, frame, withWrongDigest } from '../fixtures/aggregates.js'
import { changes, intrinsics } from '../fixtures/intrinsics.js'
import { LAST_HASH_KEY } from '../fixtures/writing.js'

// A text of any kind, in any place that takes one, is data: it reaches no object that others
// share, and however long it is, a message tells little of it.

/** The most letters of a message. The longest quotes a sequence number and 40 letters of two names, each letter as an escape of six. */
const MOST = 700

const odd = [
  '__proto__', 'constructor', 'prototype', 'toString', 'valueOf', 'hasOwnProperty', '__defineGetter__', '__lookupSetter__', 'then', 'length', 'transform', 'objectMode',
  '(a+)+$', '[', '\\', '$&', '^.*', '../../../../etc/passwd', '/dev/zero', 'file:///etc/passwd', 'node:fs', '%s%d%o', '${process.exit()}', '\0', '\ud800', '', '-0', 'NaN',
  '{"__proto__":{"polluted":true}}', '{"constructor":{"prototype":{"polluted":true}}}',
]
const LENGTH = 10 * 2 ** 20
const long = ['\0', '\ud800', '水', '0', 'a'].map((letter) => letter.repeat(LENGTH))

const shardsOf = (ShardId: string, StartingHashKey: string, EndingHashKey: string) => [{ ShardId, HashKeyRange: { StartingHashKey, EndingHashKey } }]
const RANGE = { startingHashKey: '0', endingHashKey: String(LAST_HASH_KEY) }

function read(input: unknown, options: object = {}): void {
  for (const record of deaggregate(input as KinesisInput, options as DeaggregateOptions)) {
    record.toJSON()
    inspect(record)
    record.json()
  }
}

function write(record: object, options: object = {}): void {
  const aggregator = new Aggregator(options)
  const entries = [...aggregator.add({ partitionKey: 'a', data: 'x', ...record }), ...aggregator.flush()]
  for (const batch of putRecordsBatches(entries)) for (const entry of batch) inspect(entry)
}

const ones = aggregateOf([{ partitionKey: 'a', data: '1' }])

/** Where a text can be. */
const places: [name: string, (text: string) => unknown][] = [
  ['data', (text) => read(Buffer.from(text))],
  ['base64', (data) => read({ data })],
  ['data of an SDK record', (Data) => read({ Data })],
  ['an input', (text) => read(text)],
  ['a member of an input', (text) => read({ [text]: text, data: ones })],
  ['a list', (text) => read([text])],
  ['outer partition key', (PartitionKey) => read({ Data: ones, PartitionKey })],
  ['sequence number', (sequenceNumber) => read({ data: ones, sequenceNumber })],
  ['sequence number of what is no aggregate', (sequenceNumber) => read({ data: frame(Buffer.from(sequenceNumber)), sequenceNumber })],
  ['sequence number of what is no JSON', (sequenceNumber) => read({ data: 'eA==', sequenceNumber })],
  ['sequence number under after', (SequenceNumber) => read({ Data: ones, SequenceNumber }, { after: { sequenceNumber: '0' } })],
  ['sub-sequence number', (subSequenceNumber) => read({ data: ones, subSequenceNumber })],
  ['arrival time', (ApproximateArrivalTimestamp) => read({ Data: ones, ApproximateArrivalTimestamp })],
  ['event id', (eventID) => read({ kinesis: { data: ones, sequenceNumber: '1' }, eventID }, { hashKeyRange: RANGE })],
  ['shards of event ids', (text) => read(['', '!'].map((end) => ({ kinesis: { data: ones, sequenceNumber: text }, eventID: `${end}${text}:1` })), { hashKeyRange: RANGE })],
  ['shard ids of metadata', (text) => read(['', '!'].map((end) => ({ data: ones, kinesisRecordMetadata: { sequenceNumber: text, shardId: `${end}${text}` } })), { hashKeyRange: RANGE })],
  ['partition key', (partitionKey) => read(aggregateOf([{ partitionKey, data: '1' }]), { hashKeyRange: RANGE })],
  ['explicit hash key', (explicitHashKey) => read(aggregateOf([{ partitionKey: 'a', explicitHashKey, data: '1' }]), { hashKeyRange: RANGE })],
  ['explicit hash key without a range', (explicitHashKey) => read(aggregateOf([{ partitionKey: 'a', explicitHashKey, data: '1' }]))],
  ['tag', (text) => read(aggregateOf([{ partitionKey: 'a', data: '1', tags: [{ key: text, value: text }, { key: text }] }]))],
  ['payload', (data) => read(aggregateOf([{ partitionKey: 'a', data }]))],
  ['a message', (text) => read(frame(Buffer.from(text)))],
  ['a wrong digest', (text) => read(withWrongDigest(frame(Buffer.from(text))), { digestMismatch: 'error' })],
  ['aggregate as text', (text) => decodeAggregate(text)],
  ['what may be an aggregate', (text) => isAggregated(text)],
  ['an option', (text) => read(ones, { [text]: text })],
  ["all of reading's options", (text) => read(ones, Object.fromEntries(['digestMismatch', 'malformed', 'onRejected', 'hashKeyRange', 'onHidden', 'after', 'copy'].map((name) => [name, text])))],
  ['malformed', (malformed) => read(ones, { malformed })],
  ['after', (sequenceNumber) => read(ones, { after: { sequenceNumber } })],
  ['sub-sequence number of after', (subSequenceNumber) => read(ones, { after: { sequenceNumber: '1', subSequenceNumber } })],
  ['hash key range', (text) => read(ones, { hashKeyRange: { startingHashKey: text, endingHashKey: text } })],
  ['end of a hash key range', (text) => read(ones, { hashKeyRange: { startingHashKey: '5', endingHashKey: text } })],
  ["a stream's options", (text) => new DeaggregateStream({ [text]: text }).destroy()],
  ["a writing stream's options", (text) => new AggregateStream({ [text]: text }).destroy()],
  ['checkpoint', (sequenceNumber) => compareCheckpoints({ sequenceNumber: '1' }, { sequenceNumber })],
  ['hash key of a partition key', (text) => hashKey(text)],
  ['hash key of an explicit one', (text) => hashKey('a', text)],
  ['shard id', (text) => new ShardMap(shardsOf(text, '1', String(LAST_HASH_KEY)))],
  ['start of a shard', (text) => new ShardMap(shardsOf('s', text, String(LAST_HASH_KEY)))],
  ['end of a shard', (text) => new ShardMap(shardsOf('s', '0', text))],
  ['shard ids when writing', (text) => write({}, { shards: shardsOf(text, '0', String(LAST_HASH_KEY)) })],
  ['partition key to write', (partitionKey) => write({ partitionKey })],
  ['explicit hash key to write', (explicitHashKey) => write({ explicitHashKey })],
  ['tag to write', (text) => write({ tags: [{ key: text, value: text }] })],
  ['member of a tag to write', (text) => write({ tags: [{ [text]: text }] })],
  ['data to write', (data) => write({ data })],
  ['member of a user record', (text) => write({ [text]: text })],
  ['a writing option', (text) => write({}, { [text]: text })],
  ['groupBy', (groupBy) => write({}, { groupBy })],
  ['a limit', (maxRecordSize) => write({}, { maxRecordSize })],
  ['shards', (shards) => write({}, { shards })],
  ['records to write', (text) => [...aggregate(text as never)]],
  ['members of an aggregate to write', (text) => encodeAggregate([{ partitionKey: text, explicitHashKey: text, data: text }])],
  ['an entry', (text) => [...putRecordsBatches([{ Data: Buffer.alloc(1), PartitionKey: text, [text]: text } as never])]],
]

const before = intrinsics()
const seen = new Map<KplErrorCode, number>()

for (const [name, put] of places) {
  t.test(`${name}: any text is taken or refused in few words`, (t) => {
    for (const text of [...odd, ...long]) {
      try {
        put(text)
      } catch (error) {
        const { message, cause } = error as Error
        const length = message.length + (cause as Error | undefined ?? { message: '' }).message.length
        if (error instanceof KplError) seen.set(error.code, Math.max(length, seen.get(error.code) ?? 0))
        else t.fail(`${JSON.stringify(text.slice(0, 40))}: ${(error as Error).stack}`)
        if (length > MOST) t.fail(`${length} letters: ${message.slice(0, 200)}`)
      }
    }
    t.same(changes(before, intrinsics()), [])
    t.end()
  })
}

t.test('every code was among the refusals', (t) => {
  const codes: Record<KplErrorCode, true> = {
    ERR_KPL_INVALID_ARGUMENT: true, ERR_KPL_INVALID_INPUT: true, ERR_KPL_INVALID_BASE64: true, ERR_KPL_INVALID_JSON: true, ERR_KPL_MIXED_SHARDS: true,
    ERR_KPL_NOT_AGGREGATED: true, ERR_KPL_DIGEST_MISMATCH: true, ERR_KPL_MALFORMED: true, ERR_KPL_INVALID_PARTITION_KEY: true,
    ERR_KPL_INVALID_EXPLICIT_HASH_KEY: true, ERR_KPL_RECORD_TOO_LARGE: true, ERR_KPL_INVALID_SHARDS: true,
  }
  t.comment(JSON.stringify(Object.fromEntries(seen)))
  t.same([...seen.keys()].sort(), Object.keys(codes).sort())
  t.end()
})
