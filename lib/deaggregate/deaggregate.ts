import { Passes } from '../passes.js'
import type { KinesisInput } from './input.js'
import { keepCompiled } from './keep-compiled.js'
import { isKinesisRecord, isRecords, refuse } from './kinesis-record.js'
import { type DeaggregateOptions, readingOptions } from './options.js'
import { Unpacker } from './unpacker.js'
import type { UserRecord } from './user-record.js'

/**
 * The user records of one Kinesis record, or of an iterable of them, in order:
 * those of aggregates taken apart, plain records as they are. Lazy; every
 * `for...of` is a fresh pass; leaving a pass early closes the input's iterator.
 *
 * @param input records of any shape that the SDK, Lambda, Firehose, EventBridge Pipes or aws-kcl give; text is base64.
 * @throws KplError at the call, `ERR_KPL_INVALID_ARGUMENT` and `ERR_KPL_INVALID_INPUT` of what is no input at all;
 *   in a record's turn, unless `onRejected` takes it, `ERR_KPL_MALFORMED`, `ERR_KPL_DIGEST_MISMATCH`,
 *   `ERR_KPL_INVALID_BASE64`, `ERR_KPL_INVALID_INPUT`, `ERR_KPL_MIXED_SHARDS`
 */
export function deaggregate<S extends KinesisInput>(input: Iterable<S>, options?: DeaggregateOptions<S>): Iterable<UserRecord<S>>
/** The same of one Kinesis record. */
export function deaggregate<S extends KinesisInput>(input: S, options?: DeaggregateOptions<S>): Iterable<UserRecord<S>>
/** The same of what may be either. */
export function deaggregate<S extends KinesisInput>(input: S | Iterable<S>, options?: DeaggregateOptions<S>): Iterable<UserRecord<S>>
export function deaggregate<S extends KinesisInput>(input: S | Iterable<S>, options?: DeaggregateOptions<S>): Iterable<UserRecord<S>> {
  const resolved = readingOptions(options)
  const records = isRecords<S>(input) ? input : [input]
  if (records !== input && !isKinesisRecord(input)) refuse('input must be a Kinesis record or an iterable of them', input)
  keepCompiled()
  return new Passes(records, () => new Unpacker<S>(resolved))
}
