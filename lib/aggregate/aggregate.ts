import type { UserRecordInput } from '../format/draft.js'
import { checkIterable } from '../options.js'
import { Passes } from '../passes.js'
import type { PutRecordsEntry } from './entry.js'
import { keepCompiled } from './keep-compiled.js'
import { type AggregateOptions, onRejectedOf, writingOptions } from './options.js'
import { Packer } from './packer.js'

/**
 * The entries that hold all these user records. Lazy; every `for...of` is a fresh
 * pass. A refused user record ends the pass once all before it was given out.
 *
 * @throws KplError at the call, `ERR_KPL_INVALID_ARGUMENT`, `ERR_KPL_INVALID_SHARDS`;
 *   in a user record's turn what `Aggregator.add` throws, unless `onRejected` takes it
 */
export function aggregate<R extends UserRecordInput>(records: Iterable<R>, options: AggregateOptions<R> = {}): Iterable<PutRecordsEntry<R>> {
  const writing = writingOptions(options)
  const onRejected = onRejectedOf(options)
  checkIterable('records', records)
  keepCompiled()
  return new Passes(records, () => new Packer<R>(writing, onRejected))
}
