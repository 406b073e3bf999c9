import { KplError, excerpt, invalidArgument } from '../errors.js'
import { readRange, type Range } from './hash-key-range.js'
import { MAX_HASH_KEY } from './hash-key.js'

/** A shard as ListShards gives it. The SDK's `Shard` fits as it comes. */
export interface Shard {
  readonly ShardId: string | undefined
  readonly HashKeyRange: { readonly StartingHashKey: string | undefined; readonly EndingHashKey: string | undefined } | undefined
  readonly SequenceNumberRange?: { readonly EndingSequenceNumber?: string | undefined } | undefined
}

/**
 * Which shard takes which hash key. Closed shards (with an
 * `EndingSequenceNumber`, as ListShards gives parents after a reshard) are
 * ignored; the open ones must cover 0 to 2^128-1, each hash key once.
 */
export class ShardMap<T extends Shard = Shard> {
  /** The open shards, by their hash keys. */
  readonly shards: readonly T[]
  readonly #starts: readonly bigint[]

  /** @throws KplError `ERR_KPL_INVALID_SHARDS` */
  constructor(shards: Iterable<T>) {
    const open = openShards(shards)
    if (open.length === 0) invalidShards('no open shard', shards)
    const placed = open.map((shard) => ({ shard, range: rangeOf(shard) }))
    placed.sort((a, b) => (a.range.start < b.range.start ? -1 : 1))
    let next = 0n
    for (const { shard, range } of placed) {
      if (range.start !== next) {
        const what = range.start > next ? 'a hole' : 'an overlap'
        invalidShards(`${what} before hash key ${range.start}, where ${name(shard)} begins: ${next} was next`, shards)
      }
      next = range.end + 1n
    }
    if (next <= MAX_HASH_KEY) invalidShards(`no shard from hash key ${next} on`, shards)
    this.shards = Object.freeze(placed.map(({ shard }) => shard))
    this.#starts = placed.map(({ range }) => range.start)
  }

  /**
   * The shard that takes a hash key.
   *
   * @throws KplError `ERR_KPL_INVALID_ARGUMENT`
   */
  shardFor(hashKey: bigint): T {
    if (typeof hashKey !== 'bigint' || hashKey < 0n || hashKey > MAX_HASH_KEY) {
      invalidArgument(`hash key must be a bigint from 0 to 2^128-1, not ${typeof hashKey === 'bigint' ? 'this bigint' : excerpt(hashKey)}`, hashKey)
    }
    let low = 0
    let high = this.#starts.length
    while (high - low > 1) {
      const middle = (low + high) >>> 1
      if (this.#starts[middle]! <= hashKey) low = middle
      else high = middle
    }
    return this.shards[low]!
  }
}

/**
 * The shards that still take records.
 *
 * @throws KplError `ERR_KPL_INVALID_SHARDS` for anything but an iterable of shards.
 */
export function openShards<T extends Shard>(shards: Iterable<T>): T[] {
  if (typeof shards === 'string' || typeof Object(shards)[Symbol.iterator] !== 'function') {
    invalidShards(`shards must be an iterable, as the Shards of ListShards, not ${excerpt(shards)}`, shards)
  }
  return [...shards].filter((shard) => {
    if (shard === null || typeof shard !== 'object') invalidShards(`a shard must be an object, not ${excerpt(shard)}`, shards)
    return (shard.SequenceNumberRange?.EndingSequenceNumber ?? undefined) === undefined
  })
}

function rangeOf(shard: Shard): Range {
  const range = readRange(shard.HashKeyRange)
  return typeof range === 'string' ? invalidShards(`${name(shard)}: ${range}`, shard) : range
}

function name(shard: Shard): string {
  return shard.ShardId ?? 'a shard without ShardId'
}

function invalidShards(message: string, input: unknown): never {
  throw new KplError('ERR_KPL_INVALID_SHARDS', message, { input })
}
