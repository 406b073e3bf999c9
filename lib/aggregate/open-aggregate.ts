import type { BufferPool } from '../format/buffer-pool.js'
import { type AggregateMember, memberAt } from '../format/decode-aggregate.js'
import type { Draft, UserRecordInput } from '../format/draft.js'
import { AggregateEncoder } from '../format/encoder.js'
import { readMessage } from '../format/message-reader.js'
import type { ShardMap } from '../routing/shard-map.js'
import type { PutRecordsEntry } from './entry.js'
import type { Group, RoutedKey } from './router.js'

/** A user record on its way, that may be placed anew. */
interface Member<R> {
  readonly stamp: number
  readonly openedAt: number
  /** The object that was given, which may have changed; and what it was when it came. */
  readonly record: R
  readonly input: AggregateMember
}

/** User records on their way into one Kinesis record. */
export class OpenAggregate<R extends UserRecordInput = UserRecordInput> extends AggregateEncoder {
  readonly group: Group
  readonly partitionKey: RoutedKey
  readonly explicitHashKey: RoutedKey | undefined
  /** Whether it must be an aggregate even with one user record. */
  readonly wrap: boolean
  /** Bytes that its data may have with more than one user record in it. */
  readonly limit: number
  /** When its first user record came, by the packer's clock. */
  readonly openedAt: number
  // A list written as [x] holds one; one pushed to holds 17, which shows with 100,000 open aggregates.
  userRecords: R[]
  isOpen = true
  /** The shards as they were when it was closed. */
  map: ShardMap | undefined
  /** What leaves of it, once it is closed. */
  entry: PutRecordsEntry<R> | undefined
  /** The order in which the user records came, where they may be grouped anew. */
  stamps: number[] | undefined

  constructor(
    group: Group,
    draft: Draft<RoutedKey>,
    record: R,
    wrap: boolean,
    limit: number,
    openedAt: number,
    buffers: BufferPool,
    stamps: number[] | undefined,
  ) {
    super(buffers)
    this.group = group
    this.partitionKey = draft.key
    this.explicitHashKey = draft.explicitHashKey
    this.wrap = wrap
    this.limit = limit
    this.openedAt = openedAt
    this.stamps = stamps
    this.append(draft, Infinity)
    this.userRecords = [record]
  }

  /** User records so far. */
  get count(): number {
    return this.userRecords.length
  }

  /** The key by which it is routed: the explicit hash key, if there is one. */
  get routedBy(): RoutedKey {
    return this.explicitHashKey ?? this.partitionKey
  }

  /** What it counts for in `pendingBytes`. */
  get cost(): number {
    // Each takes about so much memory beside its encoded bytes.
    const OPEN_COST = 512
    return this.size + OPEN_COST
  }

  /** The user records, to be placed anew. */
  members(): Member<R>[] {
    const bytes = this.assemble()
    const index = readMessage(bytes)
    const { openedAt } = this
    return this.userRecords.map((record, n) => ({ stamp: this.stamps![n]!, openedAt, record, input: memberAt(index, n, bytes) }))
  }

  /** It never leaves. */
  drop(): void {
    this.close()
    this.forget()
  }

  override close(): void {
    super.close(this.count)
    this.isOpen = false
  }

  /** It has left. Keys remember it, and must not keep what was in it. */
  forget(): void {
    this.clear()
    this.userRecords = []
    this.entry = undefined
    this.map = undefined
    this.stamps = undefined
  }
}
