// Magic and digest around a message, for who has a protobuf library only.
import { hash } from 'node:crypto'

const MAGIC = Buffer.from('f3899ac2', 'hex')

export function messageIn(bytes: Buffer): Buffer {
  const message = bytes.subarray(4, -16)
  if (bytes.compare(MAGIC, 0, 4, 0, 4) !== 0 || !hash('md5', message, 'buffer').equals(bytes.subarray(-16))) throw new Error('not an aggregate')
  return message
}

export function framed(message: Uint8Array): Buffer {
  return Buffer.concat([MAGIC, message, hash('md5', message, 'buffer')])
}
