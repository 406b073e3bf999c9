// Reads a stream with GetRecords: a shard's Kinesis records, or all shards at once, parents before children.
import { type ChildShard, GetRecordsCommand, GetShardIteratorCommand, type KinesisClient, ListShardsCommand, type _Record } from '@aws-sdk/client-kinesis'
import { pipeline } from 'node:stream/promises'
import { setTimeout } from 'node:timers/promises'
import { type Checkpoint, DeaggregateStream, type UserRecord } from 'kpl-codec'

export type Read = UserRecord<_Record>
/** What is read of a shard: closed ones have an end, open ones are read until it `isOver` and nothing is left. */
interface From {
  readonly after?: Checkpoint | undefined
  readonly Limit?: number | undefined
  readonly isOver?: () => boolean
}

/** The replies of GetRecords, one after another, and then, where the shard is closed, its children. */
export async function* shardRecords(
  client: KinesisClient,
  StreamName: string,
  ShardId: string,
  { after, Limit, isOver = () => true }: From = {},
): AsyncGenerator<_Record[], ChildShard[]> {
  // As the README has it: AT, for a checkpoint may lie inside an aggregate.
  const start = new GetShardIteratorCommand({
    StreamName,
    ShardId,
    ShardIteratorType: after ? 'AT_SEQUENCE_NUMBER' : 'TRIM_HORIZON',
    StartingSequenceNumber: after?.sequenceNumber,
  })
  let { ShardIterator } = await client.send(start)
  for (;;) {
    const isLast = isOver()
    const reply = await client.send(new GetRecordsCommand({ ShardIterator, Limit }))
    if (reply.Records!.length > 0) yield reply.Records!
    ShardIterator = reply.NextShardIterator
    if (ShardIterator === undefined) return reply.ChildShards ?? []
    if (reply.Records!.length > 0 || reply.MillisBehindLatest! > 0) continue
    if (isLast) return []
    await setTimeout(200)
  }
}

interface Reading {
  /** Whether nothing more will be put. */
  readonly isOver: () => boolean
  /** Whether each shard is read with its range, as a KCL reads it. */
  readonly byRange: boolean
  readonly onUserRecord: (record: Read, shard: ChildShard) => void
  readonly onHidden?: (records: readonly Read[]) => void
}

/** Reads while others write: a shard that a split or a merge opened is begun when its parents were read to their end. */
export async function readStream(client: KinesisClient, StreamName: string, { isOver, byRange, onUserRecord, onHidden }: Reading): Promise<void> {
  const begun = new Set<string>()
  const ended = new Set<string>()
  const { Shards } = await client.send(new ListShardsCommand({ StreamName }))
  const first = Shards!.filter(({ ParentShardId }) => ParentShardId === undefined)
  await Promise.all(first.map(({ ShardId, HashKeyRange }) => read({ ShardId, HashKeyRange, ParentShards: [] })))

  async function read(shard: ChildShard): Promise<void> {
    const ShardId = shard.ShardId!
    begun.add(ShardId)
    let children: ChildShard[] = []
    async function* source() {
      children = yield* shardRecords(client, StreamName, ShardId, { isOver })
    }
    const hashKeyRange = byRange ? shard.HashKeyRange : undefined
    await pipeline(source, new DeaggregateStream<_Record>({ hashKeyRange, onHidden }), async (records: AsyncIterable<Read>) => {
      for await (const record of records) onUserRecord(record, shard)
    })
    ended.add(ShardId)
    const next = children.filter((child) => child.ParentShards!.every((id) => ended.has(id)) && !begun.has(child.ShardId!))
    await Promise.all(next.map(read))
  }
}
