// @bufbuild/protobuf, with the schema as a descriptor: what its generated files hold in base64.
import { type DescMessage, type MessageShape, create, createFileRegistry, fromBinary, toBinary } from '@bufbuild/protobuf'
import {
  Edition,
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as Type,
  FileDescriptorProtoSchema,
} from '@bufbuild/protobuf/wkt'
import type { MessageLibrary } from './message-peer.js'

interface Decoded {
  readonly partitionKeyTable: readonly string[]
  readonly records: readonly DecodedRecord[]
}

interface DecodedRecord {
  readonly partitionKeyIndex: bigint
  readonly data: Uint8Array
}

const [aggregatedRecord, record] = schema()

const decode = (bytes: Uint8Array) => fromBinary(aggregatedRecord, bytes) as unknown as Decoded

export const bufbuild: MessageLibrary = {
  touch: (bytes) => {
    let sum = 0
    const { partitionKeyTable: keys, records } = decode(bytes)
    for (const record of records) sum += keys[Number(record.partitionKeyIndex)]!.length + record.data.length
    return sum
  },
  read: (bytes) => {
    const { partitionKeyTable: keys, records } = decode(bytes)
    return records.map((record) => ({ partitionKey: keys[Number(record.partitionKeyIndex)]!, data: record.data }))
  },
  encode: ({ keys, explicitKeys, records }) =>
    toBinary(
      aggregatedRecord,
      create(aggregatedRecord, {
        partitionKeyTable: keys,
        explicitHashKeyTable: explicitKeys,
        records: records.map(({ keyIndex, explicitKeyIndex, data }) =>
          create(record, {
            partitionKeyIndex: BigInt(keyIndex),
            ...(explicitKeyIndex === undefined ? {} : { explicitHashKeyIndex: BigInt(explicitKeyIndex) }),
            data,
          } as Record<string, unknown>),
        ),
      } as Record<string, unknown>) as MessageShape<DescMessage>,
    ),
}

function schema(): [DescMessage, DescMessage] {
  const { REPEATED: repeated, REQUIRED: required, OPTIONAL: optional } = Label
  const { STRING: string, BYTES: bytes, UINT64: uint64, MESSAGE: message } = Type
  const file = create(FileDescriptorProtoSchema, {
    name: 'aggregated-record.proto',
    syntax: 'proto2',
    edition: Edition.EDITION_PROTO2,
    messageType: [
      {
        name: 'AggregatedRecord',
        field: [
          { name: 'partition_key_table', number: 1, label: repeated, type: string },
          { name: 'explicit_hash_key_table', number: 2, label: repeated, type: string },
          { name: 'records', number: 3, label: repeated, type: message, typeName: '.Record' },
        ],
      },
      {
        name: 'Record',
        field: [
          { name: 'partition_key_index', number: 1, label: required, type: uint64 },
          { name: 'explicit_hash_key_index', number: 2, label: optional, type: uint64 },
          { name: 'data', number: 3, label: required, type: bytes },
          { name: 'tags', number: 4, label: repeated, type: message, typeName: '.Tag' },
        ],
      },
      {
        name: 'Tag',
        field: [
          { name: 'key', number: 1, label: required, type: string },
          { name: 'value', number: 2, label: optional, type: string },
        ],
      },
    ],
  })
  const registry = createFileRegistry(file, () => undefined)
  return [registry.getMessage('AggregatedRecord')!, registry.getMessage('Record')!]
}
