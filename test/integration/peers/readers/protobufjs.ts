// protobufjs, with code made from the schema.
import protobuf from 'protobufjs'
import { SCHEMA } from '../../../../fixtures/schema.js'
import { type Read, failed, readingOf } from '../reading.js'
import { versionIn } from '../version.js'
import { type RunningLibrary, messageIn, readWith } from './protobuf.js'
import type { Reader } from './reader.js'

interface Message {
  readonly partitionKeyTable: readonly string[]
  readonly explicitHashKeyTable: readonly string[]
  readonly records: readonly {
    /** A Long where protobufjs finds that package. */
    readonly partitionKeyIndex: unknown
    readonly explicitHashKeyIndex?: unknown
    readonly data: Buffer
    readonly tags: readonly { readonly key: string; readonly value?: string }[]
  }[]
}

const type = protobuf.parse(SCHEMA).root.lookupType('AggregatedRecord')
const decode = (message: Buffer) => type.decode(message) as unknown as Message

export const protobufjs: Reader & { start(): RunningLibrary } = {
  name: `protobufjs ${versionIn('../package.json', 'protobufjs')}`,
  toolchain: undefined,
  faults: [],
  start: () => ({
    read: (payloads) => readWith(payloads, async (messages) => messages.map(read)),
    see: async (payloads) => payloads.map((data) => see(messageIn(data)!)),
    stop: () => {},
  }),
}

function read(message: Buffer): Buffer {
  try {
    const { partitionKeyTable: keys, explicitHashKeyTable: explicitKeys, records } = decode(message)
    return readingOf(
      records.map((record, subSequenceNumber): Read => {
        // What is not there is on the prototype, as its default.
        const explicitHashKey = Object.hasOwn(record, 'explicitHashKeyIndex') ? explicitKeys[Number(record.explicitHashKeyIndex)]! : undefined
        return { aggregated: true, partitionKey: keys[Number(record.partitionKeyIndex)]!, explicitHashKey, subSequenceNumber, data: record.data }
      }),
    )
  } catch (error) {
    return failed(error)
  }
}

function see(message: Buffer) {
  const decoded = decode(message)
  const tags = decoded.records.map(({ tags }) => tags.map((tag) => [tag.key, Object.hasOwn(tag, 'value') ? tag.value! : null] as const))
  return { tags, again: Buffer.from(type.encode(decoded).finish()) }
}
