// Whom kpl-codec is held against, and by what rules the two may part. A rule decides from the input alone, and says what
// each of the two gives then.
import { type Given, type HashKeys, kclGives, reasonFor, weGive } from '../../../fixtures/reading-rules.js'
import { type Dialect, JAVA, OURS } from '../../../fixtures/plain-reader.js'
import { joined } from '../../../fixtures/parts.js'
import type { Child } from '../peers/child.js'
import { readingOf } from '../peers/reading.js'
import { asBytes, asText, messageIn, readingOfMessage, reasonOf } from './message-rules.js'
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
      return { ours, theirs, reason: ours.equals(theirs) ? undefined : reasonOf(data, dialect) }
    },
  }
}

function readingOfGiven(given: readonly Given[]): Buffer {
  return readingOf(given.map((record) => ({ ...record, data: Buffer.from(record.data, 'base64') })))
}
