import { KplError } from '../errors.js'
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

/**
 * Knows the shards as they are now, and by them and `groupBy` the group of a hash key.
 *
 * The shards, or a map of them, may be of the user's own making, and do anything while they are asked: write user records,
 * flush, destroy the stream, throw. They are asked in three places, and nothing may be half done in any: when they may have
 * changed (`refresh`, which refuses user records meanwhile, and takes a change back that fails), for the group of a user record
 * (what is open is looked at afterwards), and while entries are made (`CompleteEntries.hold` puts off all that would leave).
 */
export class Router {
  readonly #groupBy: WritingOptions['groupBy']
  readonly #shards: WritingOptions['shards']
  readonly #takeOver: () => void
  #given: ShardSource | undefined
  #isAsking = false
  /** The shards; `undefined` where they are not known. */
  map: ShardMap | undefined

  /** @param takeOver places anew what is pending, when groups have changed; where it throws the change is taken back. */
  constructor({ groupBy, shards, map }: WritingOptions, takeOver: () => void) {
    this.#groupBy = groupBy
    this.#shards = shards
    this.#takeOver = takeOver
    this.map = map
  }

  /** Whether groups can change under way. */
  get mayRegroup(): boolean {
    return this.#groupBy === 'shard' && this.#shards !== undefined
  }

  /**
   * Asks for the shards; only where there is a function that gives them. Groups do not change if there is an equal map
   * in a new object. Where it throws nothing has changed. Nothing may be added while it asks: by what throws afterwards it
   * would be lost, and of a pass that ends meanwhile it would never leave.
   */
  refresh(): void {
    const ask = this.#shards
    if (this.#isAsking) throw new KplError('ERR_KPL_INVALID_SHARDS', 'shards must not add user records', { input: ask })
    this.#isAsking = true
    try {
      this.#change(ask!())
    } finally {
      this.#isAsking = false
    }
  }

  #change(given: ShardSource | undefined): void {
    if (given === this.#given) return
    const map = shardMapOf(given)
    const givenBefore = this.#given
    const mapBefore = this.map
    const isEqual = signature(map) === signature(mapBefore)
    this.#given = given
    if (isEqual) return
    this.map = map
    if (!this.mayRegroup) return
    try {
      this.#takeOver()
    } catch (error) {
      this.#given = givenBefore
      this.map = mapBefore
      throw error
    }
  }

  groupOf(key: RoutedKey): Group {
    if (this.#groupBy === 'none') return EVERYTHING
    const { map } = this
    if (this.#groupBy !== 'shard' || map === undefined) return key.hashKey
    const shard = map.shardFor(key.hashKey)
    // A map that calls back may have been taken over meanwhile: its shard is no group any more.
    return this.map === map ? shard : this.groupOf(key)
  }
}
