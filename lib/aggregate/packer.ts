import { isBytes } from '../bytes.js'
import { KplError } from '../errors.js'
import { Draft, type UserRecordInput } from '../format/draft.js'
import { beginsWithMagic } from '../format/is-aggregated.js'
import { KeyCache } from '../format/key-cache.js'
import { ScratchPool } from '../format/scratch-pool.js'
import { checkExplicitHashKey, checkPartitionKey } from '../routing/hash-key.js'
import type { Stage } from '../stage.js'
import { AggregateList } from './aggregate-list.js'
import { type PutRecordsEntry, newEntry } from './entry.js'
import { OpenAggregate } from './open-aggregate.js'
import type { AggregateOptions, WritingOptions } from './options.js'
import { type Group, RoutedKey, Router } from './router.js'

/** The outer partition key that the KPL writes (`AggregatedRecord` in amazon-kinesis-producer's kinesis_record.cc). */
const KPL_OUTER_KEY = 'a'

/** More than frame, outer key, two table entries and a record's own fields ever take: 256 characters are 1,024 bytes at the most. */
const LARGEST_OVERHEAD = 2_200

/**
 * Puts user records into aggregates: one open aggregate for each group, closed
 * when nothing more fits, when it is told so, or when too many bytes wait. What
 * is closed is encoded when it is taken.
 */
export class Packer<R extends UserRecordInput> implements Stage<R, PutRecordsEntry<R>> {
  readonly #options: WritingOptions
  readonly #onRejected: AggregateOptions<R>['onRejected']
  readonly #now: () => number
  readonly #partitionKeys = new KeyCache((text) => new RoutedKey(checkPartitionKey(text), false))
  readonly #explicitHashKeys = new KeyCache((text) => new RoutedKey(String(checkExplicitHashKey(text)), true))
  readonly #draft = new Draft(this.#partitionKeys, this.#explicitHashKeys)
  readonly #scratch = new ScratchPool()
  readonly #router: Router
  /** Whether groups can change under way. */
  readonly #isDynamic: boolean
  /** Bytes of data that fit an aggregate with any keys, so that most need not be measured for it. */
  readonly #surelyFits: number
  readonly #groups = new Map<Group, OpenAggregate<R>>()
  #open = new AggregateList<R>()
  readonly #closed = new AggregateList<R>()
  #stamp = 0

  /** @param now a clock in milliseconds, asked once for each aggregate. */
  constructor(options: WritingOptions, onRejected?: AggregateOptions<R>['onRejected'], now: () => number = () => 0) {
    this.#options = options
    this.#onRejected = onRejected
    this.#now = now
    this.#router = new Router(options)
    this.#isDynamic = this.#router.isDynamic
    this.#surelyFits = options.aggregationEnabled ? options.aggregationMaxSize - LARGEST_OVERHEAD : -1
  }

  /** User records that were put and not yet taken. */
  get pendingRecords(): number {
    return this.#open.records + this.#closed.records
  }

  /** Encoded bytes of what is not yet taken, and 512 for each aggregate. */
  get pendingBytes(): number {
    return this.#open.bytes + this.#closed.bytes
  }

  /** Whether there is something to take. */
  get isComplete(): boolean {
    return this.#closed.oldest !== undefined
  }

  /** When the oldest open aggregate got its first user record; `undefined` where none is open. */
  get openedAt(): number | undefined {
    return this.#open.oldest?.openedAt
  }

  /** Validate, measure, then commit: a refused user record changes nothing. */
  put(record: R): void {
    const draft = this.#draft
    let alone: boolean
    try {
      draft.read(record)
      alone = this.#leavesAlone(draft)
    } catch (error) {
      if (!(error instanceof KplError)) throw error
      const refusal = new KplError(error.code, error.message, { ...error, input: record })
      if (this.#onRejected === undefined) throw refusal
      return this.#onRejected(refusal, record)
    }
    if (this.#router.refresh()) this.#regroup()
    this.#place(draft, record, alone, this.#stamp++)
    draft.data = ''
    while (this.#open.bytes > this.#options.maxPendingBytes) this.#close(this.#open.oldest!)
  }

  take(): PutRecordsEntry<R> | undefined {
    const aggregate = this.#closed.oldest
    if (aggregate === undefined) return undefined
    this.#closed.remove(aggregate)
    return this.#entryOf(aggregate)
  }

  /** Closes all aggregates, oldest first. */
  end(): void {
    while (this.#open.oldest !== undefined) this.#close(this.#open.oldest)
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
    if (draft.length <= this.#surelyFits && draft.tags === undefined) return false
    const { aggregationEnabled, aggregationMaxSize, maxRecordSize } = this.#options
    const size = draft.aggregateSize()
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

  #outerKeyLength(first: RoutedKey): number {
    return this.#options.outerKey === 'kpl' ? KPL_OUTER_KEY.length : first.length
  }

  /** Whether raw it would lose its tags, or be taken for an aggregate (text cannot: the magic is no UTF-8). */
  #mustWrap({ data, tags }: Draft<RoutedKey>): boolean {
    return this.#options.loneRecord === 'wrap' || tags !== undefined || (isBytes(data) && beginsWithMagic(data))
  }

  #place(draft: Draft<RoutedKey>, record: R, alone: boolean, stamp: number, openedAt?: number): void {
    const { aggregationMaxSize, aggregationMaxCount, maxRecordSize } = this.#options
    const key = draft.explicitHashKey ?? draft.key
    let aggregate = this.#openFor(key)
    if (aggregate !== undefined) {
      const limit = Math.min(aggregationMaxSize, maxRecordSize - this.#outerKeyLength(aggregate.partitionKey))
      const size = alone ? 0 : aggregate.append(draft, limit)
      if (size > 0) {
        aggregate.userRecords.push(record)
        this.#open.grow(size)
      } else {
        this.#close(aggregate)
        aggregate = undefined
      }
    }
    if (aggregate === undefined) {
      const group = this.#router.groupOf(key)
      aggregate = new OpenAggregate<R>(group, draft, record, this.#mustWrap(draft), openedAt ?? this.#now(), this.#scratch, this.#isDynamic)
      this.#groups.set(group, aggregate)
      this.#open.push(aggregate)
    }
    key.aggregate = aggregate
    aggregate.stamps?.push(stamp)
    if (alone || aggregate.count >= aggregationMaxCount) this.#close(aggregate)
  }

  /**
   * The open aggregate of the key's group. For a key that has just been there it is at
   * hand; looking up its group takes 20 ns, and with shards 150.
   */
  #openFor(key: RoutedKey): OpenAggregate<R> | undefined {
    const last = key.aggregate as OpenAggregate<R> | undefined
    return last?.isOpen === true ? last : this.#groups.get(this.#router.groupOf(key))
  }

  #close(aggregate: OpenAggregate<R>): void {
    aggregate.isOpen = false
    this.#groups.delete(aggregate.group)
    this.#open.remove(aggregate)
    this.#closed.push(aggregate)
  }

  /** After a change of the shard map: all that is pending is placed again, in the order in which it came. */
  #regroup(): void {
    const pending = []
    for (let aggregate = this.#open.oldest; aggregate !== undefined; aggregate = aggregate.next) {
      const { stamps, userRecords, openedAt } = aggregate
      const members = aggregate.finishMembers()
      aggregate.isOpen = false
      for (const [n, stamp] of stamps!.entries()) pending.push({ stamp, openedAt, member: members[n]!, record: userRecords[n]! })
    }
    pending.sort((a, b) => a.stamp - b.stamp)
    this.#groups.clear()
    this.#open = new AggregateList()
    const draft = new Draft(this.#partitionKeys, this.#explicitHashKeys)
    for (const { stamp, openedAt, member, record } of pending) {
      draft.read(member)
      this.#place(draft, record, false, stamp, openedAt)
    }
  }

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
      aggregated ? aggregate.finish() : aggregate.lastData(),
      aggregated && asKpl ? KPL_OUTER_KEY : partitionKey.text,
      asKpl ? String(routed.hashKey) : explicitHashKey?.text,
      userRecords,
      aggregated,
      this.#router.shardIdOf(routed),
    )
  }
}
