// The package of awslabs for Node with types for what is called: its own need the AWS SDK and lack the aggregator.
import aws from 'aws-kinesis-agg'

interface KinesisRecord {
  readonly partitionKey: string
  readonly sequenceNumber: string
  /** Base64. */
  readonly data: string
}

export interface UserRecord extends KinesisRecord {
  readonly explicitPartitionKey: string | undefined
  /** Only of what comes out of an aggregate. */
  readonly subSequenceNumber?: number
}

interface Encoded {
  readonly partitionKey: string
  readonly ExplicitHashKey?: string
  readonly data: Buffer
}

type Done = (error: Error | null | undefined, encoded?: Encoded) => void

interface Package {
  deaggregateSync(record: KinesisRecord, computeChecksums: boolean, done: (error: Error | undefined, records?: readonly UserRecord[]) => void): void
  readonly RecordAggregator: new () => {
    aggregateRecords(
      records: readonly { readonly partitionKey: string; readonly explicitHashKey?: string | undefined; readonly data: Buffer }[],
      forceFlush: boolean,
      done: Done,
    ): void
    flushBufferedRecords(done: Done): void
  }
}

export const { deaggregateSync, RecordAggregator } = aws as unknown as Package
