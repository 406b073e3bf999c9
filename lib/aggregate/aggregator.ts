import type { UserRecordInput } from '../format/draft.js'
import type { PutRecordsEntry } from './entry.js'
import { keepCompiled } from './keep-compiled.js'
import { type AggregatorOptions, writingOptions } from './options.js'
import { Packer } from './packer.js'

/**
 * Packs user records into Kinesis records, one call at a time: what a call
 * completes it returns. User records of one hash key leave in the order they came.
 */
export class Aggregator<R extends UserRecordInput = UserRecordInput> {
  readonly #packer: Packer<R>

  /** @throws KplError `ERR_KPL_INVALID_ARGUMENT`, `ERR_KPL_INVALID_SHARDS` */
  constructor(options?: AggregatorOptions) {
    this.#packer = new Packer<R>(writingOptions(options))
    keepCompiled()
  }

  /**
   * Takes a user record, whose data is copied, and returns the entries that are complete by it. Where
   * they cannot be made (memory is short, MD5 is refused) it returns none, and the next call throws why.
   *
   * @throws KplError and changes nothing: `ERR_KPL_INVALID_INPUT`, `ERR_KPL_INVALID_PARTITION_KEY`,
   *   `ERR_KPL_INVALID_EXPLICIT_HASH_KEY`, `ERR_KPL_RECORD_TOO_LARGE`, `ERR_KPL_INVALID_SHARDS`
   */
  add(record: R): PutRecordsEntry<R>[] {
    const packer = this.#packer
    // What an earlier call could not make: to throw after `put` would say that the user record was refused.
    packer.finish()
    packer.put(record)
    try {
      return packer.takeAll()
    } catch {
      return []
    }
  }

  /** All that is pending, oldest first. None while shards are asked that call back: it leaves with the next call. */
  flush(): PutRecordsEntry<R>[] {
    this.#packer.end()
    return this.#packer.takeAll()
  }

  /** User records that wait for others. */
  get pendingRecords(): number {
    return this.#packer.pendingRecords
  }

  /** Encoded bytes that wait, and 512 for each open aggregate. */
  get pendingBytes(): number {
    return this.#packer.pendingBytes
  }
}
