// Uses the types as users do; what is wrong on purpose must stay wrong.
import type { Context, KinesisStreamEvent } from 'aws-lambda'
import { processBatch } from 'kpl-codec/lambda'
import { AggregateStream, DeaggregateStream, type KinesisInput, type PutRecordsEntry, type UserRecord, aggregate, deaggregate } from 'kpl-codec'

export function texts(records: KinesisInput[]): string[] {
  return Array.from(deaggregate(records, { malformed: 'passthrough' }), (record: UserRecord) => record.text())
}

export const entries: PutRecordsEntry[] = [...aggregate([{ partitionKey: 'a', data: 'b' }])]
export const streams = [new AggregateStream(), new DeaggregateStream()]

export const handler = (event: KinesisStreamEvent, context: Context) => processBatch(event, (record) => record.json(), { context })

// @ts-expect-error: there is no such option
deaggregate([], { malformed: 'ignore' })
// @ts-expect-error: a user record has no such member
export const wrong = Array.from(deaggregate([Buffer.alloc(0)]), (record) => record.payload)
