import { isBytes } from '../bytes.js'
import { KplError, extended } from '../errors.js'
import { type Draft, Drafts, type UserRecordInput, aggregateSize } from '../format/draft.js'
import { beginsWithMagic } from '../format/is-aggregated.js'
import { ScratchPool } from '../format/scratch-pool.js'
import { KPL_OUTER_KEY } from '../limits.js'
import { checkExplicitHashKey, checkPartitionKey } from '../routing/hash-key.js'
import type { Stage } from '../stage.js'
import { CompleteEntries } from './complete-entries.js'
import { type PutRecordsEntry, newEntry } from './entry.js'
import { OpenAggregate } from './open-aggregate.js'
import { OpenAggregates } from './open-aggregates.js'
import type { AggregateOptions, WritingOptions } from './options.js'
import { RoutedKey, Router } from './router.js'

/**
 * Puts user records into aggregates: one open aggregate for each group, closed
 * when nothing more fits, when it is told so, or when too many bytes wait. What
 * is closed is encoded when it is taken.
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
  readonly #scratch = new ScratchPool()
  readonly #router: Router
  /** Whether groups can change under way. */
  readonly #isDynamic: boolean
  readonly #asks: boolean
  readonly #maxCount: number
  readonly #maxPendingBytes: number
  /** Bytes of data that fit an aggregate with any keys, so that most need not be measured for it. */
  readonly #surelyFits: number
  #open = new OpenAggregates<R>()
  readonly #complete = new CompleteEntries<R>()
  #stamp = 0

  /** @param now a clock in milliseconds, asked once for each aggregate. */
  constructor(options: WritingOptions, onRejected?: AggregateOptions<R>['onRejected'], now: () => number = () => 0) {
    // More than frame, outer key, two table entries and a record's own fields ever take: 256 characters are 1,024 bytes at the most.
    const LARGEST_OVERHEAD = 2_200
    this.#options = options
    this.#onRejected = onRejected
    this.#now = now
    this.#router = new Router(options)
    this.#isDynamic = this.#router.isDynamic
    this.#asks = options.shards !== undefined
    this.#maxCount = options.aggregationMaxCount
    this.#maxPendingBytes = options.maxPendingBytes
    this.#surelyFits = options.aggregationEnabled ? options.aggregationMaxSize - LARGEST_OVERHEAD : -1
  }

  /** User records that were put and not yet taken. */
  get pendingRecords(): number {
    return this.#open.records + this.#complete.records
  }

  /** Encoded bytes of what is not yet taken, and 512 for each aggregate. */
  get pendingBytes(): number {
    return this.#open.bytes + this.#complete.bytes
  }

  /** Whether there is something to take. */
  get isComplete(): boolean {
    return !this.#complete.isEmpty
  }

  get isFull(): boolean {
    // Bytes that are complete before a pass over a list gives out the first: enough to digest side by side.
    const ENOUGH = 2 ** 20
    return this.#complete.bytes >= ENOUGH
  }

  /** When the oldest open aggregate got its first user record; `undefined` where none is open. */
  get openedAt(): number | undefined {
    return this.#open.oldest?.openedAt
  }

  /** Validate, measure, then commit: a refused user record changes nothing. */
  put(record: R): void {
    let draft: Draft<RoutedKey>
    let alone = false
    try {
      draft = this.#drafts.read(record)
      if (draft.length > this.#surelyFits || draft.tags !== undefined) alone = this.#leavesAlone(draft)
    } catch (error) {
      return this.#refuse(error, record)
    }
    if (this.#asks && this.#router.refresh()) this.#regroup()
    this.#place(draft, record, alone)
    while (this.#open.bytes > this.#maxPendingBytes) this.#close(this.#open.oldest!)
  }

  take(): PutRecordsEntry<R> | undefined {
    return this.#complete.take()
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

  /**
   * Whether a user record is too large for an aggregate with others.
   *
   * @throws KplError where it does not even fit alone, in the form that it must take.
   */
  #leavesAlone(draft: Draft<RoutedKey>): boolean {
    const { aggregationEnabled, aggregationMaxSize, maxRecordSize } = this.#options
    const size = aggregateSize(draft)
    const wrapped = size + this.#outerKeyLength(draft.key)
    if (aggregationEnabled && size <= aggregationMaxSize && wrapped <= maxRecordSize) return false
    if (!aggregationEnabled && draft.tags !== undefined) {
      throw new KplError('ERR_KPL_INVALID_INPUT', 'aggregation is off, and a raw record cannot carry tags')
    }
    const wrap = aggregationEnabled && this.#mustWrap(draft)
    const alone = wrap ? wrapped : draft.length + draft.key.length
    if (alone <= maxRecordSize) return true
    const message = `the user record takes ${alone} bytes ${wrap ? 'as an aggregate' : 'with its key'}, a Kinesis record ${maxRecordSize}`
    throw new KplError('ERR_KPL_RECORD_TOO_LARGE', message, { size: alone, limit: maxRecordSize })
  }

  #refuse(error: unknown, record: R): void {
    const refusal = extended(error, { input: record })
    if (this.#onRejected === undefined) throw refusal
    this.#onRejected(refusal, record)
  }

  #outerKeyLength(first: RoutedKey): number {
    return this.#options.outerKey === 'kpl' ? KPL_OUTER_KEY.length : first.length
  }

  /** Whether raw it would lose its tags, or be taken for an aggregate (text cannot: the magic is no UTF-8). */
  #mustWrap({ data, tags }: Draft<RoutedKey>): boolean {
    return this.#options.loneRecord === 'wrap' || tags !== undefined || (isBytes(data) && beginsWithMagic(data))
  }

  #place(draft: Draft<RoutedKey>, record: R, alone: boolean, openedAt?: number): void {
    const key = draft.explicitHashKey ?? draft.key
    let aggregate = this.#openFor(key)
    const size = aggregate === undefined || alone ? 0 : aggregate.append(draft, aggregate.limit)
    if (size > 0) {
      aggregate!.userRecords.push(record)
      this.#open.grow(size)
    } else {
      if (aggregate !== undefined) this.#close(aggregate)
      aggregate = this.#openWith(draft, record, openedAt ?? this.#now())
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
    return last?.isOpen === true ? last : this.#open.get(this.#router.groupOf(key))
  }

  #openWith(draft: Draft<RoutedKey>, record: R, openedAt: number): OpenAggregate<R> {
    const { aggregationMaxSize, maxRecordSize } = this.#options
    const group = this.#router.groupOf(draft.explicitHashKey ?? draft.key)
    const limit = Math.min(aggregationMaxSize, maxRecordSize - this.#outerKeyLength(draft.key))
    const stamps = this.#isDynamic ? [] : undefined
    const aggregate = new OpenAggregate<R>(group, draft, record, this.#mustWrap(draft), limit, openedAt, this.#scratch, stamps)
    this.#open.add(aggregate)
    return aggregate
  }

  #close(aggregate: OpenAggregate<R>): void {
    this.#open.remove(aggregate)
    const { cost } = aggregate
    this.#complete.push(this.#entryOf(aggregate), cost)
  }

  /** After a change of the shard map: all that is pending is placed again, in the order in which it came. */
  #regroup(): void {
    const pending = []
    for (const aggregate of this.#open) {
      const { stamps, userRecords, openedAt } = aggregate
      const members = aggregate.finishMembers()
      aggregate.isOpen = false
      for (const [n, stamp] of stamps!.entries()) pending.push({ stamp, openedAt, member: members[n]!, record: userRecords[n]! })
    }
    pending.sort((a, b) => a.stamp - b.stamp)
    this.#open = new OpenAggregates()
    for (const { openedAt, member, record } of pending) this.#place(this.#drafts.read(member), record, false, openedAt)
  }

  /** The entry, but for the digest of an aggregate. */
  #entryOf(aggregate: OpenAggregate<R>): PutRecordsEntry<R> {
    const { partitionKey, explicitHashKey, userRecords, wrap } = aggregate
    // Keys remember the aggregate, and must not keep what was in it.
    aggregate.userRecords = []
    aggregate.stamps = undefined
    const { aggregationEnabled, outerKey } = this.#options
    const aggregated = aggregationEnabled && (wrap || userRecords.length > 1)
    const asKpl = aggregationEnabled && outerKey === 'kpl'
    const routed = explicitHashKey ?? partitionKey
    return newEntry(
      aggregated ? aggregate.assemble() : aggregate.lastData(),
      aggregated && asKpl ? KPL_OUTER_KEY : partitionKey.text,
      asKpl ? String(routed.hashKey) : explicitHashKey?.text,
      userRecords,
      aggregated,
      this.#router.shardIdOf(routed),
    )
  }
}
