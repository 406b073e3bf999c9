// pbf, by the loops that its README shows: code made from a schema leaves out an index of 0, which
// the format requires, and reads an index that is absent as 0.
import { PbfReader, PbfWriter } from 'pbf'
import type { Member, Message, MessageLibrary } from './message-peer.js'

export const pbf: MessageLibrary = {
  touch: (bytes) => {
    let sum = 0
    const { keys, records } = readMessage(new PbfReader(bytes))
    for (const { keyIndex, data } of records) sum += keys[keyIndex]!.length + data.length
    return sum
  },
  read: (bytes) => {
    const { keys, records } = readMessage(new PbfReader(bytes))
    return records.map(({ keyIndex, data }) => ({ partitionKey: keys[keyIndex]!, data }))
  },
  encode: (message) => {
    const writer = new PbfWriter()
    writeMessage(message, writer)
    return writer.finish()
  },
}

function readMessage(reader: PbfReader): Message {
  const keys: string[] = []
  const explicitKeys: string[] = []
  const records: Member[] = []
  for (let field = reader.nextField(); field !== 0; field = reader.nextField()) {
    if (field === 1) keys.push(reader.readString())
    else if (field === 2) explicitKeys.push(reader.readString())
    else if (field === 3) records.push(readMember(reader, reader.readVarint() + reader.pos))
  }
  return { keys, explicitKeys, records }
}

function readMember(reader: PbfReader, end: number): Member {
  let keyIndex = -1
  let explicitKeyIndex: number | undefined
  let data: Uint8Array | undefined
  for (let field = reader.nextField(end); field !== 0; field = reader.nextField(end)) {
    if (field === 1) keyIndex = reader.readVarint()
    else if (field === 2) explicitKeyIndex = reader.readVarint()
    else if (field === 3) data = reader.readBytes()
  }
  if (keyIndex === -1 || data === undefined) throw new Error('not a user record')
  return { keyIndex, explicitKeyIndex, data }
}

function writeMessage({ keys, explicitKeys, records }: Message, writer: PbfWriter): void {
  for (const key of keys) writer.writeStringField(1, key)
  for (const key of explicitKeys) writer.writeStringField(2, key)
  for (const member of records) writer.writeMessage(3, writeMember, member)
}

function writeMember({ keyIndex, explicitKeyIndex, data }: Member, writer: PbfWriter): void {
  writer.writeVarintField(1, keyIndex)
  if (explicitKeyIndex !== undefined) writer.writeVarintField(2, explicitKeyIndex)
  writer.writeBytesField(3, data)
}
