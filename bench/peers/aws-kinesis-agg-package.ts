// The package with types for what is called: its own need the AWS SDK and lack the aggregator.
import aws from 'aws-kinesis-agg'
import type { Input } from '../corpus.js'

interface Package {
  deaggregateSync(
    record: { readonly data: Buffer; readonly partitionKey: string; readonly sequenceNumber: string },
    computeChecksums: boolean,
    done: (error: Error | null, records: { readonly partitionKey: string; readonly data: string }[]) => void,
  ): void
  readonly RecordAggregator: new () => { addUserRecord(record: Input): void; build(): { readonly data: Buffer } }
}

export const { deaggregateSync, RecordAggregator } = aws as unknown as Package
