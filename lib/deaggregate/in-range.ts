import { excerpt } from '../errors.js'
import { type MessageIndex, malformedUserRecord } from '../format/message-index.js'
import type { Range } from '../routing/hash-key-range.js'
import { hashOf, parseHashKey } from '../routing/hash-key.js'

/**
 * The rule of the KCL's AggregatorUtil: an aggregate with any user record whose
 * hash key is outside the shard's range is hidden whole. Tells whether all user
 * records are in the range.
 *
 * @throws KplError `ERR_KPL_MALFORMED` for an explicit hash key that is none, wherever it stands.
 */
export function isInRange(index: MessageIndex, range: Range): boolean {
  const hash = remembering((n) => hashOf(index.partitionKey(n)))
  const parse = remembering((n) => parseHashKey(index.explicitHashKey(n)))
  let inside = true
  for (let n = 0; n < index.count; n++) {
    const explicit = index.explicitHashKeyIndex(n)
    const hashKey = explicit < 0 ? hash(index.partitionKeyIndex(n), n) : parse(explicit, n)
    if (hashKey === undefined) malformedUserRecord(n, `explicit hash key ${excerpt(index.explicitHashKey(n))} is no number from 0 to 2^128-1`, index.at(n))
    inside &&= range.start <= hashKey && hashKey <= range.end
  }
  return inside
}

/**
 * Makes once for each entry of a table what many user records of one aggregate ask for. By its
 * index and not by its text: to look up a long text is to compare it with others like it.
 */
function remembering<T>(make: (n: number) => T): (index: number, n: number) => T {
  const known = new Map<number, T>()
  return (index, n) => {
    if (!known.has(index)) known.set(index, make(n))
    return known.get(index)!
  }
}
