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
  userRecords: R[] = []
  isOpen = true
  /** The order in which the user records came, where they may be grouped anew. */
  readonly stamps: number[] = []
  /** The neighbours in the list that it is in. */
  previous: OpenAggregate<R> | undefined
  next: OpenAggregate<R> | undefined
  readonly #encoder: AggregateEncoder

  constructor(group: Group, draft: Draft<RoutedKey>, wrap: boolean, openedAt: number, scratch: ScratchPool) {
    this.group = group
    this.partitionKey = draft.key
    this.explicitHashKey = draft.explicitHashKey
    this.wrap = wrap
    this.openedAt = openedAt
    this.#encoder = new AggregateEncoder(scratch)
  }

  /** What it counts for in `pendingBytes`. */
  get cost(): number {
    return this.#encoder.size + OPEN_COST
  }

  /** Bytes of the aggregate's data with this user record too. */
  measure(draft: Draft<RoutedKey>): number {
    return this.#encoder.measure(draft)
  }

  /** Adds the user record that was just measured. */
  append(draft: Draft<RoutedKey>, record: R): void {
    this.#encoder.append(draft)
    // As in KeyTable: a list of one holds one.
    if (this.userRecords.length === 0) this.userRecords = [record]
    else this.userRecords.push(record)
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
