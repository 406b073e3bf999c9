import { check } from '../errors.js'
import { isIterable } from '../options.js'
import { checkRange } from './hash-key-range.js'
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
    checkShards(open.length > 0, 'there must be at least one open shard', open.length, shards)
    const placed = open.map((shard) => {
      const { StartingHashKey, EndingHashKey } = Object(shard.HashKeyRange) as Record<string, unknown>
      return { shard, range: checkRange({ StartingHashKey, EndingHashKey }, 'ERR_KPL_INVALID_SHARDS') }
    })
    placed.sort((a, b) => (a.range.start < b.range.start ? -1 : 1))
    let next = 0n
    for (const { range } of placed) {
      checkShards(range.start === next, `a shard must begin at hash key ${next}`, `${range.start}`, shards)
      next = range.end + 1n
    }
    checkShards(next > MAX_HASH_KEY, 'the last shard must end at 2^128-1', `${next - 1n}`, shards)
    this.shards = Object.freeze(placed.map(({ shard }) => shard))
    this.#starts = placed.map(({ range }) => range.start)
  }

  /**
   * The shard that takes a hash key.
   *
   * @throws KplError `ERR_KPL_INVALID_ARGUMENT`
   */
  shardFor(hashKey: bigint): T {
    check(typeof hashKey === 'bigint' && hashKey >= 0n && hashKey <= MAX_HASH_KEY, 'hash key must be a bigint from 0 to 2^128-1', hashKey)
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
  checkShards(isIterable(shards), 'shards must be an iterable, as the Shards of ListShards', shards)
  return [...shards].filter((shard) => {
    checkShards(typeof shard === 'object' && shard !== null, 'a shard must be an object', shard, shards)
    return (shard.SequenceNumberRange?.EndingSequenceNumber ?? undefined) === undefined
  })
}

function checkShards(kept: boolean, rule: string, value: unknown, input = value): asserts kept {
  check(kept, rule, value, 'ERR_KPL_INVALID_SHARDS', input)
}
