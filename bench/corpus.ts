// What is measured: user records, and the Kinesis records that hold them.
import type { AggregateOptions, KinesisInput, SdkRecord } from 'kpl-codec'
import { readPlainly } from '../fixtures/plain-reader.js'

export interface Input {
  readonly partitionKey: string
  readonly explicitHashKey?: string | undefined
  readonly data: Buffer
}

export interface Corpus {
  readonly name: string
  readonly title: string
  /** The user records, by the Kinesis record that holds them. */
  readonly groups: readonly (readonly Input[])[]
  readonly inputs: readonly Input[]
  /** The data of each Kinesis record, and what writing the inputs gives (in a genuine corpus, nearly). */
  readonly payloads: readonly Buffer[]
  /** What is read: the payloads, or where they do not tell the partition key, records that do. */
  readonly records: readonly KinesisInput[]
  readonly writeOptions: AggregateOptions
}

export type Parts = Pick<Corpus, 'name' | 'title' | 'inputs' | 'payloads' | 'writeOptions'>

/** Proved by a reader that shares no line with kpl-codec. */
export function corpusOf(parts: Parts): Corpus {
  const groups = groupsIn(parts.payloads, parts.inputs)
  const records = parts.payloads.map((data, n) => (isPlain(data) ? sdkRecord(data, groups[n]![0]!, n) : data))
  return { ...parts, groups, records }
}

function isPlain(data: Buffer): boolean {
  return readPlainly(data).kind !== 'message'
}

function sdkRecord(data: Buffer, { partitionKey }: Input, n: number): SdkRecord {
  return { Data: data, PartitionKey: partitionKey, SequenceNumber: String(n) }
}

/** Which user records each payload holds; throws unless they are exactly these, in order. */
export function groupsIn(payloads: readonly Buffer[], inputs: readonly Input[]): Input[][] {
  let n = 0
  const groups = payloads.map((bytes) =>
    plainRecords(bytes).map(({ partitionKey, data }) => {
      const input = inputs[n++]
      if (input === undefined || (partitionKey ?? input.partitionKey) !== input.partitionKey || !data.equals(input.data)) {
        throw new Error(`user record ${n - 1} is not what was written`)
      }
      return input
    }),
  )
  if (n !== inputs.length) throw new Error(`${n} user records where ${inputs.length} were written`)
  return groups
}

function plainRecords(bytes: Buffer): { readonly partitionKey?: string; readonly data: Buffer }[] {
  const reading = readPlainly(bytes)
  if (reading.kind === 'no frame') return [{ data: bytes }]
  if (reading.kind !== 'message') throw new Error(`an aggregate is no message: ${reading.kind}`)
  return reading.records.map(({ keyIndex, data }) => ({ partitionKey: String(reading.keys[Number(keyIndex)]), data }))
}

export function bytesIn(chunks: readonly { readonly length: number }[]): number {
  return chunks.reduce((sum, { length }) => sum + length, 0)
}
