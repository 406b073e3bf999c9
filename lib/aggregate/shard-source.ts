import { type Shard, ShardMap, openShards } from '../routing/shard-map.js'

/** Shards as ListShards gives them, or a map made of them. */
export type ShardSource = ShardMap | Iterable<Shard>

/** By its method, so that a map of this package's other copy (ESM, CommonJS) is one too. */
export function isShardMap(shards: unknown): shards is ShardMap {
  const { shardFor, shards: open } = Object(shards) as Partial<ShardMap>
  return typeof shardFor === 'function' && Array.isArray(open)
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

/** What tells two maps apart: the shards, and where each begins. */
export function signature(map: ShardMap | undefined): string | undefined {
  return map?.shards.map(({ ShardId, HashKeyRange }) => `${ShardId} ${HashKeyRange?.StartingHashKey}`).join()
}
