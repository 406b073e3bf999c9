// What is read from the streams is typed, and so is what their options are given.
import { Readable } from 'node:stream'
import { AggregateStream, DeaggregateStream, type KinesisInput, type PutRecordsEntry, type UserRecord, type UserRecordInput } from 'kpl-codec'
import type { Expect, Identical } from './expect.js'

interface Captured {
  readonly data: string
  readonly file: string
}
type Read = UserRecord<Captured>
declare const reader: DeaggregateStream<Captured>
declare const writer: AggregateStream<Read>

export async function read(): Promise<void> {
  for await (const { source } of reader) source.file.length
  for await (const { userRecords } of writer) userRecords.map(({ source }) => source.file)
  const record: Read = reader.read()
  const entry: PutRecordsEntry<Read> = writer.read()
  const again: AsyncIterable<Read> = reader
  console.log(record, entry, again, Readable.from(again))
}

type Step<T extends AsyncIterable<unknown>> = T extends AsyncIterable<infer U> ? U : never
export type Steps = Expect<{
  reader: Identical<Step<typeof reader>, Read>
  writer: Identical<Step<typeof writer>, PutRecordsEntry<Read>>
  'a reader of anything': Identical<Step<DeaggregateStream>, UserRecord<KinesisInput>>
  'a writer of anything': Identical<Step<AggregateStream>, PutRecordsEntry<UserRecordInput>>
}>

export const options = () => [
  new DeaggregateStream<Captured>({ highWaterMark: 1, onRejected: (_, source) => source.file, onHidden: ([record]) => record?.source.file }),
  new DeaggregateStream<Captured>({ readableHighWaterMark: 1, writableHighWaterMark: 1, autoDestroy: false, emitClose: false, copy: true }),
  new AggregateStream<Read>({ recordMaxBufferedTime: Infinity, signal: AbortSignal.timeout(1), onRejected: (_, { source }) => source.file }),
  new DeaggregateStream(undefined),
  new AggregateStream(undefined),
  writer.flush(),
  writer.flush((error) => error?.message),
]
