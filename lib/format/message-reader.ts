import { extended } from '../errors.js'
import { Reader, malformed } from '../wire/reader.js'
import {
  MAGIC_LENGTH,
  TAG_DATA,
  TAG_EXPLICIT_HASH_KEY,
  TAG_EXPLICIT_HASH_KEY_INDEX,
  TAG_PARTITION_KEY,
  TAG_PARTITION_KEY_INDEX,
  TAG_RECORD,
  TAG_TAGS,
} from './constants.js'
import { messageEnd } from './frame.js'
import { MessageIndex } from './message-index.js'
import { AT, END, EXPLICIT, INDEX_OUTSIDE, KEY, ROW, START } from './row.js'
import { readTag } from './tags.js'

/** Numbers in 8 KiB, of which small messages have their rows: an array for each takes 1 µs to make. */
const SLAB = 2048
let slab = new Int32Array(0)
/** Where the part of the slab begins that is nobody's. What a malformed message left there, the next one writes over; none is read while another is. */
let free = 0

/**
 * Reads the AggregatedRecord message of a framed record. The whole message is checked,
 * and no object is made for a user record.
 *
 * @throws KplError `ERR_KPL_MALFORMED`, with offset and user record.
 */
export function readMessage(bytes: Buffer): MessageIndex {
  return new MessageReader().read(bytes, messageEnd(bytes))
}

class MessageReader {
  /** How many user records were read. */
  #count = 0
  /** The highest indexes met, so that each need not be compared with the length of its table. */
  #highestKey = -1
  #highestExplicit = -1
  /** The rows stand in it from `#start` on. */
  #numbers = slab
  #start = free
  readonly #partitionKeys: string[] = []
  readonly #explicitHashKeys: string[] = []
  /** Hardly any message has tags. */
  #hasTags = false

  read(bytes: Buffer, end: number): MessageIndex {
    const reader = new Reader(bytes, MAGIC_LENGTH, end)
    while (reader.pos < end) {
      if (bytes[reader.pos] === TAG_RECORD) {
        reader.pos = this.#canonicalRecords(bytes, reader.pos, end)
        if (reader.pos === end) break
      }
      const tag = reader.tag()
      if (tag === TAG_RECORD) this.#anyRecord(reader)
      else if (tag === TAG_PARTITION_KEY) this.#partitionKeys.push(reader.text())
      else if (tag === TAG_EXPLICIT_HASH_KEY) this.#explicitHashKeys.push(reader.text())
      else reader.skip(tag)
    }
    const index = new MessageIndex(this.#numbers.subarray(this.#start, this.#row), this.#partitionKeys, this.#explicitHashKeys, this.#hasTags)
    // Tables may stand behind the records, so indexes are looked at last.
    if (this.#highestKey >= this.#partitionKeys.length || this.#highestExplicit >= this.#explicitHashKeys.length) index.checkKeys()
    if (this.#numbers.length === SLAB) {
      slab = this.#numbers
      free = this.#row
    }
    return index
  }

  /**
   * As many records as are written as every known writer writes them: key index,
   * perhaps a hash key index, data, each once, in this order, in varints of one or two bytes.
   * Returns where it stopped: at `end`, where the rows are full, or at anything
   * else; the next one is then read field by field (or found to be wrong). Five times as
   * fast as reading all that way (10-byte records); so are literals in place of the tags'
   * names, by a quarter.
   *
   * Bounds: at most 13 bytes are looked at past a `pos` below `end`, and 16 bytes
   * of digest stand behind it; what is found counts only if `next <= end`.
   */
  #canonicalRecords(bytes: Buffer, start: number, end: number): number {
    const rows = this.#numbers
    const last = rows.length - ROW
    let row = this.#row
    let record = start
    let highestKey = this.#highestKey
    let highestExplicit = this.#highestExplicit
    while (record < end && bytes[record] === 0x1a && row <= last) {
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
      rows[row] = key
      rows[row + 1] = explicit
      rows[row + 2] = pos
      rows[row + 3] = next
      rows[row + 4] = record + 1
      row += 5
      record = next
    }
    this.#count = (row - this.#start) / ROW
    this.#highestKey = highestKey
    this.#highestExplicit = highestExplicit
    return record
  }

  /** A record with its fields in any order and number: the last of a repeated field counts. */
  #anyRecord(reader: Reader): void {
    const n = this.#count
    const at = reader.pos
    const outer = reader.end
    if (this.#row + ROW > this.#numbers.length) this.#grow(at, outer)
    const rows = this.#numbers
    const row = this.#row
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
          this.#hasTags = true
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
    this.#count++
  }

  /** Where the next row begins. */
  get #row(): number {
    return this.#start + this.#count * ROW
  }

  /**
   * Makes room for what is still to come, if it is like what stands before `at`, as it is as a rule; for a
   * tenth more in any case, so for one row at least. For 32 times as much at the most: little can be said of
   * the rest when few have been read.
   */
  #grow(at: number, end: number): void {
    const written = this.#numbers.subarray(this.#start, this.#row)
    const growth = Math.min(32, (1.1 * end) / at)
    this.#numbers = new Int32Array(Math.max(SLAB, growth * written.length))
    this.#numbers.set(written)
    this.#start = 0
  }
}
