// One case of genuine records through the whole codec: read, checked, written again by
// shard, read again, checked again.
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { isDeepStrictEqual } from 'node:util'
import { asExpected, differences } from '../fixtures/compare.js'
import type { KplCase } from '../fixtures/load.js'
import { AggregateStream, DeaggregateStream, type PutRecordsEntry, ShardMap, type UserRecord, hashKey } from '../lib/index.js'

export interface Account {
  readonly name: string
  readonly kinesisRecords: number
  readonly userRecords: readonly UserRecord[]
  readonly entries: readonly PutRecordsEntry<UserRecord>[]
  /** User records that Kinesis would not take, such as one with an empty partition key. */
  readonly refused: number
  readonly milliseconds: number
  /** What went wrong, one line each. */
  readonly differences: readonly string[]
}

/** Payloads of all kinds that begin like aggregates: what becomes of each is told in test/lookalikes.ts. */
const LOOKALIKES = 'lookalikes'
/** In these some user records reach a reader twice, not at all, or under another key: the KPL's doing, told in manifest.json. */
const NOT_AS_SENT = [LOOKALIKES, 'tricky-keys', 'reshard', 'kpl11-reshard']

export async function checkCase(kplCase: KplCase): Promise<Account> {
  const { name, records } = kplCase
  const userRecords: UserRecord[] = []
  const entries: PutRecordsEntry<UserRecord>[] = []
  const again: UserRecord[] = []
  const problems: string[] = []
  let refused = 0
  const shards = openShards(kplCase)
  const start = performance.now()
  try {
    await pipeline(
      Readable.from(records),
      new DeaggregateStream({ malformed: name === LOOKALIKES ? 'passthrough' : 'error' }),
      keepIn(userRecords),
      new AggregateStream<UserRecord>({
        shards,
        recordMaxBufferedTime: Infinity,
        onRejected: (error) => {
          refused++
          if (name !== LOOKALIKES) problems.push(`refused: ${error.message}`)
        },
      }),
      keepIn(entries),
      new DeaggregateStream(),
      keepIn(again).resume(),
    )
  } catch (error) {
    problems.push(`failed: ${(error as Error).message}`)
  }
  const milliseconds = performance.now() - start
  if (name !== LOOKALIKES) problems.push(...differences(asExpected(userRecords, records), kplCase.userRecords))
  if (!NOT_AS_SENT.includes(name)) problems.push(...notAsSent(userRecords, kplCase))
  problems.push(...misplaced(entries, shards), ...notTheSame(again, entries))
  const written = entries.reduce((sum, entry) => sum + entry.userRecords.length, 0)
  if (written + refused !== userRecords.length) problems.push(`${written} user records were written and ${refused} refused, not ${userRecords.length}`)
  return { name, kinesisRecords: records.length, userRecords, entries, refused, milliseconds, differences: problems }
}

/** Keeps in a list what passes. */
function keepIn<T>(list: T[]): Transform {
  return new Transform({
    objectMode: true,
    transform(item: T, _encoding, done) {
      list.push(item)
      done(null, item)
    },
  })
}

/** The shards that take records at the end of the case: those that were split are left out. */
function openShards({ info }: KplCase): ShardMap {
  const parents = info.shards.map(({ parentShardId }) => parentShardId)
  const open = info.shards.filter(({ shardId }) => !parents.includes(shardId))
  return new ShardMap(
    open.map(({ shardId, startingHashKey, endingHashKey }) => {
      return { ShardId: shardId, HashKeyRange: { StartingHashKey: startingHashKey, EndingHashKey: endingHashKey } }
    }),
  )
}

/** What was read, held against what the KPL was given and took, in any order. */
function notAsSent(userRecords: readonly UserRecord[], { sent }: KplCase): string[] {
  const counts = new Map<string, number>()
  const count = ({ partitionKey, data }: { partitionKey: string; data: Buffer }, step: number) => {
    const content = `${JSON.stringify(partitionKey)} with ${data.toString('base64')}`
    counts.set(content, (counts.get(content) ?? 0) + step)
  }
  for (const userRecord of userRecords) count(userRecord, 1)
  for (const line of sent) if (line.successful) count(line, -1)
  return [...counts]
    .filter(([, difference]) => difference !== 0)
    .map(([content, difference]) => `read ${difference > 0 ? 'more' : 'less'} often than it was sent: ${content.slice(0, 100)}`)
}

/** Entries that are not wholly in the shard that they say: a consumer that reads by range would not see them. */
function misplaced(entries: readonly PutRecordsEntry<UserRecord>[], shards: ShardMap): string[] {
  return entries.flatMap(({ shardId, userRecords }, n) => {
    const inside = userRecords.every((record) => shards.shardFor(hashKey(record.partitionKey, record.explicitHashKey)).ShardId === shardId)
    return inside ? [] : [`entry ${n} has user records that are not in ${shardId}`]
  })
}

/** What came back, held against the user records that each entry was made of, in order and field by field. */
function notTheSame(again: readonly UserRecord[], entries: readonly PutRecordsEntry<UserRecord>[]): string[] {
  const given = entries.flatMap((entry, record) => {
    return entry.userRecords.map((userRecord, subSequenceNumber) => {
      const { partitionKey, data } = userRecord
      // What goes raw has its explicit hash key in the entry, where Kinesis sees it and readers do not.
      const explicitHashKey = entry.aggregated ? plainNumber(userRecord.explicitHashKey) : undefined
      return { record, subSequenceNumber, partitionKey, explicitHashKey, data, aggregated: entry.aggregated }
    })
  })
  const found = differences(asExpected(again, entries), given)
  for (const [n, { aggregated, userRecords, ExplicitHashKey }] of entries.entries()) {
    if (!aggregated && plainNumber(userRecords[0]!.explicitHashKey) !== ExplicitHashKey) found.push(`entry ${n} lacks its explicit hash key`)
  }
  const tags = entries.flatMap(({ userRecords }) => userRecords.map((userRecord) => userRecord.tags))
  for (const [n, userRecord] of again.entries()) {
    if (!isDeepStrictEqual(userRecord.tags, tags[n])) found.push(`user record ${n}: tags differ`)
  }
  return found.map((line) => `written and read again: ${line}`)
}

/** A decimal number without leading zeros, as it is written. */
function plainNumber(text: string | undefined): string | undefined {
  return text && String(BigInt(text))
}
