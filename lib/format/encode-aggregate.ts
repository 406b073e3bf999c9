import { KplError, excerpt, invalidArgument } from '../errors.js'
import { Draft, type UserRecordInput } from './draft.js'
import { AggregateEncoder } from './encoder.js'
import { KeyCache } from './key-cache.js'
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
  if (typeof Object(records)[Symbol.iterator] !== 'function' || typeof records === 'string') {
    invalidArgument(`records must be an iterable of user records, not ${excerpt(records)}`, records)
  }
  const draft = new Draft(
    new KeyCache((text) => wellFormedKey('ERR_KPL_INVALID_PARTITION_KEY', 'partition key', text)),
    new KeyCache((text) => wellFormedKey('ERR_KPL_INVALID_EXPLICIT_HASH_KEY', 'explicit hash key', text)),
  )
  const encoder = new AggregateEncoder(new ScratchPool())
  for (const record of records) {
    draft.read(record)
    encoder.append(draft, Infinity)
  }
  if (encoder.count === 0) invalidArgument('no records to encode', records)
  return encoder.finish()
}

function wellFormedKey(
  code: 'ERR_KPL_INVALID_PARTITION_KEY' | 'ERR_KPL_INVALID_EXPLICIT_HASH_KEY',
  name: string,
  text: unknown,
): Key {
  if (typeof text !== 'string' || !text.isWellFormed()) {
    throw new KplError(code, `${name} must be well-formed text, not ${excerpt(text)}`, { input: text })
  }
  return new Key(text)
}
