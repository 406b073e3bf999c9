import { KplError } from '../errors.js'
import { EIGHT_BYTES, END_GROUP, LENGTH_DELIMITED, START_GROUP, VARINT } from './wire-types.js'

/** The reference parsers' recursion limit, for messages and groups together (protobuf-java's `CodedInputStream`). */
const MAX_DEPTH = 100

/** Throws `ERR_KPL_MALFORMED` with the offset, counted from the first byte of the data. */
export function malformed(message: string, offset: number): never {
  throw new KplError('ERR_KPL_MALFORMED', `${message}, at byte ${offset}`, { offset })
}

/**
 * A cursor over the protobuf fields in `bytes[pos..end)`. It allows all that
 * protobuf's reference parsers allow (padded varints, unknown fields, groups)
 * and never reads past `end`: bounds are checked here and nowhere else.
 *
 * @see https://protobuf.dev/programming-guides/encoding/
 */
export class Reader {
  readonly bytes: Buffer
  pos: number
  end: number

  constructor(bytes: Buffer, pos: number, end: number) {
    this.bytes = bytes
    this.pos = pos
    this.end = end
  }

  /**
   * An unsigned 64-bit varint as a double: exact up to 2^53 and never rounded
   * across a power of two, so comparing it with a 32-bit limit is exact. Bits
   * past the 64th are ignored, as the reference parsers do.
   */
  varint(): number {
    const start = this.pos
    let value = 0
    let scale = 1
    for (let count = 1; count <= 10; count++) {
      if (this.pos >= this.end) malformed('truncated varint', start)
      const byte = this.bytes[this.pos++]!
      value += (count < 10 ? byte & 0x7f : byte & 1) * scale
      if (byte < 0x80) return value
      scale *= 0x80
    }
    malformed('a varint of more than 10 bytes', start)
  }

  /** The next field's tag: field number times 8 plus wire type. */
  tag(): number {
    const start = this.pos
    const tag = this.varint()
    if (tag > 0xffff_ffff) malformed('a tag of more than 32 bits', start)
    if (tag < 8) malformed('field number 0', start)
    if ((tag & 7) > 5) malformed(`wire type ${tag & 7}`, start)
    return tag
  }

  /** Reads a length and returns where the field that begins after it ends; `pos` is its first byte. */
  delimited(): number {
    const start = this.pos
    const length = this.varint()
    if (length > 0xffff_ffff) malformed('a length of more than 32 bits', start)
    return this.#ahead(length)
  }

  /** A length and that many bytes of UTF-8; what is not valid in it becomes U+FFFD. */
  text(): string {
    const end = this.delimited()
    const text = this.bytes.toString('utf8', this.pos, end)
    this.pos = end
    return text
  }

  /** Passes over the value of an unknown field, a whole group included; `depth` messages and groups are open around it. */
  skip(tag: number, depth = 0): void {
    const wireType = tag & 7
    if (wireType === VARINT) this.varint()
    else if (wireType === LENGTH_DELIMITED) this.pos = this.delimited()
    else if (wireType === START_GROUP) {
      if (depth === MAX_DEPTH) malformed(`messages and groups more than ${MAX_DEPTH} deep`, this.pos)
      for (let inner = this.tag(); inner !== tag + 1; inner = this.tag()) this.skip(inner, depth + 1)
    } else if (wireType === END_GROUP) malformed(`the end of a group ${tag >>> 3} that is not open`, this.pos)
    else this.pos = this.#ahead(wireType === EIGHT_BYTES ? 8 : 4)
  }

  #ahead(length: number): number {
    const left = this.end - this.pos
    if (length > left) malformed(`truncated: ${length} bytes where ${left} are left`, this.pos)
    return this.pos + length
  }
}
