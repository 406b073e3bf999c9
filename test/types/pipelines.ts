// The streams go into every form of `pipeline`, those with functions too. Here the package's types
// take more than the contract's: an async iterator of user records is none of text and bytes, which
// the types of Node ask of a stream.
import type { Readable, Writable } from 'node:stream'
import { pipeline as pipelineWithCallback } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { AggregateStream, DeaggregateStream, PutRecordsEntry, UserRecord } from 'kpl-codec'

interface Captured {
  readonly data: string
  readonly file: string
}
type Read = UserRecord<Captured>

async function* change(records: AsyncIterable<Read>): AsyncGenerator<Read> {
  for await (const record of records) if (record.source.file !== '') yield record
}

async function consume(entries: AsyncIterable<PutRecordsEntry<Read>>): Promise<void> {
  for await (const { userRecords } of entries) userRecords.map(({ source }) => source.file)
}

export const pipelines = (
  captured: Captured[],
  source: Readable,
  reader: DeaggregateStream<Captured>,
  writer: AggregateStream<Read>,
  sink: Writable,
) => [
  pipeline(source, reader, writer, sink),
  pipeline(source, reader, writer),
  pipeline(source, reader, writer, consume),
  pipeline(captured, reader, change, writer, consume),
  pipeline([source, reader, writer]),
  pipelineWithCallback(source, reader, writer, sink, (error) => error?.code),
  source.pipe(reader).pipe(writer).pipe(sink),
]
