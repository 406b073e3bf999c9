// The worst that so many bytes can be, and what is done with them.
import {
  type DeaggregateOptions, DeaggregateStream, KplError, compareCheckpoints, deaggregate, decodeAggregate, hashKey, isAggregated,
} from 'kpl-codec'
import { bytes, frame, number, record, withWrongDigest } from '../../../fixtures/aggregates.js'
import { worstMessages } from '../../../fixtures/worst-messages.js'

export interface Kind {
  readonly name: string
  /** Makes the bytes, and gives what is to be measured; what that gives in turn is told. */
  prepare(size: number): () => unknown
}

const RANGE = { startingHashKey: '0', endingHashKey: String(2n ** 128n - 1n) }
const AFTER = { sequenceNumber: '0' }
const SMALLEST = frame(bytes(1, ''), record(number(1, 0), bytes(3, '')))
const messageOf = (name: string) => worstMessages.find((message) => message.name === name)!

function drained(records: Iterable<unknown>): string {
  let count = 0
  for (const _ of records) count++
  return told(count)
}

function told(count: number): string {
  return count === 1 ? '1 user record' : `${count} user records`
}

function reading(name: string, make: (size: number) => unknown, options?: DeaggregateOptions): Kind {
  return {
    name,
    prepare(size) {
      const input = make(size)
      return () => drained(deaggregate(input as Buffer, options))
    },
  }
}

/** With one text of so many letters. */
function text(name: string, make: (size: number) => string, use: (text: string) => unknown): Kind {
  return {
    name,
    prepare(size) {
      const made = make(size)
      return () => use(made)
    },
  }
}

/** With one user record that holds so many bytes. */
function payload(name: string, make: (size: number) => Buffer, use: (record: { json(): unknown; text(): string; toJSON(): unknown }) => unknown): Kind {
  return {
    name,
    prepare(size) {
      const [first] = deaggregate(make(size))
      return () => use(first!)
    },
  }
}

function streaming(name: string, make: (size: number) => Iterable<Buffer | readonly Buffer[]>): Kind {
  return {
    name,
    prepare(size) {
      const chunks = make(size)
      return async () => {
        const stream = new DeaggregateStream()
        for (const chunk of chunks) stream.write(chunk)
        stream.end()
        let count = 0
        for await (const _ of stream) count++
        return told(count)
      }
    },
  }
}

const digits = (size: number) => '1'.repeat(size)
const tagged = messageOf('tags')

const kinds: readonly Kind[] = [
  ...worstMessages.map(({ name, make, options }) => reading(name, (size) => make(size).data, options)),
  reading('empty user records, copied', (size) => messageOf('empty user records').make(size).data, { copy: true }),
  reading('hidden user records, told to onHidden', (size) => messageOf('hidden user records').make(size).data, { ...messageOf('hidden user records').options, onHidden: () => {} }),
  reading('no aggregate', (size) => Buffer.alloc(size)),
  reading('a wrong digest', (size) => withWrongDigest(messageOf('empty user records').make(size).data)),
  reading('Kinesis records of one byte', (size) => Array<Buffer>(size).fill(Buffer.alloc(1))),
  reading('the smallest aggregates', (size) => Array<Buffer>(Math.floor(size / SMALLEST.length)).fill(SMALLEST)),
  reading('aggregates that are malformed, each rejected', (size) => Array<Buffer>(Math.floor(size / 21)).fill(frame(Buffer.alloc(1))), { onRejected: () => {} }),
  streaming('empty user records, in a stream', (size) => [messageOf('empty user records').make(size).data]),
  streaming('lists of one record of 50 bytes, written to a stream at once', (size) => Array.from({ length: size / 50 }, () => [Buffer.alloc(50)])),
  { name: 'empty user records, decodeAggregate', prepare: (size) => decoding(messageOf('empty user records').make(size).data) },
  text('base64', (size) => Buffer.alloc(size).toString('base64'), (data) => drained(deaggregate({ data }))),
  text('base64 of URL-safe letters', (size) => '-_'.repeat(size / 2), (data) => drained(deaggregate({ data }))),
  text('base64 in lines of 76 letters', (size) => `${'A'.repeat(75)}\n`.repeat(size / 76), (data) => drained(deaggregate({ data }))),
  text('base64 of nothing but padding', (size) => '='.repeat(size), (data) => drained(deaggregate({ data }))),
  text('text that is no base64', (size) => '水'.repeat(size / 3), (data) => drained(deaggregate({ data }))),
  text('base64 that begins like an aggregate, isAggregated', (size) => `84mawg${'A'.repeat(size)}`, isAggregated),
  text('a sequence number of digits', digits, (sequenceNumber) => drained(deaggregate({ data: 'eA==', sequenceNumber }))),
  text('a sequence number of digits, under a checkpoint', digits, (sequenceNumber) => drained(deaggregate({ data: 'eA==', sequenceNumber }, { after: AFTER }))),
  text('a checkpoint of digits', digits, (sequenceNumber) => compareCheckpoints({ sequenceNumber }, AFTER)),
  text('a sub-sequence number of digits', digits, (subSequenceNumber) => drained(deaggregate({ data: 'eA==', subSequenceNumber }))),
  text('a shard id without end', digits, (eventID) => drained(deaggregate({ kinesis: { data: 'eA==' }, eventID }, { hashKeyRange: RANGE }))),
  text('a time of digits', (size) => `2020-01-01T${digits(size)}`, (ApproximateArrivalTimestamp) => {
    const [first] = deaggregate({ Data: 'eA==', ApproximateArrivalTimestamp })
    return String(first!.approximateArrivalTimestamp)
  }),
  text('a partition key, hashKey', digits, hashKey),
  text('an explicit hash key of zeros and a letter, hashKey', (size) => `${'0'.repeat(size)}x`, (explicit) => hashKey('a', explicit)),
  payload('bytes that are no UTF-8, text()', (size) => Buffer.alloc(size, 0xff), (first) => `${first.text().length} letters`),
  payload('JSON of open brackets, json()', (size) => Buffer.alloc(size, '['), (first) => first.json()),
  payload('JSON of nested lists, json()', (size) => Buffer.from('['.repeat(size / 2) + ']'.repeat(size / 2)), (first) => typeof first.json()),
  payload('JSON of one number, json()', (size) => Buffer.alloc(size, '1'), (first) => first.json()),
  payload('JSON of one name again and again, json()', (size) => Buffer.from(`{${'"a":1,'.repeat(size / 6)}"a":1}`), (first) => Object.keys(first.json() as object).length),
  payload('JSON of other names each time, json()', (size) => Buffer.from(`{${Array.from({ length: size / 12 }, (_, n) => `"${String(n).padStart(7)}":1`).join()}}`), (first) => Object.keys(first.json() as object).length),
  payload('tags, toJSON()', (size) => tagged.make(size).data, (first) => `${(first.toJSON() as { tags: unknown[] }).tags.length} tags`),
]

export default kinds

function decoding(data: Buffer): () => string {
  return () => told(decodeAggregate(data).records.length)
}

/** What came of it, in a word or two. */
export async function outcomeOf(run: () => unknown): Promise<string> {
  try {
    return String(await run())
  } catch (error) {
    if (error instanceof KplError) return error.code
    throw error
  }
}
