// What was sent beside what was seen.
import assert from 'node:assert/strict'
import type { ChildShard } from '@aws-sdk/client-kinesis'
import type { Read } from './read-shards.js'
import { type Sent, bytesOf, numberOf } from './user-records.js'

export class Ledger {
  readonly #sent: readonly Sent[]
  /** How often each user record was seen. */
  readonly times: Uint32Array
  /** Those that came after a later one of their hash key. */
  readonly late: number[] = []
  /** Those in a shard that does not own their hash key. */
  readonly strays: number[] = []
  readonly #latest = new Map<bigint, number>()
  /** All, as they came. */
  readonly order: number[] = []
  readonly byShard = new Map<string, number>()

  constructor(sent: readonly Sent[]) {
    this.#sent = sent
    this.times = new Uint32Array(sent.length)
  }

  /** It must be one that was sent, whole. Its shard and its order are noted. */
  see(record: Read, { ShardId, HashKeyRange }: ChildShard): void {
    const n = numberOf(record.data)
    const sent = this.#sent[n]!
    assert.ok(record.data.equals(bytesOf(sent.data)), `the data of ${n}`)
    assert.equal(record.partitionKey, sent.partitionKey, `the partition key of ${n}`)
    // GetRecords tells no explicit hash key: what is outside an aggregate has lost it.
    const explicit = record.aggregated && sent.explicitHashKey !== undefined ? String(BigInt(sent.explicitHashKey)) : undefined
    assert.equal(record.explicitHashKey, explicit, `the explicit hash key of ${n}`)
    const isInside = BigInt(HashKeyRange!.StartingHashKey!) <= sent.hashKey && sent.hashKey <= BigInt(HashKeyRange!.EndingHashKey!)
    this.times[n]!++
    this.order.push(n)
    if (!isInside) {
      this.strays.push(n)
      return
    }
    this.byShard.set(ShardId!, (this.byShard.get(ShardId!) ?? 0) + 1)
    const latest = this.#latest.get(sent.hashKey) ?? -1
    if (n < latest) this.late.push(n)
    else this.#latest.set(sent.hashKey, n)
  }

  get missing(): number[] {
    return this.#where((times) => times === 0)
  }

  get doubled(): number[] {
    return this.#where((times) => times > 1)
  }

  #where(test: (times: number) => boolean): number[] {
    return Array.from(this.times.keys()).filter((n) => test(this.times[n]!))
  }
}

/** Asserts that there are none, and shows some of them where there are. */
export function none(numbers: readonly number[], what: string): void {
  assert.equal(numbers.length, 0, `${numbers.length} user records ${what}: ${numbers.slice(0, 10).join(', ')}`)
}
