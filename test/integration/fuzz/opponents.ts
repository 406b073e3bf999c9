// Whom kpl-codec is held against, and by what rules the two may part. A rule decides from the input alone, and says what
// each of the two gives then.
import { hash } from 'node:crypto'
import { type Given, type HashKeys, kclGives, reasonFor, weGive } from '../../../fixtures/reading-rules.js'
import { type Dialect, JAVA, OURS, type PlainRecord, readPlainly } from '../../../fixtures/plain-reader.js'
import { MAGIC } from '../../../fixtures/aggregates.js'
import type { Child } from '../peers/child.js'
import { joined, split } from '../peers/parts.js'
import { readingOf } from '../peers/reading.js'
import { deaggregated, decoded } from './ours.js'
import { PROTOBUFJS, parsedByProtobufjs } from './protobufjs.js'

export interface Opponent {
  readonly name: string
  ours(inputs: readonly Buffer[], range: HashKeys): Buffer[]
  theirs(inputs: readonly Buffer[], range: HashKeys): Promise<readonly Buffer[]>
  /** What each gives by the rules, and why they part where they do. */
  rules(data: Buffer, range: HashKeys): Rules
}

export interface Rules {
  readonly ours: Buffer
  readonly theirs: Buffer
  readonly reason: string | undefined
}

/** `AggregatorUtil`, in our options that come nearest to it. */
export function kcl(child: Child): Opponent {
  return {
    name: 'KCL',
    ours: deaggregated,
    theirs: (inputs, { startingHashKey, endingHashKey }) => child.ask('read', Buffer.from(startingHashKey), Buffer.from(endingHashKey), ...inputs),
    rules: (data, range) => {
      const input = { partitionKey: 'outer', data }
      const ours = weGive(input, 'passthrough', range)
      return { ours: readingOfGiven(ours as Given[]), theirs: readingOfGiven(kclGives(input, range)), reason: reasonFor(input, range) }
    },
  }
}

/** Google's protobuf for Java, on the message within. */
export function google(child: Child): Opponent {
  return parser('Google protobuf', (messages) => child.ask('parse', ...messages), JAVA)
}

/** protobufjs, on the message within: it needs no other language. */
export const protobufjs: Opponent = parser('protobufjs', async (messages) => messages.map(parsedByProtobufjs), PROTOBUFJS)

function parser(name: string, parse: (messages: readonly Buffer[]) => Promise<readonly Buffer[]>, dialect: Dialect): Opponent {
  return {
    name,
    ours: (inputs) => inputs.map(decoded),
    theirs: async (inputs) => {
      const frames = inputs.map(messageIn)
      const parsed = await parse(frames.filter((frame) => Buffer.isBuffer(frame)))
      let n = 0
      return frames.map((frame) => (Buffer.isBuffer(frame) ? parsed[n++]! : joined([Buffer.from(frame)])))
    },
    rules: (data) => {
      const theirs = readingOfMessage(data, dialect, asBytes)
      const ours = readingOfMessage(data, OURS, asText)
      return { ours, theirs, reason: ours.equals(theirs) ? undefined : (dialectReason(data, dialect) ?? 'invalid UTF-8') }
    },
  }
}

/** By the habit of a parser. */
const dialectReasons: Readonly<Record<keyof Dialect, string>> = {
  wide: 'length cut to 32 bits',
  narrowBytes: 'a tag or length in more than five bytes',
  unknownBytes: 'an unknown number in more than ten bytes',
  deep: 'an empty group 101 deep',
  tenth: 'the 64th bit of a number in ten bytes',
}

/** The message, or the code of the error that it is none. */
function messageIn(data: Buffer): Buffer | string {
  if (data.length <= 20 || !data.subarray(0, 4).equals(MAGIC)) return 'ERR_KPL_NOT_AGGREGATED'
  const message = data.subarray(4, -16)
  return hash('md5', message, 'buffer').equals(data.subarray(-16)) ? message : 'ERR_KPL_DIGEST_MISMATCH'
}

function readingOfGiven(given: readonly Given[]): Buffer {
  return readingOf(given.map((record) => ({ ...record, data: Buffer.from(record.data, 'base64') })))
}

/** The first habit of a parser that makes a difference. */
function dialectReason(data: Buffer, dialect: Dialect): string | undefined {
  const ours = readingOfMessage(data, OURS, asBytes)
  const habits = Object.keys(dialectReasons) as (keyof Dialect)[]
  const alone = habits.find((habit) => !readingOfMessage(data, { ...OURS, [habit]: dialect[habit] }, asBytes).equals(ours))
  return alone === undefined ? undefined : dialectReasons[alone]
}

const asBytes = (key: Buffer) => key
const asText = (key: Buffer) => Buffer.from(String(key))

function readingOfMessage(data: Buffer, dialect: Dialect, text: (key: Buffer) => Buffer): Buffer {
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

/** A reading in words, to be read by people: not too much of it. */
export function wordsOf(reading: Buffer): string {
  const words = split(reading).map((part) => (part.length === 0 ? '-' : /^[\x20-\x7e]+$/.test(part.toString('latin1')) ? String(part) : `0x${part.toString('hex')}`))
  return words.join(' ').slice(0, 400)
}
