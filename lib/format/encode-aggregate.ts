import { type KplErrorCode, check } from '../errors.js'
import { checkIterable } from '../options.js'
import { Drafts, type UserRecordInput } from './draft.js'
import { AggregateEncoder } from './encoder.js'
import { Key } from './key-table.js'
import { ScratchPool } from './scratch-pool.js'

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
    (text) => wellFormedKey('ERR_KPL_INVALID_PARTITION_KEY', 'partition key', text),
    (text) => wellFormedKey('ERR_KPL_INVALID_EXPLICIT_HASH_KEY', 'explicit hash key', text),
  )
  const encoder = new AggregateEncoder(new ScratchPool())
  for (const record of records) encoder.append(drafts.read(record), Infinity)
  check(encoder.count > 0, 'records must not be empty', records)
  return encoder.finish()
}

function wellFormedKey(code: KplErrorCode, name: string, text: string): Key {
  check(typeof text === 'string' && text.isWellFormed(), `${name} must be well-formed text`, text, code)
  return new Key(text)
}
