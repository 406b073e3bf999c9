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
  const hash = remembering(hashOf)
  const parse = remembering(parseHashKey)
  let inside = true
  for (let n = 0; n < index.count; n++) {
    const explicit = index.explicitHashKey(n)
    const hashKey = explicit === undefined ? hash(index.partitionKey(n)) : parse(explicit)
    if (hashKey === undefined) malformedUserRecord(n, `explicit hash key ${excerpt(explicit)} is no number from 0 to 2^128-1`, index.at(n))
    inside &&= range.start <= hashKey && hashKey <= range.end
  }
  return inside
}

/** Does for each text once what many user records of one aggregate ask for: keys repeat, and may be long. */
function remembering<T>(make: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>()
  return (text) => {
    if (!known.has(text)) known.set(text, make(text))
    return known.get(text)!
  }
}
