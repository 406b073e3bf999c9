import { Key } from '../format/key-table.js'
import { hashOf } from '../routing/hash-key.js'
import type { Shard, ShardMap } from '../routing/shard-map.js'
import type { OpenAggregate } from './open-aggregate.js'
import type { WritingOptions } from './options.js'
import { type ShardSource, shardMapOf, signature } from './shard-source.js'

/** What user records must have in common to share an aggregate: a shard, a hash key, or nothing. */
export type Group = Shard | bigint | typeof EVERYTHING

const EVERYTHING = 'everything'

/** A key that remembers its hash key, and where it went last. */
export class RoutedKey extends Key {
  /** The aggregate that a user record of this key went into last; perhaps it is open still. */
  aggregate: OpenAggregate | undefined
  #hashKey: bigint | undefined

  /** @param hashKey that of an explicit hash key. */
  constructor(text: string, hashKey?: bigint) {
    super(text)
    this.#hashKey = hashKey
  }

  get hashKey(): bigint {
    return (this.#hashKey ??= hashOf(this.text))
  }
}

/** Knows the shards as they are now, and by them and `groupBy` the group of a hash key. */
export class Router {
  readonly #groupBy: WritingOptions['groupBy']
  readonly #shards: WritingOptions['shards']
  #given: ShardSource | undefined
  /** The shards; `undefined` where they are not known. */
  map: ShardMap | undefined
  /** What both were before the last change. */
  #before: { readonly given: ShardSource | undefined; readonly map: ShardMap | undefined } | undefined

  constructor({ groupBy, shards, map }: WritingOptions) {
    this.#groupBy = groupBy
    this.#shards = shards
    this.map = map
  }

  /** Whether groups can change under way. */
  get isDynamic(): boolean {
    return this.#groupBy === 'shard' && this.#shards !== undefined
  }

  /**
   * Asks for the shards. Whether the groups have changed: they do not if there is an
   * equal map in a new object. Where it throws nothing has changed.
   */
  refresh(): boolean {
    const ask = this.#shards
    const given = ask?.()
    if (given === this.#given) return false
    const map = shardMapOf(given)
    const isEqual = signature(map) === signature(this.map)
    this.#before = { given: this.#given, map: this.map }
    this.#given = given
    if (isEqual) return false
    this.map = map
    return this.isDynamic
  }

  /** Takes the last change back: it is asked for again. */
  revert(): void {
    this.#given = this.#before!.given
    this.map = this.#before!.map
  }

  groupOf(key: RoutedKey): Group {
    if (this.#groupBy === 'none') return EVERYTHING
    return this.#groupBy === 'shard' && this.map !== undefined ? this.map.shardFor(key.hashKey) : key.hashKey
  }
}
