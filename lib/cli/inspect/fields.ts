import type { KplError } from '../../errors.js'
import { Reader } from '../../wire/reader.js'
import { LENGTH_DELIMITED, VARINT } from '../../wire/wire-types.js'

/** A protobuf field, and where it stands: its tag at `at`, its value in `start..end`. */
export interface Field {
  readonly number: number
  readonly wireType: number
  readonly at: number
  readonly start: number
  readonly end: number
  /** Of a varint. */
  readonly value: number | undefined
  /** Of a message, if it is read as one. */
  readonly inside: Fields | undefined
}

/** As many fields of a message as can be read, and why no more. */
export interface Fields {
  readonly fields: readonly Field[]
  readonly error: KplError | undefined
}

/** Which fields hold messages, by number, and what these hold. */
export interface Shape {
  readonly [number: number]: Shape
}

/** AggregatedRecord, its records (3) and their tags (4). */
export const AGGREGATED_RECORD: Shape = { 3: { 4: {} } }

/**
 * The fields in `bytes[start..end)`. A fault within a field that holds a message ends that
 * message alone: its length tells where the next field is. For looking at a broken record;
 * what reads records is `lib/format`.
 */
export function fieldsIn(bytes: Buffer, start: number, end: number, shape: Shape): Fields {
  const reader = new Reader(bytes, start, end)
  const fields: Field[] = []
  try {
    while (reader.pos < end) fields.push(nextField(reader, shape))
    return { fields, error: undefined }
  } catch (error) {
    return { fields, error: error as KplError }
  }
}

function nextField(reader: Reader, shape: Shape): Field {
  const at = reader.pos
  const tag = reader.tag()
  const number = tag >>> 3
  const wireType = tag & 7
  let start = reader.pos
  let value: number | undefined
  let inside: Fields | undefined
  if (wireType === VARINT) value = reader.varint()
  else if (wireType === LENGTH_DELIMITED) {
    const end = reader.delimited()
    start = reader.pos
    const inner = shape[number]
    if (inner !== undefined) inside = fieldsIn(reader.bytes, start, end, inner)
    reader.pos = end
  } else reader.skip(tag)
  return { number, wireType, at, start, end: reader.pos, value, inside }
}
