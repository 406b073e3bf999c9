// The records of Lambda's events are read as they come.
import type {
  FirehoseTransformationEvent,
  FirehoseTransformationEventRecord,
  FirehoseTransformationHandler,
  KinesisStreamHandler,
  KinesisStreamRecord,
  KinesisStreamRecordPayload,
  KinesisStreamTumblingWindowEvent,
} from 'aws-lambda'
import { type UserRecord, deaggregate, isAggregated } from 'kpl-codec'
import type { Expect, Identical } from './expect.js'

export const onKinesis: KinesisStreamHandler = async (event) => {
  const failed: string[] = []
  for (const record of deaggregate(event.Records, { onRejected: (_, { kinesis }) => failed.push(kinesis.sequenceNumber) })) {
    const { source }: { source: KinesisStreamRecord } = record
    if (!isAggregated(source.kinesis.data) && record.aggregated) failed.push(record.sequenceNumber)
  }
  return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) }
}

export const onFirehose: FirehoseTransformationHandler = async (event) => ({
  records: event.records.map((record) => ({
    recordId: record.recordId,
    result: 'Ok',
    data: Buffer.concat(Array.from(deaggregate(record), ({ data }) => data)).toString('base64'),
  })),
})

/** @types/aws-lambda has no Kinesis Analytics: this is its documented input for a Lambda preprocessor. */
interface AnalyticsRecord {
  recordId: string
  kinesisStreamRecordMetadata: { sequenceNumber: string; partitionKey: string; shardId: string; approximateArrivalTimestamp: number }
  data: string
}

/** Nor EventBridge Pipes, which puts everything on one level. */
interface PipesRecord extends KinesisStreamRecordPayload {
  eventID: string
  eventSource: string
  awsRegion: string
}

/** What aws-kcl (the KCL's MultiLangDaemon for Node.js) hands to processRecords. */
interface KclRecord {
  data: string
  partitionKey: string
  sequenceNumber: string
  subSequenceNumber?: number | null
  approximateArrivalTimestamp: number
}

export const read = (
  window: KinesisStreamTumblingWindowEvent,
  firehose: FirehoseTransformationEvent,
  analytics: AnalyticsRecord[],
  pipes: PipesRecord[],
  kcl: KclRecord[],
  payload: KinesisStreamRecordPayload,
) => ({
  window: deaggregate(window.Records),
  firehose: deaggregate(firehose.records),
  analytics: deaggregate(analytics),
  pipes: deaggregate(pipes),
  kcl: deaggregate(kcl),
  payload: deaggregate(payload),
})

type Read = ReturnType<typeof read>
export type Sources = Expect<{
  window: Identical<Read['window'], Iterable<UserRecord<KinesisStreamRecord>>>
  firehose: Identical<Read['firehose'], Iterable<UserRecord<FirehoseTransformationEventRecord>>>
  analytics: Identical<Read['analytics'], Iterable<UserRecord<AnalyticsRecord>>>
  pipes: Identical<Read['pipes'], Iterable<UserRecord<PipesRecord>>>
  kcl: Identical<Read['kcl'], Iterable<UserRecord<KclRecord>>>
  payload: Identical<Read['payload'], Iterable<UserRecord<KinesisStreamRecordPayload>>>
}>
