// A stream of the server's, and what can be done to its shards.
import * as kinesis from '@aws-sdk/client-kinesis'
import { setTimeout } from 'node:timers/promises'

export class KinesisStream {
  readonly #client: kinesis.KinesisClient
  readonly name: string

  private constructor(client: kinesis.KinesisClient, name: string) {
    this.#client = client
    this.name = name
  }

  static async create(client: kinesis.KinesisClient, name: string, ShardCount: number): Promise<KinesisStream> {
    await client.send(new kinesis.CreateStreamCommand({ StreamName: name, ShardCount }))
    const stream = new KinesisStream(client, name)
    await stream.#active()
    return stream
  }

  /** All shards, those that are closed too: there are never so many here that they need a second page. */
  async shards(): Promise<kinesis.Shard[]> {
    const { Shards } = await this.#client.send(new kinesis.ListShardsCommand({ StreamName: this.name }))
    return Shards!
  }

  async openShards(): Promise<kinesis.Shard[]> {
    const open = (await this.shards()).filter(({ SequenceNumberRange }) => SequenceNumberRange!.EndingSequenceNumber === undefined)
    return open.sort((a, b) => (startOf(a) < startOf(b) ? -1 : 1))
  }

  /** Splits the open shard at this place in the order of hash keys in two halves. */
  async split(place: number): Promise<void> {
    const shard = (await this.openShards())[place]!
    const NewStartingHashKey = String((startOf(shard) + BigInt(shard.HashKeyRange!.EndingHashKey!)) / 2n)
    await this.#client.send(new kinesis.SplitShardCommand({ StreamName: this.name, ShardToSplit: shard.ShardId, NewStartingHashKey }))
    await this.#active()
  }

  /** Merges the open shard at this place with the next one. */
  async merge(place: number): Promise<void> {
    const [one, other] = (await this.openShards()).slice(place)
    await this.#client.send(
      new kinesis.MergeShardsCommand({ StreamName: this.name, ShardToMerge: one!.ShardId, AdjacentShardToMerge: other!.ShardId }),
    )
    await this.#active()
  }

  async updateMaxRecordSize(MaxRecordSizeInKiB: number): Promise<void> {
    const { StreamARN } = await this.#summary()
    await this.#client.send(new kinesis.UpdateMaxRecordSizeCommand({ StreamARN, MaxRecordSizeInKiB }))
    await this.#active()
  }

  async #active(): Promise<void> {
    while ((await this.#summary()).StreamStatus !== 'ACTIVE') await setTimeout(10)
  }

  async #summary(): Promise<kinesis.StreamDescriptionSummary> {
    const { StreamDescriptionSummary } = await this.#client.send(new kinesis.DescribeStreamSummaryCommand({ StreamName: this.name }))
    return StreamDescriptionSummary!
  }
}

function startOf({ HashKeyRange }: kinesis.Shard): bigint {
  return BigInt(HashKeyRange!.StartingHashKey!)
}
