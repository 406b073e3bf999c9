// What kpl-codec writes, by each of its ways, and what every reader should make of it.
import { Readable } from 'node:stream'
import {
  AggregateStream,
  Aggregator,
  type AggregatorOptions,
  type PutRecordsEntry,
  ShardMap,
  aggregate,
  encodeAggregate,
} from 'kpl-codec'
import type { Draw } from '../../../fixtures/random.js'
import { type Given, bytes, drawGiven } from './given.js'
import type { Read } from './reading.js'
import { OUTER_KEY } from './readers/reader.js'

export interface Written {
  /** How it was written, to be told where a reader disagrees. */
  readonly how: string
  readonly data: Buffer
  readonly right: readonly Read[]
  readonly userRecords: readonly Given[]
  /** The shard that it was written for. */
  readonly shardId: string | undefined
}

const LARGEST = 10_485_760

type Ways = Readonly<Record<string, (records: readonly Given[], options: AggregatorOptions) => Promise<readonly PutRecordsEntry<Given>[]>>>

const ways: Ways = {
  aggregate: async (records, options) => [...aggregate(records, options)],
  Aggregator: async (records, options) => {
    const aggregator = new Aggregator<Given>(options)
    return [...records.flatMap((record) => aggregator.add(record)), ...aggregator.flush()]
  },
  AggregateStream: async (records, options) => {
    const stream = new AggregateStream<Given>({ ...options, recordMaxBufferedTime: records.length % 2 === 0 ? 0 : Infinity })
    return Readable.from(records).pipe(stream).toArray()
  },
}

/** Shards of uneven size. */
export const SHARDS = new ShardMap(
  [0n, 10n, 2n ** 100n, 2n ** 127n, 2n ** 128n].flatMap((start, n, starts) => {
    const end = starts[n + 1]
    if (end === undefined) return []
    return [{ ShardId: `shard-${n}`, HashKeyRange: { StartingHashKey: String(start), EndingHashKey: String(end - 1n) } }]
  }),
)

export async function drawWritten(draw: Draw): Promise<Written[]> {
  const aggregationEnabled = !draw.oneIn(10)
  const likes = { count: draw.pick([1, 2, 3, 10, 100, 400]), size: draw.pick([4, 100, 2_000]) }
  // Raw, an aggregate would be taken apart, and tags are refused.
  const records = drawGiven(draw, { ...likes, tags: aggregationEnabled, nested: aggregationEnabled })
  if (draw.oneIn(4)) return [encoded(records, 'encodeAggregate')]
  const shards = draw.oneIn(3) ? SHARDS : undefined
  const options = {
    aggregationEnabled,
    aggregationMaxSize: draw.pick([undefined, 1, 200, 5_000, 1_048_576]),
    aggregationMaxCount: draw.pick([undefined, undefined, 1, 2, 50]),
    maxRecordSize: draw.pick([undefined, 10_485_760]),
    shards,
    groupBy: draw.pick(shards === undefined ? (['none', 'none', 'hashKey'] as const) : (['shard', 'shard', 'hashKey'] as const)),
    outerKey: draw.pick(['first', 'kpl'] as const),
    loneRecord: draw.pick(['raw', 'wrap'] as const),
    maxPendingBytes: draw.pick([undefined, undefined, 2_000]),
  }
  const way = draw.pick(Object.keys(ways))
  const how = `${way} ${JSON.stringify({ ...options, shards: shards && 'SHARDS' })}`
  return entriesOf(records, await ways[way]!(records, options), how)
}

/** The smallest, the most user records, the largest. */
export function writtenAtTheLimits(draw: Draw): Written[] {
  const many = Array.from({ length: 100_000 }, (_, n) => ({ partitionKey: `key ${n % 60_000}`, data: bytes(draw, n % 50) }))
  const lone = [{ partitionKey: 'k', data: bytes(draw, LARGEST - 36) }]
  const mixed = drawGiven(draw, { count: 5_000, size: 2_000, tags: true, nested: true })
  const room = LARGEST - encodeAggregate([...mixed, { partitionKey: 'k', data: Buffer.alloc(2 ** 22) }]).length
  const options = { maxRecordSize: LARGEST, aggregationMaxSize: LARGEST, groupBy: 'none', loneRecord: 'wrap' } as const
  return [
    encoded([{ partitionKey: '', data: Buffer.alloc(0) }], 'encodeAggregate, the least'),
    encoded([...mixed, { partitionKey: 'k', data: bytes(draw, 2 ** 22 + room) }], 'encodeAggregate, 10 MiB'),
    ...entriesOf(lone, [...aggregate(lone, options)], 'aggregate, 10 MiB with the partition key'),
    ...entriesOf(many, [...aggregate(many, options)], 'aggregate, 100,000 user records'),
  ]
}

function encoded(userRecords: readonly Given[], how: string): Written {
  return { how, data: encodeAggregate(userRecords), right: userRecords.map(readOf), userRecords, shardId: undefined }
}

/** @throws Error where the entries have not every user record once. */
function entriesOf(records: readonly Given[], entries: readonly PutRecordsEntry<Given>[], how: string): Written[] {
  const left = new Set(records)
  const written = entries.map(({ Data, PartitionKey, aggregated, userRecords, shardId }): Written => {
    const wrong = userRecords.filter((record) => !left.delete(record))
    if (wrong.length > 0 || (!aggregated && userRecords[0]!.partitionKey !== PartitionKey)) throw new Error(`an entry that does not belong: ${how}`)
    const right = aggregated ? userRecords.map(withoutZeros).map(readOf) : userRecords.map(plain)
    return { how, data: Data, right, userRecords, shardId }
  })
  if (left.size > 0) throw new Error(`${left.size} user records are in no entry: ${how}`)
  return written
}

/** An explicit hash key's leading zeros are written by `encodeAggregate` only. */
function withoutZeros(record: Given): Given {
  return { ...record, explicitHashKey: record.explicitHashKey?.replace(/^0+(?=.)/, '') }
}

function readOf({ partitionKey, explicitHashKey, data }: Given, subSequenceNumber: number): Read {
  return { aggregated: true, partitionKey, explicitHashKey, subSequenceNumber, data }
}

function plain({ data }: Given): Read {
  return { aggregated: false, partitionKey: OUTER_KEY, explicitHashKey: undefined, subSequenceNumber: 0, data }
}
