// Messages as protobufjs parses them, in the form of Parsed.java. Texts are declared as bytes, which are the same on the
// wire: how invalid UTF-8 is read is no matter of the message's form.
import protobuf from 'protobufjs'
import type { Dialect } from '../../../fixtures/plain-reader.js'
import { SCHEMA } from '../../../fixtures/schema.js'
import { joined } from '../../../fixtures/parts.js'

/** Its habits: it does not look how long a number is that it passes over, and lets an empty group be one deeper. */
export const PROTOBUFJS: Dialect = { wide: 'refused', narrowBytes: 5, unknownBytes: Infinity, deep: 'field', tenth: 'as written' }

/** A Long, of the package that protobufjs brings. */
interface Unsigned64 {
  toString(): string
}

interface Message {
  readonly partitionKeyTable: readonly Uint8Array[]
  readonly explicitHashKeyTable: readonly Uint8Array[]
  readonly records: readonly {
    readonly partitionKeyIndex: Unsigned64
    readonly explicitHashKeyIndex?: Unsigned64
    readonly data: Uint8Array
    readonly tags: readonly { readonly key: Uint8Array; readonly value?: Uint8Array }[]
  }[]
}

const type = protobuf.parse(SCHEMA.replaceAll(' string ', ' bytes ')).root.lookupType('AggregatedRecord')

const NONE = Buffer.alloc(0)
const PLUS = Buffer.from('+')

export function parsedByProtobufjs(bytes: Uint8Array): Buffer {
  let message: Message
  try {
    message = type.decode(bytes) as unknown as Message
  } catch {
    return joined([Buffer.from('no message')])
  }
  const parts: Uint8Array[] = [Buffer.from('ok')]
  for (const record of message.records) {
    const key = entry(message.partitionKeyTable, record.partitionKeyIndex)
    // What is not set is the prototype's.
    const isExplicit = Object.hasOwn(record, 'explicitHashKeyIndex')
    const explicit = isExplicit ? entry(message.explicitHashKeyTable, record.explicitHashKeyIndex!) : NONE
    if (key === undefined || explicit === undefined) return joined([Buffer.from('outside')])
    const tags = record.tags.flatMap((tag) => [tag.key, Object.hasOwn(tag, 'value') ? Buffer.concat([PLUS, tag.value!]) : NONE])
    parts.push(key, isExplicit ? Buffer.concat([PLUS, explicit]) : NONE, record.data, joined(tags))
  }
  return joined(parts)
}

function entry(table: readonly Uint8Array[], index: Unsigned64): Uint8Array | undefined {
  return table[Number(String(index))]
}
