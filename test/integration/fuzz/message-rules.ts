// What a parser of protobuf makes of an input's message, by its habits, in the form of Parsed.java.
import { hash } from 'node:crypto'
import { MAGIC } from '../../../fixtures/aggregates.js'
import { type Dialect, OURS, type PlainRecord, readPlainly } from '../../../fixtures/plain-reader.js'
import { joined } from '../../../fixtures/parts.js'

/** The message, or the code of the error that it is none. */
export function messageIn(data: Buffer): Buffer | string {
  if (data.length <= 20 || !data.subarray(0, 4).equals(MAGIC)) return 'ERR_KPL_NOT_AGGREGATED'
  const message = data.subarray(4, -16)
  return hash('md5', message, 'buffer').equals(data.subarray(-16)) ? message : 'ERR_KPL_DIGEST_MISMATCH'
}

/** By the habit of a parser. */
const dialectReasons: Readonly<Record<keyof Dialect, string>> = {
  wide: 'length cut to 32 bits',
  narrowBytes: 'a tag or length in more than five bytes',
  unknownBytes: 'an unknown number in more than ten bytes',
  deep: 'an empty group 101 deep',
  tenth: 'the 64th bit of a number in ten bytes',
}

/** The texts, or the first habit of the parser that makes a difference by itself. */
export function reasonOf(data: Buffer, dialect: Dialect): string {
  const ours = readingOfMessage(data, OURS, asBytes)
  if (readingOfMessage(data, dialect, asBytes).equals(ours)) return 'invalid UTF-8'
  const habits = Object.keys(dialectReasons) as (keyof Dialect)[]
  const alone = habits.find((habit) => !readingOfMessage(data, { ...OURS, [habit]: dialect[habit] }, asBytes).equals(ours))
  return alone === undefined ? 'several habits at once' : dialectReasons[alone]
}

export const asBytes = (key: Buffer) => key
export const asText = (key: Buffer) => Buffer.from(String(key))

export function readingOfMessage(data: Buffer, dialect: Dialect, text: (key: Buffer) => Buffer): Buffer {
  const reading = readPlainly(data, dialect)
  if (reading.kind === 'no frame') return joined([Buffer.from('ERR_KPL_NOT_AGGREGATED')])
  if (reading.kind === 'wrong digest') return joined([Buffer.from('ERR_KPL_DIGEST_MISMATCH')])
  if (reading.kind === 'no message') return joined([Buffer.from('no message')])
  const { keys, explicitKeys, records } = reading
  const isIn = (index: bigint | undefined, table: readonly Buffer[]) => index === undefined || index < BigInt(table.length)
  if (!records.every(({ keyIndex, explicitIndex }) => isIn(keyIndex, keys) && isIn(explicitIndex, explicitKeys))) return joined([Buffer.from('outside')])
  const marked = (key: Buffer | undefined) => (key === undefined ? Buffer.alloc(0) : Buffer.concat([Buffer.from('+'), text(key)]))
  const parts = records.flatMap(({ keyIndex, explicitIndex, data, tags }: PlainRecord) => [
    text(keys[Number(keyIndex)]!),
    explicitIndex === undefined ? Buffer.alloc(0) : marked(explicitKeys[Number(explicitIndex)]),
    data,
    joined(tags.flatMap(({ key, value }) => [text(key), marked(value)])),
  ])
  return joined([Buffer.from('ok'), ...parts])
}
