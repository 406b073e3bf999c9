import type { Io } from '../command.js'
import type { Place } from '../place.js'
import { encodedRecords } from './encoded-records.js'
import { type Chunks, chunksOf, gunzipped, inputsOf, peeked, reasonOf, transcoded, wholeOf } from './files.js'
import { OF_KINESIS_RECORDS, elementsOf, withBytes } from './json-records.js'
import { type JsonValue, jsonValues } from './json-values.js'
import { type Kind, isByChance, isGzip, isTelling, kindOf, utf16Of } from './kind.js'
import { linesOf } from './lines.js'
import { splitRaw } from './split-raw.js'

/** A Kinesis record of any shape, unchecked, and where it stands. */
export interface Given {
  readonly place: Place
  readonly record: object
}

/** All Kinesis records in some files, some at once; what cannot be read is told, and the rest goes on. */
export async function* recordsIn(files: readonly string[], forced: Kind | 'auto', io: Io): AsyncGenerator<Given[]> {
  for await (const values of valuesIn(files, forced, io, areLinesOf(forced))) {
    const given = values.flatMap((value) => elementsOf(value, OF_KINESIS_RECORDS)).flatMap(({ place, value }) => recordOf(place, value, io))
    if (given.length > 0) yield given
  }
}

/**
 * What stands in some files, one file after the other: JSON, or records of which there is nothing but bytes.
 *
 * @param areLines as `jsonValues` has it.
 */
export async function* valuesIn(files: readonly string[], forced: Kind | 'auto', io: Io, areLines: boolean | undefined): AsyncGenerator<JsonValue[]> {
  for (const file of await inputsOf(files, io)) {
    try {
      yield* valuesOf(file, forced, io, areLines)
    } catch (error) {
      io.messages.fail({ file }, reasonOf(error))
    }
  }
  io.messages.status('')
}

/** Whether JSON is one value in each line, as far as --input tells: `undefined` where the first value is to tell. */
export function areLinesOf(forced: Kind | 'auto'): boolean | undefined {
  return forced === 'ndjson' ? true : forced === 'json' ? false : undefined
}

async function* valuesOf(file: string, forced: Kind | 'auto', io: Io, areLines: boolean | undefined): AsyncGenerator<JsonValue[]> {
  const { messages } = io
  const { kind, isGuess, chunks } = await contentOf(file, forced, io)
  if (kind === 'raw') return yield rawRecords(await wholeOf(chunks), file)
  const lines = linesOf(chunks)
  if (isGuess) messages.note({ file }, `read as ${kind}, though it does not begin as an aggregate (--input raw reads a payload as it is)`)
  if (kind === 'base64' || kind === 'hex') yield* encodedRecords(lines, file, kind, messages)
  else yield* jsonValues(lines, file, messages, areLines)
}

/** What a file holds once it is unpacked, and as what it is to be read. */
async function contentOf(file: string, forced: Kind | 'auto', io: Io): Promise<{ kind: Kind; isGuess: boolean; chunks: Chunks }> {
  const packed = await peeked(chunksOf(file, io), (head) => head.length >= 2)
  // A payload may be gzipped itself: with --input raw only the name tells that it is the file.
  const isPacked = isGzip(packed.head) && (forced !== 'raw' || file.endsWith('.gz'))
  const { head, isWhole, all } = await peeked(isPacked ? gunzipped(packed.all) : packed.all, isTelling)
  if (head.length === 0) io.messages.note({ file }, 'it is empty')
  const encoding = forced === 'raw' ? undefined : utf16Of(head)
  const kind = forced === 'auto' ? kindOf(head, isWhole) : forced
  const isGuess = forced === 'auto' && (kind === 'base64' || kind === 'hex') && isByChance(head)
  return { kind, isGuess, chunks: encoding === undefined || kind === 'raw' ? all : transcoded(all, encoding) }
}

function rawRecords(bytes: Buffer, file: string): JsonValue[] {
  const pieces = [...splitRaw(bytes)]
  return pieces.map(([start, end], n) => {
    const place = pieces.length === 1 ? { file } : { file, record: n + 1, byte: start }
    return { place, value: { data: bytes.subarray(start, end) } }
  })
}

function recordOf(place: Place, value: unknown, { messages }: Io): Given[] {
  const record = withBytes(value)
  if (typeof record !== 'object' || record === null) messages.fail(place, `a Kinesis record must be an object or base64 text, not ${JSON.stringify(value)}`)
  else if ('text' in record && !OF_KINESIS_RECORDS.some((name) => name in record)) messages.fail(place, 'this is a user record, no Kinesis record: see kpl-codec encode')
  else return [{ place, record }]
  return []
}
