import { type KplErrorCode, check, checkText } from '../errors.js'
import { checkIterable } from '../options.js'
import { BufferPool } from './buffer-pool.js'
import { FRAME_OVERHEAD } from './constants.js'
import { Drafts, type UserRecordInput } from './draft.js'
import { AggregateEncoder } from './encoder.js'
import { addDigest } from './frame.js'
import { Key } from './key-table.js'

/**
 * One aggregate of all these user records, byte for byte as the KPL would write
 * it. It knows no limits of Kinesis and writes explicit hash keys as they are
 * given: for records to put, see `Aggregator`.
 *
 * @throws KplError `ERR_KPL_INVALID_ARGUMENT` without records, `ERR_KPL_INVALID_INPUT`,
 *   `ERR_KPL_INVALID_PARTITION_KEY`, `ERR_KPL_INVALID_EXPLICIT_HASH_KEY`
 */
export function encodeAggregate(records: Iterable<UserRecordInput>): Buffer {
  checkIterable('records', records)
  const drafts = new Drafts(
    keysOf('partition key', 'ERR_KPL_INVALID_PARTITION_KEY'),
    keysOf('explicit hash key', 'ERR_KPL_INVALID_EXPLICIT_HASH_KEY'),
  )
  const encoder = new AggregateEncoder(new BufferPool())
  for (const record of records) encoder.append(drafts.read(record), Infinity)
  check(encoder.size > FRAME_OVERHEAD, 'there must be at least one record', 0)
  const frame = encoder.assemble()
  addDigest(frame)
  return frame
}

function keysOf(name: string, code: KplErrorCode): (text: string) => Key {
  return (text) => {
    checkText(text, name, code)
    return new Key(text)
  }
}
