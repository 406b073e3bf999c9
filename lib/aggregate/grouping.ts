import { BufferPool } from '../format/buffer-pool.js'
import type { Draft, Drafts, UserRecordInput } from '../format/draft.js'
import type { CompleteEntries } from './complete-entries.js'
import { leavesAlone, mustWrap, sizeLimit } from './form.js'
import { OpenAggregate } from './open-aggregate.js'
import { OpenAggregates } from './open-aggregates.js'
import type { WritingOptions } from './options.js'
import { type RoutedKey, Router } from './router.js'

/**
 * Which user record goes into which aggregate: one is open for each group, and closed when nothing more fits, or when it is
 * told so, for it is due or too many bytes wait.
 */
export class Grouping<R extends UserRecordInput> {
  readonly #options: WritingOptions
  readonly #drafts: Drafts<RoutedKey>
  readonly #complete: CompleteEntries<R>
  readonly #now: () => number
  readonly #buffers = new BufferPool()
  readonly #router: Router
  /** Whether there is a function to ask for the shards. */
  readonly #asksForShards: boolean
  /** Whether what is open must be grouped anew when it gives others. */
  readonly #mayRegroup: boolean
  // Read from the options for each user record, writing took longer.
  readonly #maxCount: number
  #open = new OpenAggregates<R>()
  #stamp = 0

  /**
   * @param complete gets what is closed.
   * @param now a clock in milliseconds, asked once for each aggregate.
   */
  constructor(options: WritingOptions, drafts: Drafts<RoutedKey>, complete: CompleteEntries<R>, now: () => number) {
    this.#options = options
    this.#drafts = drafts
    this.#complete = complete
    this.#now = now
    this.#router = new Router(options, () => complete.hold(() => this.#regroup()))
    this.#asksForShards = options.shards !== undefined
    this.#mayRegroup = this.#router.mayRegroup
    this.#maxCount = options.aggregationMaxCount
  }

  /** User records that are in open aggregates. */
  get records(): number {
    return this.#open.records
  }

  /** What the open aggregates cost in `pendingBytes`. */
  get bytes(): number {
    return this.#open.bytes
  }

  /** When the oldest open aggregate got its first user record; `undefined` where none is open. */
  get openedAt(): number | undefined {
    return this.#open.oldest?.openedAt
  }

  /**
   * Places bytes that are surely not too large for an aggregate with others, of a user record with nothing else to it.
   *
   * @returns whether it is placed: that is left to `place` where it is no record for `AggregateEncoder.appendShort`, and where shards can change.
   */
  placeShort(key: RoutedKey, data: Uint8Array, record: R): boolean {
    const aggregate = key.aggregate as OpenAggregate<R> | undefined
    if (this.#asksForShards || aggregate?.isOpen !== true) return false
    const size = aggregate.appendShort(key, data, aggregate.limit)
    if (size === 0) return false
    this.#open.grow(size)
    if (aggregate.userRecords.push(record) >= this.#maxCount) this.#close(aggregate)
    return true
  }

  /**
   * Asks for the shards, where a function gives them, groups all that is open anew if they are others, and places a user record.
   *
   * @param alone whether it is too large for an aggregate with others.
   */
  place(draft: Draft<RoutedKey>, record: R, alone: boolean): void {
    if (this.#asksForShards) this.#router.refresh()
    this.#place(draft, record, alone)
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
    if (this.#mayRegroup) aggregate!.stamps!.push(this.#stamp++)
    if (alone || aggregate!.count >= this.#maxCount) this.#close(aggregate!)
  }

  /** Closes the oldest aggregate, if its first user record came at this time or earlier. */
  closeOldest(time = Infinity): void {
    const { oldest } = this.#open
    if (oldest !== undefined && oldest.openedAt <= time) this.#close(oldest)
  }

  /** Closes all aggregates, oldest first. */
  closeAll(): void {
    for (const aggregate of this.#open) this.#close(aggregate)
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
    const stamps = this.#mayRegroup ? [] : undefined
    return new OpenAggregate<R>(group, draft, record, wrap, limit, openedAt, this.#buffers, stamps)
  }

  #close(aggregate: OpenAggregate<R>): void {
    this.#open.remove(aggregate)
    aggregate.map = this.#router.map
    this.#complete.push(aggregate)
    aggregate.close()
  }

  /**
   * After a change of the shard map: all that is pending is placed again, in the order in which it came.
   * Where that fails, for memory is short or a map throws, all is as it was before, the map too.
   */
  #regroup(): void {
    const open = this.#open
    const undo = this.#complete.savepoint()
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
