// A new stream, and all that is in one.
import {
  type KinesisClient, type Shard, type _Record, CreateStreamCommand, GetRecordsCommand, GetShardIteratorCommand, ListShardsCommand, waitUntilStreamExists,
} from '@aws-sdk/client-kinesis'

/** Makes a stream and tells its shards. */
export async function createStream(client: KinesisClient, StreamName: string, ShardCount: number): Promise<Shard[]> {
  await client.send(new CreateStreamCommand({ StreamName, ShardCount }))
  await waitUntilStreamExists({ client, maxWaitTime: 30, minDelay: 0.1, maxDelay: 0.2 }, { StreamName })
  const { Shards } = await client.send(new ListShardsCommand({ StreamName }))
  return Shards!
}

/** All Kinesis records that were put into a shard before this call, in order. */
export async function readShard(client: KinesisClient, StreamName: string, { ShardId }: Shard): Promise<_Record[]> {
  const records: _Record[] = []
  const start = await client.send(new GetShardIteratorCommand({ StreamName, ShardId, ShardIteratorType: 'TRIM_HORIZON' }))
  for (let { ShardIterator } = start; ShardIterator !== undefined; ) {
    const { Records, NextShardIterator, MillisBehindLatest } = await client.send(new GetRecordsCommand({ ShardIterator }))
    records.push(...Records!)
    ShardIterator = MillisBehindLatest === 0 ? undefined : NextShardIterator
  }
  return records
}
