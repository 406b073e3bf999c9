import { KplError } from '../errors.js'
import { Reader, malformed } from '../wire/reader.js'
import {
  TAG_DATA,
  TAG_EXPLICIT_HASH_KEY,
  TAG_EXPLICIT_HASH_KEY_INDEX,
  TAG_PARTITION_KEY,
  TAG_PARTITION_KEY_INDEX,
  TAG_RECORD,
  TAG_TAGS,
} from './constants.js'
import { type Tag, readTag } from './tags.js'

// A user record's row of numbers.
const KEY = 0
/** -1 where the record has no explicit hash key: absent is not 0. */
const EXPLICIT = 1
const START = 2
const END = 3
/** Where the record's length stands; complemented (below 0) where it has tags. */
const AT = 4
const ROW = 5

/** No table can be that long; an index beyond it is kept as this, so that it stays "outside" and fits 32 bits. */
const INDEX_OUTSIDE = 0x7fff_ffff

const NOTHING = Buffer.alloc(0)

/**
 * Where everything is in one AggregatedRecord message. `read` checks the whole
 * message before anything is handed out, and makes no object for a user record;
 * the same index is read into again for the next message, so that a message
 * costs no allocation but its keys.
 */
export class MessageIndex {
  /** How many user records the message has. */
  count = 0
  #bytes: Buffer = NOTHING
  #rows = new Int32Array(256 * ROW)
  #partitionKeys: string[] = []
  #explicitHashKeys: string[] = []

  /**
   * Reads the message in `bytes[start..end)`, behind which at least 16 more
   * bytes (the digest) must stand.
   *
   * @throws KplError `ERR_KPL_MALFORMED`, with offset and user record; the index is then empty.
   */
  read(bytes: Buffer, start: number, end: number): void {
    this.count = 0
    this.#bytes = bytes
    this.#partitionKeys = []
    this.#explicitHashKeys = []
    const reader = new Reader(bytes, start, end)
    let count = 0
    let pos = start
    while (pos < end) {
      if (bytes[pos] === TAG_RECORD) {
        if ((count + 1) * ROW > this.#rows.length) this.#grow()
        const next = this.#canonicalRecord(bytes, pos + 1, end, count * ROW)
        if (next > 0) {
          count++
          pos = next
          continue
        }
      }
      reader.pos = pos
      const tag = reader.tag()
      if (tag === TAG_RECORD) {
        if ((count + 1) * ROW > this.#rows.length) this.#grow()
        this.#anyRecord(reader, count++)
      } else if (tag === TAG_PARTITION_KEY) this.#partitionKeys.push(reader.text())
      else if (tag === TAG_EXPLICIT_HASH_KEY) this.#explicitHashKeys.push(reader.text())
      else reader.skip(tag)
      pos = reader.pos
    }
    this.#checkIndexes(count)
    this.count = count
  }

  partitionKey(n: number): string {
    return this.#partitionKeys[this.#rows[n * ROW + KEY]!]!
  }

  explicitHashKey(n: number): string | undefined {
    const index = this.#rows[n * ROW + EXPLICIT]!
    return index < 0 ? undefined : this.#explicitHashKeys[index]
  }

  /** Where the user record's data begins. */
  start(n: number): number {
    return this.#rows[n * ROW + START]!
  }

  /** Where the user record's data ends. */
  end(n: number): number {
    return this.#rows[n * ROW + END]!
  }

  tags(n: number): Tag[] | undefined {
    const at = this.#rows[n * ROW + AT]!
    if (at >= 0) return undefined
    const tags: Tag[] = []
    const record = new Reader(this.#bytes, ~at, this.#bytes.length)
    record.end = record.delimited()
    while (record.pos < record.end) {
      const tag = record.tag()
      if (tag === TAG_TAGS) tags.push(readTag(record))
      else record.skip(tag)
    }
    return tags
  }

  /** Where the explicit hash key of a user record that has one is referred to. */
  explicitHashKeyOffset(n: number): number {
    return this.#lastField(n, TAG_EXPLICIT_HASH_KEY_INDEX)
  }

  /**
   * A record as every known writer writes it: key index, perhaps a hash key
   * index, data, each once, in this order. Returns where it ends, or 0 where it
   * is anything else; `#anyRecord` then reads it again or says what is wrong.
   * Four times as fast as reading it field by field (records of 10 bytes).
   *
   * Bounds: at most 15 bytes are looked at past `pos`, which is below `end`, and
   * 16 bytes of digest stand behind the message; only `next <= end` counts.
   */
  #canonicalRecord(bytes: Uint8Array, pos: number, end: number, row: number): number {
    const at = pos
    let length = bytes[pos++]!
    if (length >= 0x80) {
      const high = bytes[pos++]!
      length = (length & 0x7f) | (high << 7)
      if (high >= 0x80) {
        const higher = bytes[pos++]!
        if (higher >= 0x80) return 0
        length = (length & 0x3fff) | (higher << 14)
      }
    }
    const next = pos + length
    if (next > end || bytes[pos] !== TAG_PARTITION_KEY_INDEX) return 0
    let key = bytes[pos + 1]!
    pos += 2
    if (key >= 0x80) {
      const high = bytes[pos++]!
      if (high >= 0x80) return 0
      key = (key & 0x7f) | (high << 7)
    }
    let explicit = -1
    if (bytes[pos] === TAG_EXPLICIT_HASH_KEY_INDEX) {
      explicit = bytes[pos + 1]!
      pos += 2
      if (explicit >= 0x80) {
        const high = bytes[pos++]!
        if (high >= 0x80) return 0
        explicit = (explicit & 0x7f) | (high << 7)
      }
    }
    if (bytes[pos] !== TAG_DATA) return 0
    let size = bytes[pos + 1]!
    pos += 2
    if (size >= 0x80) {
      const high = bytes[pos++]!
      size = (size & 0x7f) | (high << 7)
      if (high >= 0x80) {
        const higher = bytes[pos++]!
        if (higher >= 0x80) return 0
        size = (size & 0x3fff) | (higher << 14)
      }
    }
    if (pos + size !== next) return 0
    const rows = this.#rows
    rows[row] = key
    rows[row + EXPLICIT] = explicit
    rows[row + START] = pos
    rows[row + END] = next
    rows[row + AT] = at
    return next
  }

  /** A record with its fields in any order and number: the last of a repeated field counts. */
  #anyRecord(reader: Reader, n: number): void {
    const at = reader.pos
    const outer = reader.end
    const rows = this.#rows
    const row = n * ROW
    let hasKey = false
    let hasData = false
    let hasTags = false
    rows[row + EXPLICIT] = -1
    try {
      reader.end = reader.delimited()
      while (reader.pos < reader.end) {
        const tag = reader.tag()
        if (tag === TAG_PARTITION_KEY_INDEX) {
          rows[row + KEY] = Math.min(reader.varint(), INDEX_OUTSIDE)
          hasKey = true
        } else if (tag === TAG_EXPLICIT_HASH_KEY_INDEX) rows[row + EXPLICIT] = Math.min(reader.varint(), INDEX_OUTSIDE)
        else if (tag === TAG_DATA) {
          const end = reader.delimited()
          rows[row + START] = reader.pos
          rows[row + END] = reader.pos = end
          hasData = true
        } else if (tag === TAG_TAGS) {
          readTag(reader)
          hasTags = true
        } else reader.skip(tag)
      }
      if (!hasKey) malformed('no partition key index', at)
      if (!hasData) malformed('no data', at)
    } catch (error) {
      const { message, offset } = error as KplError
      malformedUserRecord(n, message, offset!)
    }
    rows[row + AT] = hasTags ? ~at : at
    reader.end = outer
  }

  /** Tables may stand behind the records, so indexes are looked at last. */
  #checkIndexes(count: number): void {
    const rows = this.#rows
    const keys = this.#partitionKeys.length
    const explicits = this.#explicitHashKeys.length
    for (let n = 0, row = 0; n < count; n++, row += ROW) {
      if (rows[row]! >= keys) this.#outside(n, TAG_PARTITION_KEY_INDEX, 'partition key', keys)
      if (rows[row + EXPLICIT]! >= explicits) this.#outside(n, TAG_EXPLICIT_HASH_KEY_INDEX, 'explicit hash key', explicits)
    }
  }

  #outside(n: number, tag: number, name: string, size: number): never {
    const offset = this.#lastField(n, tag)
    const index = new Reader(this.#bytes, offset, this.#bytes.length).varint()
    const shown = index < Number.MAX_SAFE_INTEGER ? index : 'of more than 53 bits'
    malformedUserRecord(n, `${name} index ${shown} is outside its table of ${size}, at byte ${offset}`, offset)
  }

  /** Where the value of the last such field of user record `n` stands: for messages only. */
  #lastField(n: number, wanted: number): number {
    const at = this.#rows[n * ROW + AT]!
    const record = new Reader(this.#bytes, at < 0 ? ~at : at, this.#bytes.length)
    record.end = record.delimited()
    let offset = record.pos
    while (record.pos < record.end) {
      const tag = record.tag()
      if (tag === wanted) offset = record.pos
      record.skip(tag)
    }
    return offset
  }

  #grow(): void {
    const rows = new Int32Array(this.#rows.length * 2)
    rows.set(this.#rows)
    this.#rows = rows
  }
}

/** Throws `ERR_KPL_MALFORMED` of user record `n`. */
export function malformedUserRecord(n: number, message: string, offset: number): never {
  throw new KplError('ERR_KPL_MALFORMED', `user record ${n}: ${message}`, { offset, subSequenceNumber: n })
}
