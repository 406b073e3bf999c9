// A message as a tree of fields, each of which can be written wrongly: what a mutation changes, and what is then written.

export type Value = number | bigint

export interface Field {
  /** Field number times 8 plus wire type, whatever the body is; none where the body stands by itself. */
  tag: Value | undefined
  body: Value | Buffer | Field[]
  /** Whether a length is written before bytes or fields. */
  counted: boolean
  /** Written in place of the true length. */
  length: Value | undefined
  /** The tag that ends a group. */
  closing: Value | undefined
  /** In how many bytes, at least, tag and length (or number) are written. */
  tagWidth: number
  width: number
}

export function numberField(tag: Value, body: Value): Field {
  return { tag, body, counted: false, length: undefined, closing: undefined, tagWidth: 1, width: 1 }
}

export function countedField(tag: Value, body: Buffer | Field[]): Field {
  return { ...numberField(tag, 0), body, counted: true }
}

/** Fields that no length is before: those of a group, or bytes of a fixed width. */
export function bareField(tag: Value | undefined, body: Buffer | Field[], closing?: Value): Field {
  return { ...numberField(0, 0), tag, body, closing }
}

export function copyOf(fields: readonly Field[]): Field[] {
  return fields.map((field) => ({ ...field, body: Array.isArray(field.body) ? copyOf(field.body) : field.body }))
}

/** The tree of a message as a writer makes it; bytes that are none, or that have groups, are one field that is they. */
export function treeOf(message: Buffer): Field[] {
  return fieldsOf(message, [26, 34]) ?? [bareField(undefined, message)]
}

/** @param messages the tags of what is a message in this one, in that one, and so on. */
function fieldsOf(bytes: Buffer, [message, ...inner]: readonly number[]): Field[] | undefined {
  const fields: Field[] = []
  for (let pos = 0; pos < bytes.length; ) {
    const tag = varintAt(bytes, pos)
    if (tag === undefined) return undefined
    const type = tag.value & 7
    const value = type === 0 || type === 2 ? varintAt(bytes, tag.end) : { value: type === 1 ? 8 : 4, end: tag.end }
    if (value === undefined || type === 3 || type === 4 || type > 5) return undefined
    const widths = { tagWidth: tag.end - pos, width: value.end - tag.end }
    pos = type === 0 ? value.end : value.end + value.value
    if (pos > bytes.length) return undefined
    const body = bytes.subarray(value.end, pos)
    if (type === 0) fields.push({ ...numberField(tag.value, value.value), ...widths })
    else if (type !== 2) fields.push({ ...bareField(tag.value, body), tagWidth: widths.tagWidth })
    else fields.push({ ...countedField(tag.value, tag.value === message ? (fieldsOf(body, inner) ?? body) : body), ...widths })
  }
  return fields
}

function varintAt(bytes: Buffer, start: number): { value: number; end: number } | undefined {
  let value = 0
  for (let pos = start, scale = 1; pos < bytes.length && scale < 2 ** 35; pos++, scale *= 0x80) {
    value += (bytes[pos]! & 0x7f) * scale
    if (bytes[pos]! < 0x80) return { value, end: pos + 1 }
  }
  return undefined
}

/** Writes from the last byte to the first, so that a length is known when its turn comes. */
export class TreeWriter {
  #bytes = Buffer.allocUnsafe(1 << 16)
  #at = 0

  write(fields: readonly Field[]): Buffer {
    this.#at = this.#bytes.length
    this.#fields(fields)
    return Buffer.from(this.#bytes.subarray(this.#at))
  }

  #fields(fields: readonly Field[]): void {
    for (let n = fields.length - 1; n >= 0; n--) this.#field(fields[n]!)
  }

  #field({ tag, body, counted, length, closing, tagWidth, width }: Field): void {
    if (closing !== undefined) this.#varint(closing, 1)
    const end = this.#bytes.length - this.#at
    if (Array.isArray(body)) this.#fields(body)
    else if (Buffer.isBuffer(body)) {
      this.#room(body.length)
      this.#at -= body.length
      this.#bytes.set(body, this.#at)
    } else this.#varint(body, width)
    if (counted) this.#varint(length ?? this.#bytes.length - this.#at - end, width)
    if (tag !== undefined) this.#varint(tag, tagWidth)
  }

  /** Padded with empty groups of 7 bits up to the width. */
  #varint(value: Value, width: number): void {
    this.#room(24)
    if (width === 1 && value < 0x80) this.#bytes[--this.#at] = Number(value)
    else {
      const groups: number[] = []
      for (let rest = BigInt(value); rest > 0n || groups.length < width; rest >>= 7n) groups.push(Number(rest & 0x7fn))
      for (let n = groups.length - 1; n >= 0; n--) this.#bytes[--this.#at] = groups[n]! | (n === groups.length - 1 ? 0 : 0x80)
    }
  }

  #room(size: number): void {
    if (size <= this.#at) return
    const larger = Buffer.allocUnsafe(2 * this.#bytes.length + size)
    const written = this.#bytes.subarray(this.#at)
    this.#at = larger.length - written.length
    larger.set(written, this.#at)
    this.#bytes = larger
  }
}
