import { type KplError, check } from '../errors.js'
import type { UserRecordInput } from '../format/draft.js'
import { DEFAULT_RECORD_SIZE, KPL_AGGREGATION_MAX_COUNT, KPL_AGGREGATION_MAX_SIZE, LARGEST_RECORD_SIZE } from '../limits.js'
import type { ShardMap } from '../routing/shard-map.js'
import { callback, choice, flag, isIterable, limit, resolved, rule } from '../options.js'
import type { StreamOptions } from '../stream-options.js'
import { type ShardSource, isShardMap, shardMapOf } from './shard-source.js'

/** How to write. */
export interface AggregatorOptions {
  /**
   * `false`: every user record leaves raw and alone, whatever the other options say, as
   * streams with service-managed partition keys need it. Default `true`.
   */
  aggregationEnabled?: boolean | undefined
  /** Bytes of one aggregate's data at the most, its outer partition key not counted. Default 51,200, or `maxRecordSize` if that is less. */
  aggregationMaxSize?: number | undefined
  /** User records in one aggregate at the most. Default 4,294,967,295. */
  aggregationMaxCount?: number | undefined
  /** The stream's maximum record size: bytes of data and partition key together. Default 1,048,576, at most 10,485,760. */
  maxRecordSize?: number | undefined
  /**
   * The stream's shards, or a function that gives them as they are now: called once for
   * every `add`; the map is made anew when it returns another object than before.
   * `undefined` or none open: not known yet, grouped by hash key meanwhile. The function must not
   * call `add` of the `Aggregator`, or step the pass, that asks it: that throws.
   */
  shards?: ShardSource | (() => ShardSource | undefined) | undefined
  /**
   * Which user records may share an aggregate: those of one `'shard'` (default with
   * `shards`), of one `'hashKey'` (default without), or all (`'none'`: only for
   * consumers that never filter by hash key range).
   */
  groupBy?: 'shard' | 'hashKey' | 'none' | undefined
  /** The aggregate's own keys: the first user record's (`'first'`, default), or partition key `"a"` and a hash key (`'kpl'`). */
  outerKey?: 'first' | 'kpl' | undefined
  /** A user record that is alone: sent as itself (`'raw'`, default) unless a reader would mistake it, or as an aggregate (`'wrap'`). */
  loneRecord?: 'raw' | 'wrap' | undefined
  /** Encoded bytes, and 512 for each open aggregate, that may wait; beyond it the oldest aggregates leave. Default 64 MiB. */
  maxPendingBytes?: number | undefined
}

/** How `aggregate` writes. */
export interface AggregateOptions<R extends UserRecordInput = UserRecordInput> extends AggregatorOptions {
  /** Gets a refused user record, which would otherwise end the pass. */
  onRejected?: ((error: KplError, record: R) => void) | undefined
}

/** How to write a stream. */
export interface AggregateStreamOptions<R extends UserRecordInput = UserRecordInput> extends AggregateOptions<R>, StreamOptions {
  /**
   * An aggregate leaves no later than this many milliseconds after its first user record.
   * Default 100; 0: once the writes already queued are taken; `Infinity`: only when it is
   * full, on `flush()` or at the end.
   */
  recordMaxBufferedTime?: number | undefined
}

/** Options of {@link AggregatorOptions} that are taken as they come. */
interface PlainOptions {
  readonly aggregationEnabled: boolean
  readonly aggregationMaxSize: number
  readonly aggregationMaxCount: number
  readonly groupBy: 'shard' | 'hashKey' | 'none'
  readonly outerKey: 'first' | 'kpl'
  readonly loneRecord: 'raw' | 'wrap'
  readonly maxPendingBytes: number
}

/** The options, checked, with their defaults. */
export interface WritingOptions extends PlainOptions {
  readonly maxRecordSize: number
  /** The shards where they never change. */
  readonly map: ShardMap | undefined
  /** Gives the shards where they may change. */
  readonly shards: (() => ShardSource | undefined) | undefined
}

/** @throws KplError `ERR_KPL_INVALID_ARGUMENT` */
export function writingOptions(options: AggregatorOptions = {}): WritingOptions {
  const { maxRecordSize, shards } = resolved<Pick<AggregatorOptions, 'shards'> & { maxRecordSize: number }>(options, {
    maxRecordSize: limit(DEFAULT_RECORD_SIZE, LARGEST_RECORD_SIZE),
    shards: rule<AggregatorOptions['shards']>(
      undefined,
      'a ShardMap, an iterable of shards (as the Shards of ListShards) or a function',
      (value) => value === undefined || typeof value === 'function' || isShardMap(value) || isIterable(value),
    ),
  })
  const plain = resolved<PlainOptions>(options, {
    aggregationEnabled: flag(true),
    aggregationMaxSize: limit(Math.min(KPL_AGGREGATION_MAX_SIZE, maxRecordSize), maxRecordSize),
    aggregationMaxCount: limit(KPL_AGGREGATION_MAX_COUNT),
    groupBy: shards === undefined ? choice('hashKey', 'shard', 'none') : choice('shard', 'hashKey', 'none'),
    outerKey: choice('first', 'kpl'),
    loneRecord: choice('raw', 'wrap'),
    maxPendingBytes: limit(67_108_864),
  })
  check(plain.groupBy !== 'shard' || shards !== undefined, "groupBy: 'shard' needs shards", shards)
  const isAsked = typeof shards === 'function'
  // Not spread: to copy what was made by names takes 2 to 3 µs, a quarter of a call that writes one user record.
  return Object.assign(plain, { maxRecordSize, map: isAsked ? undefined : shardMapOf(shards), shards: isAsked ? shards : undefined })
}

/** @throws KplError `ERR_KPL_INVALID_ARGUMENT` */
export function onRejectedOf<R extends UserRecordInput>(options: AggregateOptions<R>): AggregateOptions<R>['onRejected'] {
  return resolved<Pick<AggregateOptions<R>, 'onRejected'>>(options, { onRejected: callback() }).onRejected
}

/** @throws KplError `ERR_KPL_INVALID_ARGUMENT` */
export function recordMaxBufferedTimeOf(options: AggregateStreamOptions<never>): number {
  // What setTimeout can wait.
  const LONGEST_TIMEOUT = 2_147_483_647
  return resolved<{ recordMaxBufferedTime: number }>(options, {
    recordMaxBufferedTime: rule(
      100,
      `0 to ${LONGEST_TIMEOUT} or Infinity`,
      (time) => time === Infinity || (typeof time === 'number' && time >= 0 && time <= LONGEST_TIMEOUT),
    ),
  }).recordMaxBufferedTime
}
