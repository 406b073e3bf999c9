import { excerpt, invalidArgument } from '../errors.js'
import { parseHashKey } from './hash-key.js'

/** A shard's range of hash keys, both ends in it. The SDK's `shard.HashKeyRange` fits as it comes. */
export type HashKeyRange =
  | { readonly startingHashKey: string; readonly endingHashKey: string }
  | { readonly StartingHashKey: string | undefined; readonly EndingHashKey: string | undefined }

/** The two ends of a range of hash keys, both in it. */
export interface Range {
  readonly start: bigint
  readonly end: bigint
}

/**
 * The ends of a range in either casing.
 *
 * @returns what is wrong, where something is.
 */
export function readRange(range: unknown): Range | string {
  const { startingHashKey, endingHashKey, StartingHashKey, EndingHashKey } = Object(range) as Record<string, unknown>
  const from = startingHashKey ?? StartingHashKey
  const to = endingHashKey ?? EndingHashKey
  const start = parseHashKey(from)
  const end = parseHashKey(to)
  if (start === undefined) return `starting hash key must be decimal digits, 0 to 2^128-1, not ${excerpt(from)}`
  if (end === undefined) return `ending hash key must be decimal digits, 0 to 2^128-1, not ${excerpt(to)}`
  return start > end ? `starting hash key ${start} is above ending hash key ${end}` : { start, end }
}

/** @throws KplError `ERR_KPL_INVALID_ARGUMENT` */
export function checkRange(range: unknown): Range {
  const ends = readRange(range)
  return typeof ends === 'string' ? invalidArgument(`hashKeyRange: ${ends}`, range) : ends
}
