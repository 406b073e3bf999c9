import { KplError } from '../errors.js'
import { headSize, writeHead } from '../wire/field.js'
import type { BufferPool } from './buffer-pool.js'
import {
  DIGEST_LENGTH,
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
import { type Key, KeyTable, entrySize } from './key-table.js'

/** A Buffer finds its methods slowly, for its prototype has so many: 8 ns of the 100 that a 10-byte record takes. */
const { set } = Uint8Array.prototype

const EMPTY = Buffer.alloc(0)

/** What a short record has beside its data: a key index and the head of the data, with numbers of one byte. */
const SHORT_FIELDS = 4
/** The most bytes of data with which the length of such a record takes one byte too. */
const MAX_SHORT_DATA = 0x7f - SHORT_FIELDS

/**
 * One aggregate being filled. The records are encoded as they come, in a buffer
 * that grows; the tables, which stand before them, are known only at the end, so
 * the digest cannot begin before the last record. Room is left for them, a little
 * more than the last aggregate needed: where that is enough, and the buffer is
 * nearly full, the aggregate leaves in it (of 40,000-byte user records in a
 * quarter less time). Otherwise `assemble` copies.
 */
export class AggregateEncoder {
  /** Bytes of the whole aggregate: magic, message, digest. */
  size = FRAME_OVERHEAD
  readonly #keys = new KeyTable()
  #explicitHashKeys: KeyTable | undefined
  #memory: Buffer = EMPTY
  /** Where the records begin, and end so far. */
  #begin = 0
  #end = 0
  /** Bytes of the last one's data. */
  #lastLength = 0
  readonly #pool: BufferPool

  constructor(pool: BufferPool) {
    this.#pool = pool
  }

  /**
   * Adds a user record if the aggregate is then at most `limit` bytes: measured
   * first, so that what does not fit changes nothing.
   *
   * @returns the bytes by which the aggregate has grown; 0 if it does not fit.
   */
  append(draft: Draft, limit: number): number {
    const { key, explicitHashKey, data, length, tags } = draft
    // A callback may have resized it: what was in the memory before, perhaps of others, would leave in its place.
    if (typeof data !== 'string' && data.length !== length) throw resized(data, length)
    const keyIndex = this.#keys.find(key)
    const isNewKey = keyIndex === this.#keys.texts.length
    let newKeys = isNewKey ? entrySize(key) : 0
    let body = headSize(keyIndex) + payloadSize(draft)
    let explicitIndex = -1
    let isNewExplicit = false
    if (explicitHashKey !== undefined) {
      const table = (this.#explicitHashKeys ??= new KeyTable())
      explicitIndex = table.find(explicitHashKey)
      isNewExplicit = explicitIndex === table.texts.length
      if (isNewExplicit) newKeys += entrySize(explicitHashKey)
      body += headSize(explicitIndex)
    }
    const encoded = headSize(body) + body
    if (this.size + newKeys + encoded > limit) return 0
    if (this.#end + encoded + DIGEST_LENGTH > this.#memory.length) this.#grow(encoded, limit)
    const memory = this.#memory
    let pos = writeHead(memory, this.#end, TAG_RECORD, body)
    pos = writeHead(memory, pos, TAG_PARTITION_KEY_INDEX, keyIndex)
    if (explicitIndex >= 0) pos = writeHead(memory, pos, TAG_EXPLICIT_HASH_KEY_INDEX, explicitIndex)
    pos = writeHead(memory, pos, TAG_DATA, length)
    if (typeof data === 'string') memory.write(data, pos)
    // `set` would throw for an empty one that was transferred meanwhile.
    else if (length > 0) set.call(memory, data, pos)
    pos += length
    if (tags !== undefined) {
      memory.set(tags, pos)
      pos += tags.length
    }
    // Memory may be short: up to here nothing has changed.
    if (isNewKey) this.#keys.add(key)
    if (isNewExplicit) this.#explicitHashKeys!.add(explicitHashKey!)
    this.#lastLength = length
    this.#end = pos
    this.size += newKeys + encoded
    return newKeys + encoded
  }

  /**
   * The same of a user record with no explicit hash key and no tags, whose key was there before: where each number takes
   * one byte there is hardly anything to measure.
   *
   * @returns as `append` does; 0 also of what only `append` can add, or refuse: of no bytes, which may be gone.
   */
  appendShort(key: Key, data: Uint8Array, limit: number): number {
    const { table, index } = key
    const { length } = data
    if (table !== this.#keys || index >= 0x80 || length === 0 || length > MAX_SHORT_DATA) return 0
    const encoded = 2 + SHORT_FIELDS + length
    const end = this.#end + encoded
    if (this.size + encoded > limit || end + DIGEST_LENGTH > this.#memory.length) return 0
    const memory = this.#memory
    const pos = this.#end
    memory[pos] = TAG_RECORD
    memory[pos + 1] = SHORT_FIELDS + length
    memory[pos + 2] = TAG_PARTITION_KEY_INDEX
    memory[pos + 3] = index
    memory[pos + 4] = TAG_DATA
    memory[pos + 5] = length
    set.call(memory, data, pos + 6)
    this.#lastLength = length
    this.#end = end
    this.size += encoded
    return encoded
  }

  /** The data alone of the last user record, which must have no tags: where it was written, or a copy, as an aggregate. */
  lastData(): Buffer {
    const data = this.#memory.subarray(this.#end - this.#lastLength, this.#end)
    return this.#pool.isFilled(this.#memory, data.length) ? data : Buffer.from(data)
  }

  /** The whole aggregate but for its digest, 16 bytes of anything: where it was written if it fills that, else a copy. */
  assemble(): Buffer {
    const start = this.#end + DIGEST_LENGTH - this.size
    const stays = start >= 0 && this.#pool.isFilled(this.#memory, this.size)
    const frame = stays ? this.#memory.subarray(start, start + this.size) : Buffer.allocUnsafe(this.size)
    frame.writeUInt32BE(MAGIC)
    let pos = this.#keys.write(frame, MAGIC_LENGTH, TAG_PARTITION_KEY)
    if (this.#explicitHashKeys !== undefined) pos = this.#explicitHashKeys.write(frame, pos, TAG_EXPLICIT_HASH_KEY)
    if (!stays) this.#memory.copy(frame, pos, this.#begin, this.#end)
    return frame
  }

  /** Nothing more is appended to its `count` user records, and those to come may be like it. */
  close(count: number): void {
    this.#pool.learn(this.#memory, count, this.size, this.size - (this.#end - this.#begin))
  }

  /** It is assembled, or never will be. Its memory goes, and what is in its tables, which keys remember. */
  clear(): void {
    if (this.#memory !== EMPTY) this.#pool.inUse--
    this.#pool.giveBack(this.#memory)
    this.#memory = EMPTY
    this.#keys.clear()
    this.#explicitHashKeys?.clear()
  }

  /**
   * Takes memory with room for so many bytes more, for the digest, and for what will stand before the records. That
   * counts twice in `limit + headroom`, so half of what is to spare is enough for it; of a buffer that is only doubled
   * the other half is for records.
   */
  #grow(length: number, limit: number): void {
    const used = this.#end - this.#begin
    const needed = used + length + DIGEST_LENGTH
    const { headroom } = this.#pool
    const wanted = used === 0 ? needed : 2 * needed < limit ? 2 * needed : limit + headroom
    const larger = this.#pool.take(needed, wanted)
    if (this.#memory === EMPTY) this.#pool.inUse++
    const begin = Math.min(headroom, Math.floor((larger.length - needed) / 2))
    this.#memory.copy(larger, begin, this.#begin, this.#end)
    this.#pool.giveBack(this.#memory)
    this.#begin = begin
    this.#end = begin + used
    this.#memory = larger
  }
}

function resized(data: Uint8Array, length: number): KplError {
  return new KplError('ERR_KPL_INVALID_INPUT', `data was measured as ${length} bytes, and has ${data.length}`, { input: data })
}
