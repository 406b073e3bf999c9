import { md5 } from '../../digest/md5.js'
import type { KplError } from '../../errors.js'
import { MAGIC_LENGTH } from '../../format/constants.js'
import { digestMismatchError, framedMessage, isDigestTrue, messageEnd } from '../../format/frame.js'
import { readMessage } from '../../format/message-reader.js'
import { LENGTH_DELIMITED, VARINT } from '../../wire/wire-types.js'
import { AGGREGATED_RECORD, type Field, type Fields, fieldsIn } from './fields.js'

/** An entry of a key table. */
export interface KeyEntry {
  readonly field: Field
  readonly text: string
  /** How many user records name it. */
  uses: number
}

/** A user record, as far as it can be read: a member that is not there is `undefined`. */
export interface Member {
  readonly field: Field
  readonly keyIndex: number | undefined
  readonly hashKeyIndex: number | undefined
  readonly data: Field | undefined
  readonly tags: readonly { readonly key: string; readonly value: string | undefined }[]
}

/** All parts of a Kinesis record's data that begins as an aggregate. */
export interface Anatomy {
  readonly bytes: Buffer
  readonly message: Fields
  readonly partitionKeys: readonly KeyEntry[]
  readonly explicitHashKeys: readonly KeyEntry[]
  readonly members: readonly Member[]
  readonly unknown: readonly { readonly field: Field; readonly where: string }[]
  readonly digest: { readonly found: string; readonly expected: string; readonly isTrue: boolean }
  /** Why readers do not take it as an aggregate. */
  readonly error: KplError | undefined
  /** Where the message cannot be read, whether its digest is right or not. */
  readonly fault: KplError | undefined
}

/** @param bytes data with the magic and more than 16 bytes behind it. */
export function anatomyOf(bytes: Buffer): Anatomy {
  const message = fieldsIn(bytes, MAGIC_LENGTH, messageEnd(bytes), AGGREGATED_RECORD)
  const entries = (number: number) => known(message, number, LENGTH_DELIMITED).map((field) => ({ field, text: textIn(bytes, field), uses: 0 }))
  const partitionKeys = entries(1)
  const explicitHashKeys = entries(2)
  const members = known(message, 3, LENGTH_DELIMITED).map((field) => memberOf(bytes, field))
  for (const { keyIndex, hashKeyIndex } of members) {
    if (keyIndex !== undefined && partitionKeys[keyIndex]) partitionKeys[keyIndex].uses++
    if (hashKeyIndex !== undefined && explicitHashKeys[hashKeyIndex]) explicitHashKeys[hashKeyIndex].uses++
  }
  const isTrue = isDigestTrue(bytes)
  const fault = faultOf(bytes)
  return {
    bytes,
    message,
    partitionKeys,
    explicitHashKeys,
    members,
    unknown: unknownIn(message),
    digest: { found: bytes.toString('hex', messageEnd(bytes)), expected: md5(framedMessage(bytes)), isTrue },
    error: isTrue ? fault : digestMismatchError(bytes),
    fault,
  }
}

/** What the reader of the library says of the message. */
function faultOf(bytes: Buffer): KplError | undefined {
  try {
    readMessage(bytes)
    return undefined
  } catch (error) {
    return error as KplError
  }
}

function memberOf(bytes: Buffer, field: Field): Member {
  const record = field.inside!
  return {
    field,
    // Of a field that comes again the last one counts.
    keyIndex: known(record, 1, VARINT).at(-1)?.value,
    hashKeyIndex: known(record, 2, VARINT).at(-1)?.value,
    data: known(record, 3, LENGTH_DELIMITED).at(-1),
    tags: known(record, 4, LENGTH_DELIMITED).map(({ inside }) => {
      const text = (number: number) => known(inside!, number, LENGTH_DELIMITED).map((field) => textIn(bytes, field)).at(-1)
      return { key: text(1) ?? '', value: text(2) }
    }),
  }
}

function known({ fields }: Fields, number: number, wireType: number): Field[] {
  return fields.filter((field) => field.number === number && field.wireType === wireType)
}

function textIn(bytes: Buffer, { start, end }: Field): string {
  return bytes.toString('utf8', start, end)
}

/** What the format has no name for, or another wire type. */
function unknownIn(message: Fields): { field: Field; where: string }[] {
  let record = -1
  return message.fields.flatMap((field) => {
    if (field.wireType !== LENGTH_DELIMITED || field.number > 3) return [{ field, where: 'message' }]
    if (field.inside === undefined) return []
    const where = `user record ${++record}`
    return field.inside.fields.flatMap((inner) => {
      if (inner.wireType !== (inner.number < 3 ? VARINT : LENGTH_DELIMITED) || inner.number > 4) return [{ field: inner, where }]
      const tag = inner.inside?.fields ?? []
      return tag.filter(({ number, wireType }) => wireType !== LENGTH_DELIMITED || number > 2).map((field) => ({ field, where: `a tag of ${where}` }))
    })
  })
}
