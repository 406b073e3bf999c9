import type { UserRecordInput } from '../format/draft.js'

/**
 * A Kinesis record to put. `{ ...entry }` has exactly what PutRecords takes; the
 * rest is not enumerable.
 */
export interface PutRecordsEntry<R extends UserRecordInput = UserRecordInput> {
  /** Perhaps a part of its `buffer`, as with any Buffer: of one that is at most a seventh larger, or below 4 KiB of Node's pool. */
  Data: Buffer
  PartitionKey: string
  ExplicitHashKey?: string
  /** The very objects that were given, in order. */
  readonly userRecords: readonly R[]
  /** Bytes of data and partition key together. */
  readonly size: number
  /** Whether `Data` is an aggregate and not a user record's own data. */
  readonly aggregated: boolean
  /** The shard that should take it; `undefined` without a shard map. */
  readonly shardId: string | undefined
}

export function newEntry<R extends UserRecordInput>(
  data: Buffer,
  partitionKey: string,
  explicitHashKey: string | undefined,
  userRecords: readonly R[],
  aggregated: boolean,
  shardId: string | undefined,
): PutRecordsEntry<R> {
  const entry = { Data: data, PartitionKey: partitionKey } as PutRecordsEntry<R>
  if (explicitHashKey !== undefined) entry.ExplicitHashKey = explicitHashKey
  // One by one: defineProperties takes half as long again, which shows at 50 KB an aggregate.
  Object.defineProperty(entry, 'userRecords', { value: userRecords })
  Object.defineProperty(entry, 'size', { value: data.length + Buffer.byteLength(partitionKey) })
  Object.defineProperty(entry, 'aggregated', { value: aggregated })
  return Object.defineProperty(entry, 'shardId', { value: shardId })
}
