// kpl-codec/lambda takes and gives what @types/aws-lambda says, without knowing it.
import type {
  Context,
  KinesisStreamBatchResponse,
  KinesisStreamEvent,
  KinesisStreamHandler,
  KinesisStreamRecord,
  KinesisStreamStateResponse,
  KinesisStreamTumblingWindowEvent,
  KinesisStreamTumblingWindowHandler,
} from 'aws-lambda'
import { type LambdaRecord, type UserRecord, deaggregate } from 'kpl-codec'
import {
  type BatchResponse,
  type KinesisEvent,
  type ProcessBatchOptions,
  type WindowEvent,
  type WindowResponse,
  idempotencyKey,
  processBatch,
  toEvent,
} from 'kpl-codec/lambda'
import type { Expect, Identical } from './expect.js'

export const threeLines: KinesisStreamHandler = (event, context) => processBatch(event, async (record) => console.log(record.json()), { context })

export const withAllOptions: KinesisStreamHandler = async (event: KinesisStreamEvent, context: Context) => {
  const response: KinesisStreamBatchResponse = await processBatch(event, (record) => record.text(), {
    context,
    minRemainingTime: 500,
    concurrency: 10,
    onError: (_: unknown, source: KinesisStreamRecord, record: UserRecord<KinesisStreamRecord> | undefined) => {
      console.error(source.eventID, record?.subSequenceNumber)
    },
    hashKeyRange: { startingHashKey: '0', endingHashKey: '1' },
    onHidden: async (records: readonly UserRecord<KinesisStreamRecord>[]) => console.warn(records.length),
    digestMismatch: 'error',
    malformed: 'passthrough',
    copy: true,
  })
  return response
}

export const inWindow: KinesisStreamTumblingWindowHandler = async (event) => {
  const response = await processBatch(event, async (record, state: { n?: number }) => ({ n: (state.n ?? 0) + record.data.length }))
  const { n }: { n?: number } = response.state
  return n === undefined ? response : { ...response, state: { n } }
}

export const inWindowUntyped: KinesisStreamTumblingWindowHandler = (event, context) =>
  processBatch(event, (record, state) => ({ ...state, [record.partitionKey]: 1 + (state[record.partitionKey] ?? 0) }), { context })

export const throughToEvent: KinesisStreamHandler = async (event) => {
  const same: KinesisStreamEvent = toEvent(event, { onRejected: (_, { eventID }) => console.error(eventID) })
  const keys = Array.from(deaggregate(same.Records), idempotencyKey)
  return processBatch(same, (record) => keys.includes(idempotencyKey(record)))
}

export const calls = (event: KinesisStreamEvent, window: KinesisStreamTumblingWindowEvent) => ({
  batch: processBatch(event, ({ source }) => source),
  window: processBatch(window, (_, state: { n: number }) => state),
  event: toEvent(event),
  windowEvent: toEvent(window),
})

type Calls = { [Name in keyof ReturnType<typeof calls>]: Awaited<ReturnType<typeof calls>[Name]> }
export type Outcomes = Expect<{
  batch: Identical<Calls['batch'], BatchResponse>
  window: Identical<Calls['window'], WindowResponse<{ n: number }>>
  event: Identical<Calls['event'], KinesisStreamEvent>
  windowEvent: Identical<Calls['windowEvent'], KinesisStreamTumblingWindowEvent>
  'a batch response fits': BatchResponse extends KinesisStreamBatchResponse ? true : false
  'a window response fits': WindowResponse<{ n: number }> extends KinesisStreamStateResponse ? true : false
  'an event fits': KinesisStreamEvent extends KinesisEvent<KinesisStreamRecord> ? true : false
  "a window's event fits": KinesisStreamTumblingWindowEvent extends WindowEvent<KinesisStreamRecord> ? true : false
  'Context fits': Context extends NonNullable<ProcessBatchOptions['context']> ? true : false
  'a record fits': KinesisStreamRecord extends LambdaRecord ? true : false
}>

export const refused = (event: KinesisStreamEvent, window: KinesisStreamTumblingWindowEvent) => [
  // @ts-expect-error in a window the handler must return the next state
  processBatch(window, async () => {}),
  // @ts-expect-error the records, and not the event
  processBatch(event.Records, () => {}),
  // @ts-expect-error a user record that fails is told to onError, and cannot be passed over
  processBatch(event, () => {}, { onRejected: () => {} }),
  // @ts-expect-error Lambda keeps the checkpoint
  processBatch(event, () => {}, { after: { sequenceNumber: '1' } }),
  // @ts-expect-error milliseconds are a number
  processBatch(event, () => {}, { minRemainingTime: '1s' }),
]
