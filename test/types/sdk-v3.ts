// What AWS SDK v3 gives is read and what it takes is written, as it comes: no casts, no copying of fields.
import {
  type GetRecordsCommandOutput,
  type KinesisClient,
  type ListShardsCommandOutput,
  PutRecordsCommand,
  type PutRecordsRequestEntry,
  type Shard,
  type _Record as Record,
} from '@aws-sdk/client-kinesis'
import {
  AggregateStream,
  Aggregator,
  DeaggregateStream,
  type PutRecordsEntry,
  ShardMap,
  type UserRecord,
  type UserRecordInput,
  aggregate,
  deaggregate,
  isAggregated,
  putRecordsBatches,
} from 'kpl-codec'
import type { Expect, Identical } from './expect.js'

export function read(reply: GetRecordsCommandOutput, record: Record, shard: Shard): Iterable<UserRecord<Record>>[] {
  const { Records = [] } = reply
  if (record.Data !== undefined) isAggregated(record.Data)
  return [
    deaggregate(record),
    deaggregate(Records),
    deaggregate(Records, { hashKeyRange: shard.HashKeyRange }),
    deaggregate(Records, { onHidden: (hidden) => hidden.map(({ source }) => source.EncryptionType) }),
    deaggregate(Records, { onRejected: (error, source) => console.error(error.code, source.SequenceNumber) }),
  ]
}

export type Read = Expect<{
  records: Identical<ReturnType<typeof read>, Iterable<UserRecord<Record>>[]>
  stream: Identical<DeaggregateStream<Record>, DeaggregateStream<NonNullable<GetRecordsCommandOutput['Records']>[number]>>
}>

export async function put(client: KinesisClient, StreamName: string, userRecords: UserRecordInput[]): Promise<void> {
  for (const entries of putRecordsBatches(aggregate(userRecords))) {
    const { Records = [] } = await client.send(new PutRecordsCommand({ StreamName, Records: entries }))
    const again: UserRecordInput[] = Records.flatMap(({ ErrorCode }, n) => (ErrorCode === undefined ? [] : (entries[n]?.userRecords ?? [])))
    await put(client, StreamName, again)
  }
}

export function putEach(entry: PutRecordsEntry): PutRecordsCommand {
  const asItIs: PutRecordsRequestEntry = entry
  const spread: PutRecordsRequestEntry = { ...entry }
  return new PutRecordsCommand({ StreamName: 'orders', Records: [asItIs, spread] })
}

export function route({ Shards }: ListShardsCommandOutput, shards: Shard[]): Shard {
  new Aggregator({ shards: Shards })
  new Aggregator({ shards: () => Shards })
  new AggregateStream({ shards: new ShardMap(shards), groupBy: 'shard' })
  return new ShardMap(shards).shardFor(0n)
}
