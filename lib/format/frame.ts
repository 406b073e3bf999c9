import { md5 } from '../digest/md5.js'
import { KplError } from '../errors.js'
import { DIGEST_LENGTH, MAGIC_LENGTH } from './constants.js'

/** Where the message of a framed record ends and its digest begins. */
export function messageEnd(bytes: Buffer): number {
  return bytes.length - DIGEST_LENGTH
}

/** `ERR_KPL_DIGEST_MISMATCH` where the digest of a framed record is not that of its message. */
export function digestError(bytes: Buffer): KplError | undefined {
  const end = messageEnd(bytes)
  const digest = md5(bytes.subarray(MAGIC_LENGTH, end))
  if (digest.compare(bytes, end) === 0) return undefined
  return new KplError('ERR_KPL_DIGEST_MISMATCH', `the magic of an aggregate, but not the MD5 of what follows, at byte ${end}`, { offset: end })
}
