import { md5 } from '../digest/md5.js'
import { KplError } from '../errors.js'
import { DIGEST_LENGTH, MAGIC_LENGTH } from './constants.js'

/** Where the message of a framed record ends and its digest begins. */
export function messageEnd(bytes: Buffer): number {
  return bytes.length - DIGEST_LENGTH
}

/** The message of a framed record: no copy. */
export function framedMessage(bytes: Buffer): Buffer {
  return bytes.subarray(MAGIC_LENGTH, messageEnd(bytes))
}

/** Whether the digest of a framed record is that of its message. */
export function isDigestTrue(bytes: Buffer): boolean {
  return md5(framedMessage(bytes)) === bytes.toString('hex', messageEnd(bytes))
}

/** Whether the digest of a framed record is what stands in `digests` from `at` on. */
export function isDigestOf(bytes: Buffer, digests: Buffer, at = 0): boolean {
  return bytes.compare(digests, at, at + DIGEST_LENGTH, messageEnd(bytes)) === 0
}

/** Makes the digest of the message and puts it in. */
export function addDigest(bytes: Buffer): void {
  bytes.write(md5(framedMessage(bytes)), messageEnd(bytes), 'hex')
}

/** Puts the digest in, which stands in `digests` from `at` on. */
export function setDigest(bytes: Buffer, digests: Buffer, at = 0): void {
  digests.copy(bytes, messageEnd(bytes), at, at + DIGEST_LENGTH)
}

/** `ERR_KPL_DIGEST_MISMATCH` */
export function digestMismatchError(bytes: Buffer): KplError {
  const offset = messageEnd(bytes)
  return new KplError('ERR_KPL_DIGEST_MISMATCH', `the magic of an aggregate, but not the MD5 of what follows, at byte ${offset}`, { offset })
}
