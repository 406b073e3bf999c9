import { KplError } from '../errors.js'
import { varintSize, writeVarint } from '../wire/varint.js'
import {
  FRAME_OVERHEAD,
  MAGIC,
  MAGIC_LENGTH,
  TAG_DATA,
  TAG_EXPLICIT_HASH_KEY,
  TAG_EXPLICIT_HASH_KEY_INDEX,
  TAG_PARTITION_KEY,
  TAG_PARTITION_KEY_INDEX,
  TAG_RECORD,
} from './constants.js'
import { type Draft, payloadSize } from './draft.js'
import { KeyTable, entrySize } from './key-table.js'
import type { ScratchPool } from './scratch-pool.js'

/** A Buffer finds its methods slowly, for its prototype has so many: 8 ns of the 100 that a 10-byte record takes. */
const { set } = Uint8Array.prototype

const EMPTY = Buffer.alloc(0)

/**
 * One aggregate being filled. The records are encoded as they come, in a buffer
 * that grows; the tables, which stand before them, are known only at the end.
 * So the digest cannot begin before the last record: `assemble` puts all in its
 * place, to be digested there without another copy.
 */
export class AggregateEncoder {
  /** Bytes of the whole aggregate: magic, message, digest. */
  size = FRAME_OVERHEAD
  readonly #keys = new KeyTable()
  #explicitHashKeys: KeyTable | undefined
  #records: Buffer = EMPTY
  #used = 0
  readonly #scratch: ScratchPool
  /** Where the last user record's data begins. */
  #lastDataStart = 0

  constructor(scratch: ScratchPool) {
    this.#scratch = scratch
  }

  /**
   * Adds a user record if the aggregate is then at most `limit` bytes: measured
   * first, so that what does not fit changes nothing.
   *
   * @returns the bytes by which the aggregate has grown; 0 if it does not fit.
   */
  append(draft: Draft, limit: number): number {
    const { key, explicitHashKey, data, length, tags } = draft
    const keyIndex = this.#keys.find(key)
    const isNewKey = keyIndex === this.#keys.texts.length
    let newKeys = isNewKey ? entrySize(key) : 0
    let body = 1 + varintSize(keyIndex) + payloadSize(draft)
    let explicitIndex = -1
    let isNewExplicit = false
    if (explicitHashKey !== undefined) {
      const table = (this.#explicitHashKeys ??= new KeyTable())
      explicitIndex = table.find(explicitHashKey)
      isNewExplicit = explicitIndex === table.texts.length
      if (isNewExplicit) newKeys += entrySize(explicitHashKey)
      body += 1 + varintSize(explicitIndex)
    }
    const encoded = 1 + varintSize(body) + body
    if (this.size + newKeys + encoded > limit) return 0
    const records = this.#reserve(encoded)
    let pos = this.#used
    records[pos] = TAG_RECORD
    pos = writeVarint(records, pos + 1, body)
    records[pos] = TAG_PARTITION_KEY_INDEX
    pos = writeVarint(records, pos + 1, keyIndex)
    if (explicitIndex >= 0) {
      records[pos] = TAG_EXPLICIT_HASH_KEY_INDEX
      pos = writeVarint(records, pos + 1, explicitIndex)
    }
    records[pos] = TAG_DATA
    pos = writeVarint(records, pos + 1, length)
    const dataStart = pos
    if (typeof data === 'string') records.write(data, pos)
    else {
      // A callback may have resized it: what was in this memory before, another user record, would leave in its place.
      if (data.length !== length) throw resized(data, length)
      set.call(records, data, pos)
    }
    pos += length
    if (tags !== undefined) {
      records.set(tags, pos)
      pos += tags.length
    }
    // Memory may be short: up to here nothing has changed.
    if (isNewKey) this.#keys.add(key)
    if (isNewExplicit) this.#explicitHashKeys!.add(explicitHashKey!)
    this.#lastDataStart = dataStart
    this.#used = pos
    this.size += newKeys + encoded
    return newKeys + encoded
  }

  /** Whether it has no user record yet. */
  get isEmpty(): boolean {
    return this.#used === 0
  }

  /** The data alone of the last user record, which must have no tags. */
  lastData(): Buffer {
    return Buffer.from(this.#records.subarray(this.#lastDataStart, this.#used))
  }

  /** The whole aggregate but for its digest, 16 bytes of anything. */
  assemble(): Buffer {
    const frame = Buffer.allocUnsafeSlow(this.size)
    frame.writeUInt32BE(MAGIC)
    let pos = writeTable(frame, MAGIC_LENGTH, TAG_PARTITION_KEY, this.#keys)
    if (this.#explicitHashKeys !== undefined) pos = writeTable(frame, pos, TAG_EXPLICIT_HASH_KEY, this.#explicitHashKeys)
    this.#records.copy(frame, pos, 0, this.#used)
    return frame
  }

  /** Gives its memory back. The encoder is spent. */
  release(): void {
    this.#scratch.give(this.#records)
    this.#records = EMPTY
    this.#keys.clear()
    this.#explicitHashKeys?.clear()
  }

  /** The buffer of the records, with room for so many bytes more. */
  #reserve(length: number): Buffer {
    const needed = this.#used + length
    if (needed <= this.#records.length) return this.#records
    const larger = this.#scratch.take(needed, this.#used === 0 ? needed : 2 * needed)
    this.#records.copy(larger, 0, 0, this.#used)
    this.#scratch.leave(this.#records)
    return (this.#records = larger)
  }
}

function resized(data: Uint8Array, length: number): KplError {
  return new KplError('ERR_KPL_INVALID_INPUT', `data was measured as ${length} bytes, and has ${data.length}`, { input: data })
}

function writeTable(frame: Buffer, pos: number, tag: number, table: KeyTable): number {
  // No text of so many UTF-16 units has more than 127 bytes of UTF-8, so its length takes one byte.
  const SHORT_TEXT = 42
  for (const text of table.texts) {
    frame[pos++] = tag
    pos = writeVarint(frame, pos, text.length <= SHORT_TEXT ? 0 : Buffer.byteLength(text))
    const length = frame.write(text, pos)
    if (text.length <= SHORT_TEXT) frame[pos - 1] = length
    pos += length
  }
  return pos
}
