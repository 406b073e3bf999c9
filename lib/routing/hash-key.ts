import { md5 } from '../digest/md5.js'
import { KplError, type KplErrorCode, check, checkText } from '../errors.js'
import { MAX_PARTITION_KEY } from '../limits.js'

/** 2^128 - 1. */
export const MAX_HASH_KEY = (1n << 128n) - 1n

/**
 * The hash key by which Kinesis chooses the shard: the explicit hash key, else
 * the MD5 of the partition key's UTF-8 as a big-endian number.
 *
 * @param partitionKey 1 to 256 Unicode characters.
 * @param explicitHashKey decimal digits, 0 to 2^128-1.
 * @throws KplError `ERR_KPL_INVALID_PARTITION_KEY`, `ERR_KPL_INVALID_EXPLICIT_HASH_KEY`
 */
export function hashKey(partitionKey: string, explicitHashKey?: string): bigint {
  checkPartitionKey(partitionKey)
  return explicitHashKey === undefined ? hashOf(partitionKey) : checkExplicitHashKey(explicitHashKey)
}

/** The hash key of any text, Kinesis' limits left aside. */
export function hashOf(partitionKey: string): bigint {
  return BigInt(`0x${md5(partitionKey)}`)
}

/** The value of a hash key in decimal digits; `undefined` for anything else and for numbers above 2^128-1. */
export function parseHashKey(text: unknown): bigint | undefined {
  // At most 39 digits but for leading zeros: BigInt takes quadratic time in the number of digits. A zero fits
  // one place of the pattern only, or it would be tried in all of 39 for each zero of a long text that is no number.
  const digits = typeof text === 'string' ? /^(?=.)0*([1-9][0-9]{0,38}|)$/.exec(text)?.[1] : undefined
  const value = BigInt(digits ?? -1)
  return value < 0n || value > MAX_HASH_KEY ? undefined : value
}

/** The partition key, if Kinesis takes it: well-formed, 1 to 256 code points. */
export function checkPartitionKey(text: string): string {
  checkText(text, 'partitionKey', 'ERR_KPL_INVALID_PARTITION_KEY')
  const size = codePoints(text)
  if (size < 1 || size > MAX_PARTITION_KEY) {
    const message = `partitionKey must have 1 to ${MAX_PARTITION_KEY} characters, not ${size}`
    throw new KplError('ERR_KPL_INVALID_PARTITION_KEY', message, { size, limit: MAX_PARTITION_KEY, input: text })
  }
  return text
}

/** The value of a hash key in decimal digits. */
export function checkHashKey(text: unknown, name: string, code?: KplErrorCode): bigint {
  const value = parseHashKey(text)
  check(value !== undefined, `${name} must be text of decimal digits, 0 to 2^128-1`, text, code)
  return value
}

/** The value of an explicit hash key. */
export function checkExplicitHashKey(text: string): bigint {
  return checkHashKey(text, 'explicitHashKey', 'ERR_KPL_INVALID_EXPLICIT_HASH_KEY')
}

function codePoints(text: string): number {
  // No text of 256 UTF-16 units or fewer has more code points.
  if (text.length <= MAX_PARTITION_KEY) return text.length
  let count = 0
  for (const _ of text) count++
  return count
}
