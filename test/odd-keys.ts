// Keys that plain objects, UTF-16 units or small tables would spoil survive a round trip:
// in order, in one aggregate, through every way to write and read.
import { Readable, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { isDeepStrictEqual } from 'node:util'
import t, { type Test } from 'tap'
import { Draw } from '../fixtures/random.js'
import {
  AggregateStream,
  Aggregator,
  DeaggregateStream,
  ShardMap,
  type UserRecord,
  type UserRecordInput,
  aggregate,
  deaggregate,
  decodeAggregate,
  encodeAggregate,
} from '../lib/index.js'

const SEED = 20_260_116
t.comment(`seed ${SEED}`)

type Content = [partitionKey: string, explicitHashKey: string | undefined, data: string]

function contentOf({ partitionKey, explicitHashKey, data }: UserRecordInput | UserRecord): Content {
  return [partitionKey, explicitHashKey, Buffer.from(data as Uint8Array).toString()]
}

function recordsWith(keys: readonly string[], explicitHashKeyOf: (n: number) => string | undefined = () => undefined): UserRecordInput[] {
  return keys.map((partitionKey, n) => ({ partitionKey, explicitHashKey: explicitHashKeyOf(n), data: Buffer.from(`${n}: ${partitionKey}`) }))
}

const wholeShard = new ShardMap([{ ShardId: 'only', HashKeyRange: { StartingHashKey: '0', EndingHashKey: String(2n ** 128n - 1n) } }])

/** Every way through the codec, all that fits in one aggregate of 10 MiB. */
async function waysThrough(records: UserRecordInput[]): Promise<Record<string, UserRecord[]>> {
  const options = { groupBy: 'none', aggregationMaxSize: 10_485_000, maxRecordSize: 10_485_760 } as const
  const aggregator = new Aggregator(options)
  const piped: UserRecord[] = []
  await pipeline(
    Readable.from(records),
    new AggregateStream({ ...options, recordMaxBufferedTime: Infinity }),
    new DeaggregateStream(),
    new Writable({
      objectMode: true,
      write(record: UserRecord, _encoding, done) {
        piped.push(record)
        done()
      },
    }),
  )
  return {
    encodeAggregate: [...deaggregate(encodeAggregate(records))],
    Aggregator: [...deaggregate([...records.flatMap((record) => aggregator.add(record)), ...aggregator.flush()])],
    aggregate: [...deaggregate(aggregate(records, options))],
    'grouped by shard': [...deaggregate(aggregate(records, { ...options, groupBy: 'shard', shards: wholeShard }))],
    'the KPL keys outside': [...deaggregate(aggregate(records, { ...options, outerKey: 'kpl' }))],
    streams: piped,
  }
}

async function survive(t: Test, records: UserRecordInput[]): Promise<void> {
  const given = records.map(contentOf)
  for (const [way, read] of Object.entries(await waysThrough(records))) {
    t.equal(read.length, given.length, `${way}: as many user records`)
    t.strictSame(read.map(contentOf).filter((content, n) => !isDeepStrictEqual(content, given[n])).slice(0, 5), [], `${way}: each in its place`)
    t.equal(new Set(read.map(({ source }) => source)).size, 1, `${way}: one aggregate`)
  }
}

const integerLike = ['10', '9', '1', '0', '-1', '1e3', '01', '4294967294', '4294967295', '9007199254740993']
const ofPrototypes = ['__proto__', 'constructor', 'hasOwnProperty', 'toString', 'valueOf', 'prototype', '__defineGetter__', 'then', 'length']

t.test('integer-like keys, and those of prototypes', async (t) => {
  await survive(t, recordsWith([...integerLike, ...ofPrototypes]))
  await survive(t, recordsWith([...ofPrototypes, ...integerLike, ...ofPrototypes].reverse()))
})

t.test('the same one by one, each alone in its aggregate', (t) => {
  for (const record of recordsWith([...integerLike, ...ofPrototypes])) {
    const entries = aggregate([record], { loneRecord: 'wrap' })
    t.strictSame(Array.from(deaggregate(entries), contentOf), [contentOf(record)], record.partitionKey)
  }
  t.end()
})

t.test('explicit hash keys that are integers of every size keep their places', async (t) => {
  const explicitHashKeys = ['10', '9', '1', '0', '4294967294', '4294967295', '4294967296', String(2n ** 64n), String(2n ** 127n), String(2n ** 128n - 1n)]
  await survive(t, recordsWith(explicitHashKeys.map((_, n) => `key ${n % 3}`), (n) => explicitHashKeys[n]))
})

t.test('records without an explicit hash key beside records with one', async (t) => {
  const keys = ['a', 'b', 'a', 'b', 'c', 'a']
  await survive(t, recordsWith(keys, (n) => (n % 2 === 1 ? String(n) : undefined)))
  await survive(t, recordsWith(keys, (n) => (n % 2 === 0 ? '0' : undefined)))
  await survive(t, recordsWith(keys, (n) => (n === 5 ? '7' : undefined)))
})

t.test('256 characters, however many bytes and UTF-16 units they take', async (t) => {
  const keys = ['x', 'é', '鍵', '😀', '🏴'].map((character) => character.repeat(256))
  t.strictSame(keys.map((key) => Buffer.byteLength(key)), [256, 512, 768, 1024, 1024])
  await survive(t, recordsWith([...keys, ...keys.reverse()]))
  for (const key of keys) t.throws(() => [...aggregate(recordsWith([`${key}x`]))], { code: 'ERR_KPL_INVALID_PARTITION_KEY', size: 257, limit: 256 })
})

t.test('characters that get lost on the way elsewhere: NUL, byte order mark, quotes, line breaks, combining marks', async (t) => {
  await survive(t, recordsWith(['\0', 'a\0b', '\uFEFFkey', 'key\uFEFF', '"', "'", '\\', '\n', '\r\n', '\u2028', 'e\u0301', '\u00e9', '\ufffd', ' ', ' a ']))
})

t.test('5,000 different keys in one aggregate', async (t) => {
  const draw = new Draw(SEED)
  const keys = Array.from({ length: 5_000 }, (_, n) => `${draw.below(1_000_000)}-${n}`)
  // Each again, in another order, so that every index of the table is used a second time.
  await survive(t, recordsWith([...keys, ...keys.toSorted()]))
  const [only, ...more] = aggregate(recordsWith(keys), { groupBy: 'none', aggregationMaxSize: 1_048_000 })
  t.equal(more.length, 0)
  t.strictSame(decodeAggregate(only!.Data).records.map(({ partitionKey }) => partitionKey), keys)
})

t.test('5,000 different explicit hash keys beside them', async (t) => {
  const draw = new Draw(SEED + 1)
  const explicitHashKeys = Array.from({ length: 5_000 }, () => String(BigInt(draw.below(2 ** 32)) ** 4n % 2n ** 128n))
  await survive(t, recordsWith(explicitHashKeys.map((_, n) => String(n % 1_000)), (n) => (n % 7 === 0 ? undefined : explicitHashKeys[n])))
})

t.test('more keys than are remembered at once, each used again', async (t) => {
  const keys = Array.from({ length: 9_000 }, (_, n) => `key ${n}`)
  const records = recordsWith([...keys, ...keys.toReversed()])
  const encoded = encodeAggregate(records)
  t.strictSame(decodeAggregate(encoded).records.filter((record, n) => !isDeepStrictEqual(contentOf(record), contentOf(records[n]!))), [])
  const once = encodeAggregate(recordsWith(keys))
  t.ok(encoded.length - once.length < once.length - Buffer.byteLength(keys.join('')), 'the second time without the keys')
})

t.test('the same keys in aggregates that are filled in turn', async (t) => {
  const draw = new Draw(SEED + 2)
  const records = recordsWith(Array.from({ length: 3_000 }, () => `key ${draw.below(200)}`), () => String(draw.below(3)))
  const entries = [...aggregate(records, { aggregationMaxSize: 1_048_000 })]
  t.strictSame(entries.map(({ ExplicitHashKey }) => ExplicitHashKey).sort(), ['0', '1', '2'], 'one for each hash key')
  for (const entry of entries) {
    t.strictSame(Array.from(deaggregate(entry), contentOf), records.filter(({ explicitHashKey }) => explicitHashKey === entry.ExplicitHashKey).map(contentOf))
    t.strictSame(entry.Data, encodeAggregate(entry.userRecords), 'as if it had been filled alone')
  }
})
