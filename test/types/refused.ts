// What must not compile: each line below would fail at run time, or silently do something else than it says.
import type { GetRecordsCommandOutput } from '@aws-sdk/client-kinesis'
import type { FirehoseTransformationEvent, KinesisStreamEvent } from 'aws-lambda'
import {
  AggregateStream,
  Aggregator,
  DeaggregateStream,
  KplError,
  type PutRecordsEntry,
  ShardMap,
  type UserRecord,
  aggregate,
  compareCheckpoints,
  deaggregate,
  decodeAggregate,
  encodeAggregate,
  hashKey,
  isAggregated,
  putRecordsBatches,
} from 'kpl-codec'

declare const event: KinesisStreamEvent
declare const firehose: FirehoseTransformationEvent
declare const reply: GetRecordsCommandOutput
declare const later: AsyncIterable<Buffer>
declare const record: UserRecord<Buffer>
declare const entry: PutRecordsEntry
const bytes = Buffer.alloc(0)
const range = { startingHashKey: '0', endingHashKey: '1' }

export function inputs(): void {
  // @ts-expect-error base64 text alone: it could be the payload as well
  deaggregate('84mawg==')
  // @ts-expect-error a whole event
  deaggregate(event)
  // @ts-expect-error a whole event
  deaggregate(firehose)
  // @ts-expect-error a whole reply
  deaggregate(reply)
  // @ts-expect-error what may be missing
  deaggregate(reply.Records)
  // @ts-expect-error an async iterable goes through DeaggregateStream
  deaggregate(later)
  // @ts-expect-error no data
  deaggregate({ partitionKey: 'a' })
  // @ts-expect-error bytes as numbers
  deaggregate({ data: [1, 2, 3] })
  // @ts-expect-error other typed arrays are not bytes
  isAggregated(new Uint16Array(1))
  // @ts-expect-error
  decodeAggregate({ data: bytes })
  // @ts-expect-error records of something that is no Kinesis record
  new DeaggregateStream<{ nothing: true }>()
}

export function readingOptions(): void {
  // @ts-expect-error
  deaggregate(bytes, { digestMismatch: 'ignore' })
  // @ts-expect-error
  deaggregate(bytes, { malformed: true })
  // @ts-expect-error both casings at once have neither
  deaggregate(bytes, { hashKeyRange: { startingHashKey: '0', EndingHashKey: '1' } })
  // @ts-expect-error numbers would lose digits
  deaggregate(bytes, { hashKeyRange: { ...range, endingHashKey: 2 ** 128 } })
  // @ts-expect-error a checkpoint, not a sequence number
  deaggregate(bytes, { after: '49590338271490256608559692538361571095921575989136588898' })
  // @ts-expect-error
  deaggregate(bytes, { after: { sequenceNumber: '1', subSequenceNumber: '0' } })
  // @ts-expect-error a misspelt option
  deaggregate(bytes, { onReject: () => {} })
  // @ts-expect-error an option of the stream
  deaggregate(bytes, { highWaterMark: 1 })
  // @ts-expect-error the source is a Buffer
  deaggregate(bytes, { onRejected: (_, source: Date) => source })
  // @ts-expect-error an option of Transform that would change what the stream is
  new DeaggregateStream({ objectMode: false })
  // @ts-expect-error
  new DeaggregateStream({ transform: () => {} })
}

export function userRecords(): void {
  // @ts-expect-error
  record.partitionKey = 'b'
  // @ts-expect-error
  record.data = bytes
  // @ts-expect-error the source is a Buffer, without members of Lambda's
  record.source.kinesis
  // @ts-expect-error JSON is not known until it is told
  record.json().id
  // @ts-expect-error tags may be missing
  record.tags.length
  // @ts-expect-error and so may the time
  record.approximateArrivalTimestamp.getTime()
  // @ts-expect-error
  const key: string = record.explicitHashKey
  console.log(key)
}

export function writing(): void {
  const aggregator = new Aggregator()
  // @ts-expect-error no data
  aggregator.add({ partitionKey: 'a' })
  // @ts-expect-error no partition key
  aggregator.add({ data: bytes })
  // @ts-expect-error
  aggregator.add({ partitionKey: 'a', data: 1 })
  // @ts-expect-error null is not "none"
  aggregator.add({ partitionKey: 'a', data: bytes, explicitHashKey: null })
  // @ts-expect-error
  aggregator.add({ partitionKey: 'a', data: bytes, explicitHashKey: 5n })
  // @ts-expect-error
  aggregator.add({ partitionKey: 'a', data: bytes, tags: { key: 'value' } })
  // @ts-expect-error a function adds what it is given, not what it is given asynchronously
  aggregate(later)
  // @ts-expect-error one record
  encodeAggregate({ partitionKey: 'a', data: bytes })
  // @ts-expect-error the names of PutRecords
  aggregate([{ PartitionKey: 'a', Data: bytes }])
}

export function writingOptions(): void {
  // @ts-expect-error
  new Aggregator({ groupBy: 'key' })
  // @ts-expect-error
  new Aggregator({ outerKey: 'a' })
  // @ts-expect-error
  new Aggregator({ loneRecord: 'plain' })
  // @ts-expect-error
  new Aggregator({ aggregationMaxSize: '51200' })
  // @ts-expect-error add throws: nothing is to be diverted
  new Aggregator({ onRejected: () => {} })
  // @ts-expect-error an Aggregator has no timer
  new Aggregator({ recordMaxBufferedTime: 100 })
  // @ts-expect-error neither has aggregate
  aggregate([], { recordMaxBufferedTime: 100 })
  // @ts-expect-error shards must be known when a record comes
  new Aggregator({ shards: async () => [] })
  // @ts-expect-error
  new Aggregator({ shards: ['shardId-000000000000'] })
  // @ts-expect-error
  new AggregateStream({ readableObjectMode: false })
}

export function entries(): void {
  // @ts-expect-error
  entry.userRecords = []
  // @ts-expect-error
  entry.userRecords.push(record)
  // @ts-expect-error
  entry.size = 0
  // @ts-expect-error
  putRecordsBatches([{ Data: 'text', PartitionKey: 'a' }])
  // @ts-expect-error
  putRecordsBatches([entry], { maxRecords: 500 })
}

export function routing(): void {
  // @ts-expect-error a number would lose digits
  new ShardMap([]).shardFor(0)
  // @ts-expect-error
  new ShardMap([{ ShardId: 'a' }])
  // @ts-expect-error
  new ShardMap([]).shards.push()
  // @ts-expect-error
  hashKey('a', 5n)
  // @ts-expect-error
  compareCheckpoints('1', '2')
  // @ts-expect-error a number would lose digits
  compareCheckpoints({ sequenceNumber: 1 }, record)
}

export function errors(error: KplError): boolean {
  // @ts-expect-error
  new KplError('ERR_KPL_OTHER', 'message')
  // @ts-expect-error
  new KplError('ERR_KPL_MALFORMED', 'message', { position: 1 })
  // @ts-expect-error
  error.code = 'ERR_KPL_MALFORMED'
  // @ts-expect-error a code that is none
  return error.code === 'ERR_KPL_TRUNCATED'
}
