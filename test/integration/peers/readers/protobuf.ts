// Protobuf libraries: the frame is taken off here, the message is read by them.
import { hash } from 'node:crypto'
import { readingOf } from '../reading.js'
import { OUTER_KEY, type RunningReader } from './reader.js'

/** What a library sees in a message, beside what a reading has. */
export interface Seen {
  /** The tags of each record as key and value. */
  readonly tags: readonly (readonly (readonly [string, string | null])[])[]
  /** The message serialised again. */
  readonly again: Buffer
}

export interface RunningLibrary extends RunningReader {
  see(payloads: readonly Buffer[]): Promise<Seen[]>
}

/** The message in an aggregate; `undefined` where it is none. */
export function messageIn(data: Buffer): Buffer | undefined {
  const message = data.subarray(4, -16)
  const isAggregate = data.length > 20 && data.readUInt32BE() === 0xf3899ac2 && hash('md5', message, 'buffer').equals(data.subarray(-16))
  return isAggregate ? message : undefined
}

/** Readings of all payloads, those of aggregates by a library. */
export async function readWith(payloads: readonly Buffer[], readMessages: (messages: readonly Buffer[]) => Promise<Buffer[]>): Promise<Buffer[]> {
  const messages = payloads.map(messageIn)
  const readings = await readMessages(messages.filter((message) => message !== undefined))
  return payloads.map((data, n) => (messages[n] === undefined ? readingOf([plain(data)]) : readings.shift()!))
}

function plain(data: Buffer) {
  return { aggregated: false, partitionKey: OUTER_KEY, explicitHashKey: undefined, subSequenceNumber: 0, data }
}
