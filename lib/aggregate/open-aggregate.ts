import { DIGEST_LENGTH, MAGIC_LENGTH } from '../format/constants.js'
import { type AggregateMember, memberAt } from '../format/decode-aggregate.js'
import type { Draft } from '../format/draft.js'
import { AggregateEncoder } from '../format/encoder.js'
import { MessageIndex } from '../format/message-index.js'
import type { ScratchPool } from '../format/scratch-pool.js'
import type { Group, RoutedKey } from './router.js'

/** What each aggregate costs beside its encoded bytes, roughly, in memory. */
const OPEN_COST = 512

/** User records on their way into one Kinesis record. */
export class OpenAggregate<R> {
  readonly group: Group
  readonly partitionKey: RoutedKey
  readonly explicitHashKey: RoutedKey | undefined
  /** Whether it must be an aggregate even with one user record. */
  readonly wrap: boolean
  /** When its first user record came, by the packer's clock. */
  readonly openedAt: number
  userRecords: R[]
  isOpen = true
  /** The order in which the user records came, where they may be grouped anew. */
  readonly stamps: number[] = []
  /** The neighbours in the list that it is in. */
  previous: OpenAggregate<R> | undefined
  next: OpenAggregate<R> | undefined
  readonly #limit: number
  readonly #encoder: AggregateEncoder

  /** @param limit bytes of the aggregate's data at the most; the first user record fits whatever it is. */
  constructor(group: Group, draft: Draft<RoutedKey>, record: R, limit: number, wrap: boolean, openedAt: number, scratch: ScratchPool) {
    this.group = group
    this.partitionKey = draft.key
    this.explicitHashKey = draft.explicitHashKey
    this.wrap = wrap
    this.openedAt = openedAt
    this.#limit = limit
    this.#encoder = new AggregateEncoder(scratch)
    this.#encoder.append(draft, Infinity)
    // A list written as [x] holds one; one pushed to holds 17, which shows with 100,000 open aggregates.
    this.userRecords = [record]
  }

  /** What it counts for in `pendingBytes`. */
  get cost(): number {
    return this.#encoder.size + OPEN_COST
  }

  /**
   * Adds a user record if it fits.
   *
   * @returns the bytes by which the aggregate has grown; 0 if it does not fit.
   */
  append(draft: Draft<RoutedKey>, record: R): number {
    const size = this.#encoder.append(draft, this.#limit)
    if (size > 0) this.userRecords.push(record)
    return size
  }

  /** The whole aggregate. It is spent afterwards. */
  finish(): Buffer {
    return this.#encoder.finish()
  }

  /** The data of the only user record, alone. */
  finishLone(): Buffer {
    return this.#encoder.lastData()
  }

  /** The user records as they were when they came. It is spent afterwards. */
  finishMembers(): AggregateMember[] {
    const bytes = this.#encoder.assemble()
    const index = new MessageIndex()
    index.read(bytes, MAGIC_LENGTH, bytes.length - DIGEST_LENGTH)
    return this.userRecords.map((_, n) => memberAt(index, n, bytes))
  }
}
