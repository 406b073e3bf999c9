import { readKinesisRecord } from '../deaggregate/kinesis-record.js'
import type { UserRecord } from '../deaggregate/user-record.js'
import { KplError, checkInput } from '../errors.js'
import { isSubSequenceNumber } from '../routing/checkpoint.js'

/**
 * A text that is the same for a user record each time it is read, and another for every other
 * one of its stream: `shardId-000000000000:<sequence number>:<sub-sequence number>`. It is the
 * same through `toEvent`, and where a shard is named the `eventID` that this gives to what was in an aggregate.
 *
 * The shard is in it where the input names it, as a Lambda event does: sequence numbers are unique in a shard.
 * Two streams may share shard ids: a store of keys that serves both needs the stream's name before them.
 * A record that its producer has put twice is two records, with two keys.
 *
 * @throws KplError `ERR_KPL_INVALID_INPUT` without a sequence number, for many would have one key; of what is no user record.
 */
export function idempotencyKey(record: UserRecord<unknown>): string {
  const { source, sequenceNumber, subSequenceNumber } = Object(record) as UserRecord<unknown>
  const isRead = typeof sequenceNumber === 'string' && isSubSequenceNumber(subSequenceNumber) && source !== undefined
  checkInput(isRead, 'a user record must be one that deaggregate or processBatch gave', record)
  if (sequenceNumber === '') throw new KplError('ERR_KPL_INVALID_INPUT', 'a record without sequence number has no idempotency key', { input: record })
  const { shardId } = readKinesisRecord(source)
  return `${shardId === undefined ? '' : `${shardId}:`}${sequenceNumber}:${subSequenceNumber}`
}
