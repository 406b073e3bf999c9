import { excerpt } from '../errors.js'
import { type MessageIndex, malformedUserRecord } from '../format/message-index.js'
import type { Range } from '../routing/hash-key-range.js'
import { hashOf, parseHashKey } from '../routing/hash-key.js'

const MAX_KEYS = 8192

/**
 * The rule of the KCL's AggregatorUtil: an aggregate with any user record whose
 * hash key is outside the shard's range is hidden whole.
 */
export class RangeFilter {
  readonly #range: Range
  /** What was found of the partition keys met lately: hashing one takes a microsecond. */
  readonly #known = new Map<string, boolean>()

  constructor(range: Range) {
    this.#range = range
  }

  /**
   * Whether all user records are in the range.
   *
   * @throws KplError `ERR_KPL_MALFORMED` for an explicit hash key that is none, wherever it stands.
   */
  admits(index: MessageIndex): boolean {
    let inside = true
    for (let n = 0; n < index.count; n++) {
      const explicit = index.explicitHashKey(n)
      if (!(explicit === undefined ? this.#holds(index.partitionKey(n)) : this.#contains(this.#parse(explicit, index, n)))) inside = false
    }
    return inside
  }

  #holds(partitionKey: string): boolean {
    let holds = this.#known.get(partitionKey)
    if (holds === undefined) {
      holds = this.#contains(hashOf(partitionKey))
      if (this.#known.size >= MAX_KEYS) this.#known.clear()
      this.#known.set(partitionKey, holds)
    }
    return holds
  }

  #contains(hashKey: bigint): boolean {
    return this.#range.start <= hashKey && hashKey <= this.#range.end
  }

  #parse(explicit: string, index: MessageIndex, n: number): bigint {
    const hashKey = parseHashKey(explicit)
    if (hashKey !== undefined) return hashKey
    const offset = index.explicitHashKeyOffset(n)
    malformedUserRecord(n, `explicit hash key ${excerpt(explicit)} is no number from 0 to 2^128-1, at byte ${offset}`, offset)
  }
}
