import { md5Hex } from '../digest/md5.js'
import { KplError, type KplErrorCode, excerpt } from '../errors.js'

/** 2^128 - 1. */
export const MAX_HASH_KEY = (1n << 128n) - 1n

const MAX_PARTITION_KEY = 256
/** As many digits as 2^128 - 1 has. */
const MAX_DIGITS = 39

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
  return explicitHashKey === undefined ? hashOf(partitionKey) : BigInt(checkExplicitHashKey(explicitHashKey))
}

/** The hash key of any text, Kinesis' limits left aside. */
export function hashOf(partitionKey: string): bigint {
  return BigInt(`0x${md5Hex(partitionKey)}`)
}

/** The value of a hash key in decimal digits; `undefined` for anything else and for numbers above 2^128-1. */
export function parseHashKey(text: unknown): bigint | undefined {
  if (typeof text !== 'string' || !/^[0-9]+$/.test(text)) return undefined
  // Leading zeros go first: BigInt takes quadratic time in the number of digits.
  const digits = text.replace(/^0+(?=.)/, '')
  if (digits.length > MAX_DIGITS) return undefined
  const value = BigInt(digits)
  return value > MAX_HASH_KEY ? undefined : value
}

/** The partition key, if Kinesis takes it: well-formed, 1 to 256 code points. */
export function checkPartitionKey(text: unknown): string {
  if (typeof text !== 'string') fail('ERR_KPL_INVALID_PARTITION_KEY', `partition key must be a string, not ${excerpt(text)}`, text)
  if (!text.isWellFormed()) fail('ERR_KPL_INVALID_PARTITION_KEY', 'partition key has a lone surrogate, which UTF-8 cannot hold', text)
  const size = codePoints(text)
  if (size < 1 || size > MAX_PARTITION_KEY) {
    const message = `partition key of ${size} characters, Kinesis takes 1 to ${MAX_PARTITION_KEY}`
    throw new KplError('ERR_KPL_INVALID_PARTITION_KEY', message, { size, limit: MAX_PARTITION_KEY, input: text })
  }
  return text
}

/** The explicit hash key without leading zeros. */
export function checkExplicitHashKey(text: unknown): string {
  const value = parseHashKey(text)
  if (value === undefined) {
    fail('ERR_KPL_INVALID_EXPLICIT_HASH_KEY', `explicit hash key must be decimal digits, 0 to 2^128-1, not ${excerpt(text)}`, text)
  }
  return String(value)
}

function codePoints(text: string): number {
  // No text of 256 UTF-16 units or fewer has more code points.
  if (text.length <= MAX_PARTITION_KEY) return text.length
  let count = 0
  for (const _ of text) count++
  return count
}

function fail(code: KplErrorCode, message: string, input: unknown): never {
  throw new KplError(code, message, { input })
}
