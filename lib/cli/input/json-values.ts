import { isUtf8 } from 'node:buffer'
import type { Messages } from '../messages.js'
import type { Place } from '../place.js'
import { checkHeld } from './files.js'
import type { Line } from './lines.js'

export interface JsonValue {
  readonly place: Place
  readonly value: unknown
}

/**
 * The JSON values in some lines, one after the other: each in a line of its own,
 * or over several lines as programs print it for people. From the first value on that
 * stands in one line all of them do, so that a broken line is not taken for the
 * beginning of a longer value.
 *
 * @param areLines whether that is so from the beginning on; `false`: not even then.
 */
export async function* jsonValues(batches: AsyncIterable<Line[]>, file: string, messages: Messages, areLines?: boolean): AsyncGenerator<JsonValue[]> {
  let isByLine = areLines === true
  let open: Buffer[] = []
  let size = 0
  let depth = 0
  let isFirst = true
  for await (const lines of batches) {
    const values: JsonValue[] = []
    for (const { number, bytes } of lines) {
      if (open.length === 0 && bytes.every((byte) => BLANKS.includes(byte))) continue
      if (!isByLine) {
        depth = depthAfter(bytes, depth)
        size += bytes.length
        checkHeld(size, 'one JSON value')
        open.push(bytes)
        if (depth > 0) continue
      }
      const isOneLine = isByLine || open.length === 1
      const whole = isByLine ? bytes : Buffer.concat(open)
      // Of a value alone in its file the line says nothing.
      const place: Place = isOneLine ? { file, line: number } : { file, ...(isFirst ? {} : { line: number - open.length + 1 }) }
      parsed(whole, place, isByLine && areLines === undefined, messages, values)
      if (areLines === undefined && isOneLine) isByLine = true
      isFirst = false
      open = []
      size = depth = 0
    }
    if (values.length > 0) yield values
  }
  if (open.length > 0) messages.fail({ file }, `the JSON value ends too early${areLines === undefined ? ' (--input ndjson reads line by line)' : ''}`)
}

/** JSON's: tab, line feed, carriage return, space. */
const BLANKS = [0x09, 0x0a, 0x0d, 0x20]

/** @param isGuess whether it was taken for a whole value because the first one stood in one line. */
function parsed(bytes: Buffer, place: Place, isGuess: boolean, messages: Messages, values: JsonValue[]): void {
  // What is no UTF-8 would be replaced, in keys too.
  if (!isUtf8(bytes)) return messages.fail(place, 'no JSON: it is not UTF-8')
  try {
    values.push({ place, value: JSON.parse(bytes.toString()) as unknown })
  } catch (error) {
    const hint = isGuess && depthAfter(bytes, 0) > 0 ? ' (--input json reads values over several lines)' : ''
    messages.fail(place, `no JSON: ${(error as Error).message}${hint}`)
  }
}

/** How many brackets are open behind a line; 0 where it ends within a text, for that no JSON does. */
function depthAfter(line: Buffer, depth: number): number {
  const QUOTE = 0x22
  const BACKSLASH = 0x5c
  let isText = false
  for (let n = 0; n < line.length; n++) {
    const byte = line[n]!
    if (isText) {
      if (byte === BACKSLASH) n++
      else if (byte === QUOTE) isText = false
    } else if (byte === QUOTE) isText = true
    // { and [, } and ]
    else if (byte === 0x7b || byte === 0x5b) depth++
    else if (byte === 0x7d || byte === 0x5d) depth--
  }
  return isText ? 0 : depth
}
