// Reads one shard from a checkpoint to its end, and can be stopped anywhere.
import type { KinesisClient, Shard, _Record } from '@aws-sdk/client-kinesis'
import { pipeline } from 'node:stream/promises'
import { type Checkpoint, DeaggregateStream } from 'kpl-codec'
import { type Read, shardRecords } from './read-shards.js'

/** Little at once, so that a few hundred user records take many requests and lie in many aggregates. */
const Limit = 8

export interface Resuming {
  readonly client: KinesisClient
  readonly name: string
  readonly shard: Shard
  readonly after: Checkpoint | undefined
  readonly signal?: AbortSignal
  /** Gets each user record, and the stream that it came from. */
  readonly handle: (record: Read, stream: DeaggregateStream<_Record>) => void | Promise<void>
}

export async function readShardFrom({ client, name, shard, after, signal, handle }: Resuming): Promise<void> {
  const stream = new DeaggregateStream<_Record>({ hashKeyRange: shard.HashKeyRange, after })
  await pipeline(
    shardRecords(client, name, shard.ShardId!, { after, Limit }),
    stream,
    async (records: AsyncIterable<Read>) => {
      for await (const record of records) await handle(record, stream)
    },
    { signal },
  )
}
