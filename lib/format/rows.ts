import { MessageIndex } from './message-index.js'
import { AT, END, EXPLICIT, KEY, ROW } from './row.js'

/** Numbers in 8 KiB, of which small messages have their rows: an array for each takes 1 µs to make. */
const SLAB = 2048
let slab = new Int32Array(0)
/** Where the part of the slab begins that is nobody's. What a malformed message left there, the next one writes over; none is read while another is. */
let free = 0

/** A user record's row, see row.ts. */
type Row = readonly [key: number, explicit: number, start: number, end: number, at: number]

/** The rows of one message's user records while it is read. */
export class Rows {
  /** How many user records were read. */
  count = 0
  /** Whether one of them has tags; hardly any has. */
  #haveTags = false
  /** The highest indexes met, so that each need not be compared with the length of its table. */
  #highestKey = -1
  #highestExplicit = -1
  /** The rows stand in it from `#start` on. */
  #numbers = slab
  #start = free

  /**
   * As many records as are written as every known writer writes them: key index,
   * perhaps a hash key index, data, each once, in this order, in varints of one or two bytes.
   * Returns where it stopped: at `end`, where there was no more room, or at anything else. Called again it
   * goes on; where it does not, the record there is to be read field by field (or found to be wrong). Five
   * times as fast as reading all that way (10-byte records); so are literals in place of the tags' names, by a
   * quarter.
   *
   * Bounds: at most 13 bytes are looked at past a `pos` below `end`, and 16 bytes
   * of digest stand behind it; what is found counts only if `next <= end`.
   */
  readCanonical(bytes: Buffer, start: number, end: number): number {
    this.#makeRoom(start, end)
    const numbers = this.#numbers
    const last = numbers.length - ROW
    let row = this.#next
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
      numbers[row] = key
      numbers[row + 1] = explicit
      numbers[row + 2] = pos
      numbers[row + 3] = next
      numbers[row + 4] = record + 1
      row += 5
      record = next
    }
    this.count = (row - this.#start) / ROW
    this.#highestKey = highestKey
    this.#highestExplicit = highestExplicit
    return record
  }

  /** Adds the row of a record that was read field by field, of a message that ends at `end`. */
  add(row: Row, end: number): void {
    this.#makeRoom(row[END], end)
    this.#numbers.set(row, this.#next)
    this.#highestKey = Math.max(this.#highestKey, row[KEY])
    this.#highestExplicit = Math.max(this.#highestExplicit, row[EXPLICIT])
    if (row[AT] < 0) this.#haveTags = true
    this.count++
  }

  /**
   * All of them, with the tables that they point into.
   *
   * @throws KplError `ERR_KPL_MALFORMED` for a key that stands in no table.
   */
  index(partitionKeys: readonly string[], explicitHashKeys: readonly string[]): MessageIndex {
    const end = this.#next
    const index = new MessageIndex(this.#numbers.subarray(this.#start, end), partitionKeys, explicitHashKeys, this.#haveTags)
    if (this.#highestKey >= partitionKeys.length || this.#highestExplicit >= explicitHashKeys.length) index.checkKeys()
    if (this.#numbers.length === SLAB) {
      slab = this.#numbers
      free = end
    }
    return index
  }

  /** Where the next row begins. */
  get #next(): number {
    return this.#start + this.count * ROW
  }

  /**
   * Makes room for a row at least. Where it must, for what is still to come of a message that ends at `end`, if that is like
   * what stands before `at`, as it is as a rule; for a tenth more in any case. For 32 times as much at the most: little can be
   * said of the rest when few have been read.
   */
  #makeRoom(at: number, end: number): void {
    const next = this.#next
    if (next + ROW <= this.#numbers.length) return
    const written = this.#numbers.subarray(this.#start, next)
    const growth = Math.min(32, (1.1 * end) / at)
    this.#numbers = new Int32Array(Math.max(SLAB, growth * written.length))
    this.#numbers.set(written)
    this.#start = 0
  }
}
