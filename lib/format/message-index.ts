import { KplError, extended } from '../errors.js'
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
import { AT, END, EXPLICIT, INDEX_OUTSIDE, KEY, ROW, START } from './row.js'
import { type Tag, readTag } from './tags.js'

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
  /** How many of them are read, while it is being read. */
  #read = 0
  /** The highest indexes met, so that each need not be compared with the length of its table. */
  #highestKey = 0
  #highestExplicit = -1
  #bytes: Buffer = NOTHING
  /** Small at first: some read one record with each index. */
  #rows = new Int32Array(16 * ROW)
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
    this.#read = 0
    this.#highestKey = 0
    this.#highestExplicit = -1
    const reader = new Reader(bytes, start, end)
    while (reader.pos < end) {
      if (bytes[reader.pos] === TAG_RECORD) {
        reader.pos = this.#canonicalRecords(bytes, reader.pos, end)
        if (reader.pos === end) break
      }
      const tag = reader.tag()
      if (tag === TAG_RECORD) this.#anyRecord(reader, this.#read++)
      else if (tag === TAG_PARTITION_KEY) this.#partitionKeys.push(reader.text())
      else if (tag === TAG_EXPLICIT_HASH_KEY) this.#explicitHashKeys.push(reader.text())
      else reader.skip(tag)
    }
    this.#checkIndexes(this.#read)
    this.count = this.#read
  }

  /** Where the user record's partition key stands in its table. */
  partitionKeyIndex(n: number): number {
    return this.#rows[n * ROW + KEY]!
  }

  /** Where its explicit hash key stands in its table; -1 where there is none. */
  explicitHashKeyIndex(n: number): number {
    return this.#rows[n * ROW + EXPLICIT]!
  }

  partitionKey(n: number): string {
    return this.#partitionKeys[this.partitionKeyIndex(n)]!
  }

  explicitHashKey(n: number): string | undefined {
    const index = this.explicitHashKeyIndex(n)
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
    const record = new Reader(this.#bytes, -at, this.#bytes.length)
    record.end = record.delimited()
    while (record.pos < record.end) {
      const tag = record.tag()
      if (tag === TAG_TAGS) tags.push(readTag(record))
      else record.skip(tag)
    }
    return tags
  }

  /** Where the user record stands. */
  at(n: number): number {
    return Math.abs(this.#rows[n * ROW + AT]!)
  }

  /**
   * As many records as are written as every known writer writes them: key index,
   * perhaps a hash key index, data, each once, in this order, in varints of one or two bytes.
   * Returns where it stopped: at `end`, or at something else, which is then read
   * field by field (or found to be wrong). Five times as fast as reading all
   * that way (10-byte records); so are literals in place of the tags' names, by a quarter.
   *
   * Bounds: at most 13 bytes are looked at past a `pos` below `end`, and 16 bytes
   * of digest stand behind it; what is found counts only if `next <= end`.
   */
  #canonicalRecords(bytes: Buffer, start: number, end: number): number {
    let rows = this.#rows
    let row = this.#read * ROW
    let record = start
    let highestKey = this.#highestKey
    let highestExplicit = this.#highestExplicit
    while (record < end && bytes[record] === 0x1a) {
      let pos = record + 2
      let length = bytes[record + 1]!
      if (length >= 0x80) {
        const high = bytes[pos++]!
        if (high >= 0x80) break
        length += (high - 1) << 7
      }
      const next = pos + length
      if (next > end || bytes[pos] !== 0x08) break
      let key = bytes[pos + 1]!
      pos += 2
      if (key >= 0x80) {
        const high = bytes[pos++]!
        if (high >= 0x80) break
        key += (high - 1) << 7
      }
      let explicit = -1
      let tag = bytes[pos]!
      if (tag === 0x10) {
        explicit = bytes[pos + 1]!
        pos += 2
        if (explicit >= 0x80) {
          const high = bytes[pos++]!
          if (high >= 0x80) break
          explicit += (high - 1) << 7
        }
        if (explicit > highestExplicit) highestExplicit = explicit
        tag = bytes[pos]!
      }
      if (key > highestKey) highestKey = key
      if (tag !== 0x1a) break
      let size = bytes[pos + 1]!
      pos += 2
      if (size >= 0x80) {
        const high = bytes[pos++]!
        if (high >= 0x80) break
        size += (high - 1) << 7
      }
      if (pos + size !== next) break
      if (row + ROW > rows.length) rows = this.#grow()
      rows[row] = key
      rows[row + 1] = explicit
      rows[row + 2] = pos
      rows[row + 3] = next
      rows[row + 4] = record + 1
      row += 5
      record = next
    }
    this.#read = row / ROW
    this.#highestKey = highestKey
    this.#highestExplicit = highestExplicit
    return record
  }

  /** A record with its fields in any order and number: the last of a repeated field counts. */
  #anyRecord(reader: Reader, n: number): void {
    const at = reader.pos
    const outer = reader.end
    const row = n * ROW
    const rows = row + ROW > this.#rows.length ? this.#grow() : this.#rows
    rows.fill(-1, row, row + ROW)
    rows[row + AT] = at
    try {
      reader.end = reader.delimited()
      while (reader.pos < reader.end) {
        const tag = reader.tag()
        if (tag === TAG_PARTITION_KEY_INDEX) rows[row + KEY] = Math.min(reader.varint(), INDEX_OUTSIDE)
        else if (tag === TAG_EXPLICIT_HASH_KEY_INDEX) rows[row + EXPLICIT] = Math.min(reader.varint(), INDEX_OUTSIDE)
        else if (tag === TAG_DATA) {
          const end = reader.delimited()
          rows[row + START] = reader.pos
          rows[row + END] = reader.pos = end
        } else if (tag === TAG_TAGS) {
          readTag(reader)
          rows[row + AT] = -at
        } else reader.skip(tag, 1)
      }
      if (rows[row + KEY]! < 0) malformed('no partition key index', at)
      if (rows[row + START]! < 0) malformed('no data', at)
    } catch (error) {
      throw extended(error, { subSequenceNumber: n }, (message) => `user record ${n}: ${message}`)
    }
    this.#highestKey = Math.max(this.#highestKey, rows[row + KEY]!)
    this.#highestExplicit = Math.max(this.#highestExplicit, rows[row + EXPLICIT]!)
    reader.end = outer
  }

  /** Tables may stand behind the records, so indexes are looked at last. */
  #checkIndexes(count: number): void {
    if (count === 0 || (this.#highestKey < this.#partitionKeys.length && this.#highestExplicit < this.#explicitHashKeys.length)) return
    for (let n = 0; n < count; n++) {
      this.#checkIndex(n, KEY, 'partition key', this.#partitionKeys)
      this.#checkIndex(n, EXPLICIT, 'explicit hash key', this.#explicitHashKeys)
    }
  }

  #checkIndex(n: number, column: number, name: string, table: string[]): void {
    const index = this.#rows[n * ROW + column]!
    if (index >= table.length) malformedUserRecord(n, `${name} index ${index < INDEX_OUTSIDE ? index : 'of 2^31-1 or more'} is outside its table of ${table.length}`, this.at(n))
  }

  #grow(): Int32Array<ArrayBuffer> {
    const rows = new Int32Array(this.#rows.length * 2)
    rows.set(this.#rows)
    return (this.#rows = rows)
  }
}

/** Throws `ERR_KPL_MALFORMED` of user record `n`. */
export function malformedUserRecord(n: number, message: string, offset: number): never {
  throw new KplError('ERR_KPL_MALFORMED', `user record ${n}: ${message}, at byte ${offset}`, { offset, subSequenceNumber: n })
}
