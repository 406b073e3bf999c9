// The real KPL writes to a real stream: each user record that it reports as put is read there, once, and
// written again an aggregate has the KPL's bytes.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, test } from 'node:test'
import type { Shard } from '@aws-sdk/client-kinesis'
import { type SdkRecord, ShardMap, deaggregate, decodeAggregate, encodeAggregate, hashKey } from 'kpl-codec'
import { Draw } from '../../../fixtures/random.js'
import { javaChild } from '../peers/java.js'
import { Kpl, type Put, type ToPut, whyNoKpl } from '../peers/kpl.js'
import { readingOf } from '../peers/reading.js'
import { startKinesis } from '../server/kinesis-server.js'
import { createStream, readShard } from '../server/whole-stream.js'

const SHARDS = 4

interface Version {
  readonly name: string
  readonly module: string
  readonly configuration: Readonly<Record<string, unknown>>
}

const versions: Version[] = [
  { name: 'KPL 1.0.9', module: 'kpl', configuration: {} },
  // This one aggregates nothing before it knows how the stream distributes records, which this server does not tell.
  { name: 'KPL 1.1.1', module: 'kpl11', configuration: { RecordDistributionStrategyDefault: 'USER_PARTITION_KEY', AggregationMaxSize: 300_000 } },
]

/** A Kinesis record as it was read, and the shard that it was in. */
interface Got {
  readonly shard: Shard
  readonly record: SdkRecord & { readonly Data: Uint8Array; readonly SequenceNumber: string }
}

const skip = whyNoKpl()
const server = skip === undefined ? await startKinesis() : undefined
after(() => server?.stop())
const seed = Number(process.env['KPL_SEED'] ?? Date.now() % 2 ** 32)

for (const { name, module, configuration } of versions) {
  test(`${name}, KPL_SEED=${seed}`, { skip }, async (t) => {
    const client = server!.client()
    t.after(() => client.destroy())
    const shards = await createStream(client, module, SHARDS)
    const kpl = new Kpl(module)
    t.after(() => kpl.stop())
    await kpl.start(module, server!.tlsPort, configuration)
    const put: (ToPut & Put)[] = []
    for (const records of batches(new Draw(seed), new ShardMap(shards))) {
      const results = await kpl.put(records)
      put.push(...records.map((record, n) => ({ ...record, ...results[n]! })))
    }
    const got: Got[] = []
    for (const shard of shards) for (const record of await readShard(client, module, shard)) got.push({ shard, record: record as Got['record'] })
    const aggregates = got.filter(({ record }) => record.PartitionKey === 'a')

    await t.test('puts all that Kinesis takes, alone and in aggregates of every shard', (t) => {
      t.diagnostic(`${put.length} user records in ${aggregates.length} aggregates and ${got.length - aggregates.length} alone`)
      assert.deepEqual(put.filter(({ verdict }) => verdict !== 'ok'), [])
      for (const some of [aggregates, got.filter((each) => !aggregates.includes(each))]) assert.equal(new Set(some.map(({ shard }) => shard)).size, SHARDS)
    })

    await t.test('what is read is what it reports as put: each user record once, where it says', () => {
      const read = got.flatMap(({ shard, record }) => Array.from(deaggregate(record), (userRecord) => rowOf(shard.ShardId, userRecord)))
      assertSame(read, rowsOf(put))
    })

    await t.test("with the range of each record's shard nothing is hidden", () => {
      const hidden: unknown[] = []
      const read = got.flatMap(({ shard, record }) => {
        const options = { hashKeyRange: shard.HashKeyRange!, onHidden: (records: readonly unknown[]) => hidden.push(...records) }
        return Array.from(deaggregate(record, options), (userRecord) => rowOf(shard.ShardId, userRecord))
      })
      assert.deepEqual(hidden, [])
      assertSame(read, rowsOf(put))
    })

    await t.test('the KCL reads the same, user record by user record', async (t) => {
      const kcl = javaChild('kcl3', 'Kcl3')
      t.after(() => kcl.stop())
      for (const { shard, record } of got) {
        const { StartingHashKey, EndingHashKey } = shard.HashKeyRange!
        const [theirs] = await kcl.ask('read', Buffer.from(StartingHashKey!), Buffer.from(EndingHashKey!), record.Data)
        const ours = readingOf(deaggregate({ Data: record.Data, PartitionKey: 'outer' }))
        assert.ok(theirs!.equals(ours), `Kinesis record ${record.SequenceNumber} of ${record.Data.length} bytes`)
      }
    })

    await t.test('an aggregate written again has its bytes', () => {
      const unlike = aggregates.filter(({ record: { Data } }) => !encodeAggregate(decodeAggregate(Data).records).equals(Data))
      assert.deepEqual(unlike.map(({ record }) => record.SequenceNumber), [])
    })
  })
}

/** No user's key here is "a", which is that of the KPL's aggregates. */
const KEYS = [
  '__proto__', 'constructor', 'hasOwnProperty', '10', '9', '-1', 'A', ' ', '\t\n', 'é', '水', '😀', '\u{10ffff}', '\ufeffkey', '\ufffd', 'key\0rest', 'key\0other',
  'x'.repeat(256), '水'.repeat(256), '😀'.repeat(128), '$&(.*)+?[\\', '../../etc/passwd', '"},{"',
]
const MAX_HASH_KEY = 2n ** 128n - 1n
const HASH_KEYS = ['0', '1', '007', '+5', ' 42 ', '0'.repeat(50), String(MAX_HASH_KEY), String(2n ** 127n), String(2n ** 127n - 1n)]

/** User records as they are handed over together: many small ones, some of middle size, large ones, and then one for each shard. */
function* batches(draw: Draw, map: ShardMap): Generator<ToPut[]> {
  const keys = [...KEYS, ...Array.from({ length: 200 }, () => `${draw.text(draw.between(1, 40))}!`)]
  const one = (size: number): ToPut => {
    const explicit = draw.oneIn(2) ? draw.pick(HASH_KEYS) : String(draw.bytes(16).reduce((value, byte) => (value << 8n) | BigInt(byte), 0n))
    return { partitionKey: draw.pick(keys), explicitHashKey: draw.oneIn(3) ? explicit : undefined, data: draw.bytes(size) }
  }
  const some = (count: number, most: number) => Array.from({ length: count }, () => one(draw.below(most)))
  yield some(4000, 12)
  yield draw.shuffle([...some(1500, 300), ...some(200, 5000)])
  yield some(16, 60_000)
  yield [one(1_047_000), one(0), { partitionKey: 'key\0rest', explicitHashKey: '007', data: draw.bytes(310_000) }, ...some(10, 5)]
  for (const most of [1, 1, 100, 2000]) {
    // Those of one shard would share an aggregate.
    const lone = new Map(some(60, most).map((record) => [map.shardFor(hashKey(record.partitionKey, writtenHashKey(record))), record]))
    assert.equal(lone.size, SHARDS)
    yield [...lone.values()]
  }
}

/** An explicit hash key as the KPL writes it, a plain decimal number. */
function writtenHashKey({ explicitHashKey }: ToPut): string | undefined {
  return explicitHashKey && String(BigInt(explicitHashKey.replace('+', '')))
}

/** What tells a user record that was read, in a line. */
function rowOf(
  shardId: string | undefined,
  record: { readonly sequenceNumber: string; readonly partitionKey: string; readonly explicitHashKey: string | undefined; readonly data: Buffer },
): string {
  const { sequenceNumber, partitionKey, explicitHashKey, data } = record
  const digest = createHash('sha256').update(data).digest('hex')
  return `${shardId} ${sequenceNumber} ${JSON.stringify(partitionKey)} ${explicitHashKey} ${data.length} bytes ${digest}`
}

/** The same of user records that were put, as the KPL writes them. */
function rowsOf(put: readonly (ToPut & Put)[]): string[] {
  const counts = new Map<string, number>()
  for (const { sequenceNumber } of put) counts.set(sequenceNumber, (counts.get(sequenceNumber) ?? 0) + 1)
  return put.map((record) => {
    const { shardId, sequenceNumber, partitionKey } = record
    // A lone one goes raw: its key is then cut at the first NUL, and no reader sees its explicit hash key.
    const isLone = counts.get(sequenceNumber) === 1
    if (isLone) return rowOf(shardId, { ...record, partitionKey: partitionKey.split('\0')[0]!, explicitHashKey: undefined })
    return rowOf(shardId, { ...record, explicitHashKey: writtenHashKey(record) })
  })
}

/** The same lines, in any order. */
function assertSame(actual: readonly string[], expected: readonly string[]): void {
  const [a, e] = [actual, expected].map((rows) => [...rows].sort()) as [string[], string[]]
  const at = a.findIndex((row, n) => row !== e[n])
  assert.deepEqual(at < 0 ? [] : a.slice(at, at + 3), at < 0 ? [] : e.slice(at, at + 3))
  assert.equal(a.length, e.length)
}
