// What AWS SDK v2 gives is read and what it takes is written. Its `Data` is an interface without members.
import type Kinesis from 'aws-sdk/clients/kinesis'
import { Aggregator, type PutRecordsEntry, ShardMap, type UserRecord, deaggregate } from 'kpl-codec'

export function read(reply: Kinesis.GetRecordsOutput, record: Kinesis.Record, shard: Kinesis.Shard): Iterable<UserRecord<Kinesis.Record>>[] {
  return [deaggregate(record), deaggregate(reply.Records), deaggregate(reply.Records, { hashKeyRange: shard.HashKeyRange })]
}

export async function put(kinesis: Kinesis, entries: PutRecordsEntry[]): Promise<number | undefined> {
  const spread: Kinesis.PutRecordsRequestEntry[] = entries.map((entry) => ({ ...entry }))
  await kinesis.putRecords({ StreamName: 'orders', Records: spread }).promise()
  const reply = await kinesis.putRecords({ StreamName: 'orders', Records: entries }).promise()
  return reply.FailedRecordCount
}

export function route({ Shards }: Kinesis.ListShardsOutput, shards: Kinesis.ShardList): Kinesis.Shard {
  new Aggregator({ shards: Shards })
  new Aggregator({ shards: () => Shards })
  return new ShardMap(shards).shardFor(0n)
}
