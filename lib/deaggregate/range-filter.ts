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
  /** The hash keys of the partition keys met lately: hashing one takes a microsecond. */
  readonly #known = new Map<string, bigint>()

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
      const hashKey = explicit === undefined ? this.#hashOf(index.partitionKey(n)) : parseHashKey(explicit)
      if (hashKey === undefined) malformedUserRecord(n, `explicit hash key ${excerpt(explicit)} is no number from 0 to 2^128-1`, index.at(n))
      inside &&= this.#range.start <= hashKey && hashKey <= this.#range.end
    }
    return inside
  }

  #hashOf(partitionKey: string): bigint {
    let hashKey = this.#known.get(partitionKey)
    if (hashKey === undefined) {
      hashKey = hashOf(partitionKey)
      if (this.#known.size >= MAX_KEYS) this.#known.clear()
      this.#known.set(partitionKey, hashKey)
    }
    return hashKey
  }
}
