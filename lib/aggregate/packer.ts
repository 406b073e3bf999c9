import { extended } from '../errors.js'
import { BufferPool } from '../format/buffer-pool.js'
import { type Draft, Drafts, type UserRecordInput } from '../format/draft.js'
import { checkExplicitHashKey, checkPartitionKey } from '../routing/hash-key.js'
import type { Stage } from '../stage.js'
import { CompleteEntries } from './complete-entries.js'
import type { PutRecordsEntry } from './entry.js'
import { entryOf, leavesAlone, mustWrap, sizeLimit } from './form.js'
import { OpenAggregate } from './open-aggregate.js'
import { OpenAggregates } from './open-aggregates.js'
import type { AggregateOptions, WritingOptions } from './options.js'
import { RoutedKey, Router } from './router.js'

/**
 * Puts user records into aggregates: one open aggregate for each group, closed
 * when nothing more fits, when it is told so, or when too many bytes wait.
 */
export class Packer<R extends UserRecordInput> implements Stage<R, PutRecordsEntry<R>> {
  readonly #options: WritingOptions
  readonly #onRejected: AggregateOptions<R>['onRejected']
  readonly #now: () => number
  readonly #drafts = new Drafts(
    (text) => new RoutedKey(checkPartitionKey(text)),
    (text) => {
      const hashKey = checkExplicitHashKey(text)
      return new RoutedKey(String(hashKey), hashKey)
    },
  )
  readonly #buffers = new BufferPool()
  readonly #router: Router
  /** Whether groups can change under way. */
  readonly #isDynamic: boolean
  /** Whether there are shards to ask for. */
  readonly #asks: boolean
  // Options that are looked at for each user record: read from where they are, writing took up to a tenth longer.
  readonly #maxCount: number
  readonly #maxPendingBytes: number
  /** Bytes of data that fit an aggregate with any keys, so that most need not be measured for it. */
  readonly #surelyFits: number
  #open = new OpenAggregates<R>()
  /** What is closed, for those that want more of it than a stage gives. */
  readonly complete = new CompleteEntries<R>((aggregate) => entryOf(aggregate, this.#options))
  #stamp = 0

  /** @param now a clock in milliseconds, asked once for each aggregate. */
  constructor(options: WritingOptions, onRejected?: AggregateOptions<R>['onRejected'], now: () => number = () => 0) {
    // More than frame, outer key, two table entries and a record's own fields ever take: 256 characters are 1,024 bytes at the most.
    const LARGEST_OVERHEAD = 2_200
    this.#options = options
    this.#onRejected = onRejected
    this.#now = now
    this.#router = new Router(options, () => this.complete.hold(() => this.#regroup()))
    this.#isDynamic = this.#router.isDynamic
    this.#asks = options.shards !== undefined
    this.#maxCount = options.aggregationMaxCount
    this.#maxPendingBytes = options.maxPendingBytes
    this.#surelyFits = options.aggregationEnabled ? options.aggregationMaxSize - LARGEST_OVERHEAD : -1
  }

  /** User records that were put and not yet taken. */
  get pendingRecords(): number {
    return this.#open.records + this.complete.records
  }

  /** Encoded bytes of what is not yet taken, and 512 for each aggregate. */
  get pendingBytes(): number {
    return this.#open.bytes + this.complete.bytes
  }

  /** Whether there is something to take. */
  get isComplete(): boolean {
    return !this.complete.isEmpty
  }

  /** Whether what is complete should be given out: to wait for more would gain nothing. */
  get isFull(): boolean {
    return this.complete.isFull
  }

  /** When the oldest open aggregate got its first user record; `undefined` where none is open. */
  get openedAt(): number | undefined {
    return this.#open.oldest?.openedAt
  }

  /** Validate, measure, then commit: a refused user record changes nothing. */
  put(record: R): (() => void) | undefined {
    let draft: Draft<RoutedKey>
    let alone = false
    try {
      draft = this.#drafts.read(record)
      if (draft.length > this.#surelyFits || draft.tags !== undefined) alone = leavesAlone(draft, this.#options)
    } catch (error) {
      return this.#refuse(error, record)
    }
    if (this.#asks) this.#router.refresh()
    this.#place(draft, record, alone)
    while (this.#open.bytes > this.#maxPendingBytes) this.#close(this.#open.oldest!)
    return undefined
  }

  take(): PutRecordsEntry<R> | undefined {
    return this.complete.take()
  }

  /** Closes all aggregates, oldest first. */
  end(): void {
    for (const aggregate of this.#open) this.#close(aggregate)
  }

  /** Closes the oldest aggregate, if its first user record came at this time or earlier. */
  closeOldest(time: number): void {
    const { oldest } = this.#open
    if (oldest !== undefined && oldest.openedAt <= time) this.#close(oldest)
  }

  #refuse(error: unknown, record: R): () => void {
    const refusal = extended(error, { input: record })
    // Not called as a method: callbacks get nothing of what is inside as their `this`.
    const onRejected = this.#onRejected
    if (onRejected === undefined) throw refusal
    return () => onRejected(refusal, record)
  }

  #place(draft: Draft<RoutedKey>, record: R, alone: boolean, openedAt?: number): void {
    const key = draft.explicitHashKey ?? draft.key
    let aggregate = this.#openFor(key)
    const size = aggregate === undefined || alone ? 0 : aggregate.append(draft, aggregate.limit)
    if (size > 0) {
      aggregate!.userRecords.push(record)
      this.#open.grow(size)
    } else {
      // Made first: where it cannot be, nothing has changed.
      const next = this.#newAggregate(draft, record, alone, openedAt ?? this.#now())
      const full = this.#open.get(next.group)
      if (full !== undefined) this.#close(full)
      this.#open.add(next)
      aggregate = next
    }
    // Written only where it changes: the collector is told of each such write (10 ns).
    if (key.aggregate !== aggregate) key.aggregate = aggregate
    if (this.#isDynamic) aggregate!.stamps!.push(this.#stamp++)
    if (alone || aggregate!.count >= this.#maxCount) this.#close(aggregate!)
  }

  /**
   * The open aggregate of the key's group. For a key that has just been there it is at
   * hand; looking up its group takes 20 ns, and with shards 150.
   */
  #openFor(key: RoutedKey): OpenAggregate<R> | undefined {
    const last = key.aggregate as OpenAggregate<R> | undefined
    if (last?.isOpen === true) return last
    // First: a shard map may call back, and change what is open.
    const group = this.#router.groupOf(key)
    return this.#open.get(group)
  }

  #newAggregate(draft: Draft<RoutedKey>, record: R, alone: boolean, openedAt: number): OpenAggregate<R> {
    const group = this.#router.groupOf(draft.explicitHashKey ?? draft.key)
    // Again, for shards that call back may have changed its data: with the magic now it takes more.
    if (alone) leavesAlone(draft, this.#options)
    const wrap = mustWrap(draft, this.#options)
    const limit = sizeLimit(draft.key, this.#options)
    const stamps = this.#isDynamic ? [] : undefined
    return new OpenAggregate<R>(group, draft, record, wrap, limit, openedAt, this.#buffers, stamps)
  }

  #close(aggregate: OpenAggregate<R>): void {
    this.#open.remove(aggregate)
    aggregate.map = this.#router.map
    this.complete.push(aggregate)
    aggregate.close()
  }

  /**
   * After a change of the shard map: all that is pending is placed again, in the order in which it came.
   * Where that fails, for memory is short or a map throws, all is as it was before, the map too.
   */
  #regroup(): void {
    const open = this.#open
    const undo = this.complete.undo()
    const old = [...open]
    try {
      const pending = old.flatMap((aggregate) => aggregate.members()).sort((a, b) => a.stamp - b.stamp)
      for (const aggregate of old) aggregate.isOpen = false
      this.#open = new OpenAggregates()
      for (const { openedAt, input, record } of pending) this.#place(this.#drafts.read(input), record, false, openedAt)
    } catch (error) {
      if (this.#open !== open) for (const aggregate of this.#open) aggregate.drop()
      for (const aggregate of old) aggregate.isOpen = true
      this.#open = open
      undo()
      throw error
    }
    for (const aggregate of old) aggregate.drop()
  }
}
