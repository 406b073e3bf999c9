import { type Shard, ShardMap, openShards } from '../routing/shard-map.js'

/** Shards as ListShards gives them, or a map made of them. */
export type ShardSource = ShardMap | Iterable<Shard>

/** By its method, so that a map of this package's other copy (ESM, CommonJS) is one too. */
export function isShardMap(shards: unknown): shards is ShardMap {
  return typeof (Object(shards) as Partial<ShardMap>).shardFor === 'function'
}

/**
 * The map of the shards; `undefined` where none is open: they are not known yet.
 *
 * @throws KplError `ERR_KPL_INVALID_SHARDS`
 */
export function shardMapOf(shards: ShardSource | undefined): ShardMap | undefined {
  if (shards === undefined || isShardMap(shards)) return shards
  const open = openShards(shards)
  return open.length === 0 ? undefined : new ShardMap(open)
}

/** Whether two maps send every hash key to the same shard. */
export function isSameMap(a: ShardMap | undefined, b: ShardMap | undefined): boolean {
  if (a === undefined || b === undefined) return a === b
  return a.shards.length === b.shards.length && a.shards.every((shard, n) => isSameShard(shard, b.shards[n]!))
}

function isSameShard(a: Shard, b: Shard): boolean {
  return a.ShardId === b.ShardId && BigInt(a.HashKeyRange!.StartingHashKey!) === BigInt(b.HashKeyRange!.StartingHashKey!)
}
