import { md5 } from '../digest/md5.js'
import { varintSize, writeVarint } from '../wire/varint.js'
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
import type { Draft } from './draft.js'
import { KeyTable, entrySize } from './key-table.js'
import type { ScratchPool } from './scratch-pool.js'

/** No text of so many UTF-16 units has more than 127 bytes of UTF-8, so its length takes one byte. */
const SHORT_TEXT = 42

const EMPTY = Buffer.alloc(0)

/**
 * One aggregate being filled. The records are encoded as they come, in a buffer
 * that grows; the tables, which stand before them, are known only at the end.
 * So the digest cannot begin before the last record: `finish` puts all in its
 * place and digests it there, without another copy.
 */
export class AggregateEncoder {
  /** User records so far. */
  count = 0
  /** Bytes of the whole aggregate: magic, message, digest. */
  size = FRAME_OVERHEAD
  readonly #keys = new KeyTable()
  #explicitHashKeys: KeyTable | undefined
  #records: Buffer = EMPTY
  #used = 0
  readonly #scratch: ScratchPool
  #lastStart = 0
  #lastEnd = 0
  // What `measure` found, for `append`.
  #keyIndex = 0
  #explicitIndex = -1
  #body = 0
  #measured = 0

  constructor(scratch: ScratchPool) {
    this.#scratch = scratch
  }

  /** Bytes of the whole aggregate with one user record more. Changes nothing. */
  measure(draft: Draft): number {
    let size = this.size
    let index = this.#keys.find(draft.key)
    if (index < 0) {
      index = this.#keys.texts.length
      size += entrySize(draft.key)
    }
    this.#keyIndex = index
    const explicit = draft.explicitHashKey
    index = -1
    if (explicit !== undefined) {
      index = this.#explicitHashKeys?.find(explicit) ?? -1
      if (index < 0) {
        index = this.#explicitHashKeys?.texts.length ?? 0
        size += entrySize(explicit)
      }
    }
    this.#explicitIndex = index
    const body = (this.#body = draft.bodySize(this.#keyIndex, index))
    return (this.#measured = size + 1 + varintSize(body) + body)
  }

  /** Adds the user record that `measure` was just called with. */
  append(draft: Draft): void {
    const keyIndex = this.#keyIndex
    const explicitIndex = this.#explicitIndex
    if (keyIndex === this.#keys.texts.length) this.#keys.add(draft.key)
    if (draft.explicitHashKey !== undefined) {
      const table = (this.#explicitHashKeys ??= new KeyTable())
      if (explicitIndex === table.texts.length) table.add(draft.explicitHashKey)
    }
    this.#reserve(1 + varintSize(this.#body) + this.#body)
    const records = this.#records
    let pos = this.#used
    records[pos++] = TAG_RECORD
    pos = writeVarint(records, pos, this.#body)
    records[pos++] = TAG_PARTITION_KEY_INDEX
    pos = writeVarint(records, pos, keyIndex)
    if (explicitIndex >= 0) {
      records[pos++] = TAG_EXPLICIT_HASH_KEY_INDEX
      pos = writeVarint(records, pos, explicitIndex)
    }
    records[pos++] = TAG_DATA
    pos = writeVarint(records, pos, draft.length)
    draft.copyData(records, pos)
    this.#lastStart = pos
    this.#lastEnd = pos += draft.length
    if (draft.tags !== undefined) {
      records.set(draft.tags, pos)
      pos += draft.tags.length
    }
    this.#used = pos
    this.size = this.#measured
    this.count++
  }

  /** The whole aggregate. The encoder is spent. */
  finish(): Buffer {
    const frame = this.assemble()
    const end = frame.length - DIGEST_LENGTH
    md5(frame.subarray(MAGIC_LENGTH, end)).copy(frame, end)
    return frame
  }

  /** The last user record's data alone. The encoder is spent. */
  lastData(): Buffer {
    const data = Buffer.from(this.#records.subarray(this.#lastStart, this.#lastEnd))
    this.#release()
    return data
  }

  /** The whole aggregate but for its digest, 16 bytes of anything. The encoder is spent. */
  assemble(): Buffer {
    const frame = Buffer.allocUnsafeSlow(this.size)
    frame.writeUInt32BE(MAGIC)
    let pos = writeTable(frame, MAGIC_LENGTH, TAG_PARTITION_KEY, this.#keys)
    if (this.#explicitHashKeys !== undefined) pos = writeTable(frame, pos, TAG_EXPLICIT_HASH_KEY, this.#explicitHashKeys)
    this.#records.copy(frame, pos, 0, this.#used)
    this.#release()
    return frame
  }

  #release(): void {
    this.#scratch.give(this.#records)
    this.#records = EMPTY
  }

  #reserve(length: number): void {
    const needed = this.#used + length
    if (needed <= this.#records.length) return
    const larger = this.#scratch.take(needed, this.#used === 0 ? needed : 2 * needed)
    this.#records.copy(larger, 0, 0, this.#used)
    this.#records = larger
  }
}

function writeTable(frame: Buffer, pos: number, tag: number, table: KeyTable): number {
  for (const text of table.texts) {
    frame[pos++] = tag
    pos = writeVarint(frame, pos, text.length <= SHORT_TEXT ? 0 : Buffer.byteLength(text))
    const length = frame.write(text, pos)
    if (text.length <= SHORT_TEXT) frame[pos - 1] = length
    pos += length
  }
  return pos
}
