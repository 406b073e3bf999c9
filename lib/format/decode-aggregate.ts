import { toBuffer } from '../bytes.js'
import { check } from '../errors.js'
import { FRAME_OVERHEAD } from './constants.js'
import { digestMismatchError, isDigestTrue } from './frame.js'
import { isFramed } from './is-aggregated.js'
import type { MessageIndex } from './message-index.js'
import { readMessage } from './message-reader.js'
import type { Tag } from './tags.js'

/** A user record as an aggregate holds it. */
export interface AggregateMember {
  partitionKey: string
  explicitHashKey: string | undefined
  /** A view of the aggregate's bytes, not a copy. */
  data: Buffer
  tags: readonly Tag[] | undefined
}

/**
 * The user records of one whole, digest-true aggregate; none for an aggregate
 * without any. Strict: for a stream, where anything may come, see `deaggregate`.
 *
 * @param data bytes, or padded base64 text.
 * @throws KplError `ERR_KPL_NOT_AGGREGATED`, `ERR_KPL_DIGEST_MISMATCH`, `ERR_KPL_MALFORMED`,
 *   `ERR_KPL_INVALID_BASE64`, `ERR_KPL_INVALID_INPUT`
 */
export function decodeAggregate(data: Uint8Array | string): { records: AggregateMember[] } {
  const bytes = toBuffer(data)
  const rule = `an aggregate must begin with f3899ac2 and have more than ${FRAME_OVERHEAD} bytes`
  check(isFramed(bytes), rule, `${bytes.toString('hex', 0, 4)} in ${bytes.length} bytes`, 'ERR_KPL_NOT_AGGREGATED', data)
  if (!isDigestTrue(bytes)) throw digestMismatchError(bytes)
  const index = readMessage(bytes)
  const records = Array.from({ length: index.count }, (_, n) => memberAt(index, n, bytes))
  return { records }
}

/** User record `n` of an indexed message. */
export function memberAt(index: MessageIndex, n: number, bytes: Buffer): AggregateMember {
  return {
    partitionKey: index.partitionKey(n),
    explicitHashKey: index.explicitHashKey(n),
    data: bytes.subarray(index.start(n), index.end(n)),
    tags: index.tags(n, bytes),
  }
}
