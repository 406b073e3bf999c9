import { type KplErrorCode, check } from '../errors.js'
import { checkHashKey } from './hash-key.js'

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
 * @throws KplError with the code that is given
 */
export function checkRange(range: unknown, code?: KplErrorCode): Range {
  const { startingHashKey, endingHashKey, StartingHashKey, EndingHashKey } = Object(range) as Record<string, unknown>
  const start = checkHashKey(startingHashKey ?? StartingHashKey, 'StartingHashKey of the range', code)
  const end = checkHashKey(endingHashKey ?? EndingHashKey, 'EndingHashKey of the range', code)
  check(start <= end, `EndingHashKey of the range must be from ${start} on`, `${end}`, code)
  return { start, end }
}
