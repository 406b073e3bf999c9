// protobufjs, with code made from the schema.
import protobuf from 'protobufjs'
import { SCHEMA } from '../../fixtures/schema.js'
import type { Message, MessageLibrary } from './message-peer.js'

interface Decoded {
  readonly partitionKeyTable: readonly string[]
  readonly records: readonly DecodedRecord[]
}

interface DecodedRecord {
  /** A Long where protobufjs finds that package. */
  readonly partitionKeyIndex: number | { toNumber(): number }
  readonly data: Uint8Array
}

const type = protobuf.parse(SCHEMA).root.lookupType('AggregatedRecord')

const decode = (bytes: Uint8Array) => type.decode(bytes) as unknown as Decoded
const indexOf = ({ partitionKeyIndex }: DecodedRecord) => (typeof partitionKeyIndex === 'number' ? partitionKeyIndex : partitionKeyIndex.toNumber())

export const protobufjs: MessageLibrary = {
  touch: (bytes) => {
    let sum = 0
    const { partitionKeyTable: keys, records } = decode(bytes)
    for (const record of records) sum += keys[indexOf(record)]!.length + record.data.length
    return sum
  },
  read: (bytes) => {
    const { partitionKeyTable: keys, records } = decode(bytes)
    return records.map((record) => ({ partitionKey: keys[indexOf(record)]!, data: record.data }))
  },
  encode: ({ keys, explicitKeys, records }: Message) =>
    type
      .encode({
        partitionKeyTable: keys,
        explicitHashKeyTable: explicitKeys,
        records: records.map(({ keyIndex, explicitKeyIndex, data }) => ({ partitionKeyIndex: keyIndex, explicitHashKeyIndex: explicitKeyIndex, data })),
      })
      .finish(),
}
