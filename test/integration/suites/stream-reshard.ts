// Shards are split and merged while user records are put, by a writer whose knowledge of the shards lags. The README's recipe
// looks at the reply and puts whole aggregates again; its own text is what runs here.
import assert from 'node:assert/strict'
import { type KinesisClient, PutRecordsCommand, type Shard } from '@aws-sdk/client-kinesis'
import { after, before, test } from 'node:test'
import { aggregate, deaggregate, putRecordsBatches } from 'kpl-codec'
import type { Draw } from '../../../fixtures/random.js'
import { type KinesisServer, startKinesis } from '../server/kinesis-server.js'
import { type Driven, drive } from '../stream/drive.js'
import { none } from '../stream/ledger.js'
import type { KinesisStream } from '../stream/kinesis-stream.js'
import type { Proxy } from '../stream/proxy.js'
import { readmeModule } from '../stream/readme-examples.js'
import { type Sent, numberOf, seeded, userRecords } from '../stream/user-records.js'

const RESHARDS = new Map<number, (stream: KinesisStream) => Promise<void>>([
  [2, (stream) => stream.split(0)],
  [7, (stream) => stream.merge(2)],
  // One that came from the split with one that was there before.
  [12, (stream) => stream.merge(1)],
  [17, (stream) => stream.split(2)],
])
const WAVE = 300
const COUNT = 6_000
/** Small aggregates and keys that come in rows, so that some stay visible while their neighbours are hidden. */
const SMALL = { aggregationMaxCount: 8 }
const rows = (draw: Draw) => (shards: readonly Shard[]) => userRecords(draw, COUNT, shards, [1, 4])

let server: KinesisServer
before(async () => {
  server = await startKinesis()
})
after(() => server.stop())

test('the recipe loses nothing in splits and merges, though ListShards lags and entries are throttled', async (t) => {
  const draw = seeded(t, 6)
  const { put } = await readmeModule('PutRecords, and what to do with its reply')
  const { listShards } = await readmeModule("The stream's shards")
  const throttled = draw.between(1, 4)
  const driven = await drive({
    server,
    name: 'recipe',
    makeUserRecords: rows(draw),
    badDay: { isThrottled: (request, entry) => request % 5 === throttled && entry % 7 === 0 },
    reshards: RESHARDS,
    oldLists: 2,
    async write(client, name, sent) {
      let shards: Shard[] = await listShards(client, name)
      for (const wave of waves(sent)) shards = await put(client, name, aggregate(wave, { shards, ...SMALL }), shards)
    },
  })
  tell(t, driven)
  nothingIsLost(driven)
  const { sent, byRange } = driven
  assert.ok(refusedOf(driven).size > 0 && byRange.late.length > 0, 'order was in danger')
  // What goes again is no later than its call of put().
  const lastWave = new Map<bigint, number>()
  for (const n of byRange.order) {
    const wave = Math.floor(n / WAVE)
    assert.ok(wave >= (lastWave.get(sent[n]!.hashKey) ?? 0), `${n} comes after a user record of its hash key that a later call put`)
    lastWave.set(sent[n]!.hashKey, wave)
  }
})

test("the README's pipeline, its shards split and merged under way: a reader by range sees each user record once", async (t) => {
  const draw = seeded(t, 7)
  const { send } = await readmeModule('`stream.pipeline`, without end')
  const driven = await drive({
    server,
    name: 'pipeline',
    makeUserRecords: (shards) => userRecords(draw, COUNT, shards),
    reshards: RESHARDS,
    oldLists: 0,
    write: (client, name, sent, proxy) => send(client, name, paced(sent, proxy)),
  })
  tell(t, driven)
  nothingIsLost(driven)
  none(driven.byRange.doubled, 'came twice to a reader by range')
  assert.deepEqual(new Set(driven.whole.doubled), driven.hidden, 'without a range what was hidden comes twice')
})

test('without the recipe a reader by range loses what is hidden, and the test sees it', async (t) => {
  const draw = seeded(t, 8)
  const { listShards } = await readmeModule("The stream's shards")
  const { sent, byRange, hidden, whole } = await drive({
    server,
    name: 'without',
    makeUserRecords: rows(draw),
    reshards: RESHARDS,
    oldLists: 0,
    async write(client, name, sent) {
      // It does look at the shards, for each wave: what is lost is on its way just then.
      for (const wave of waves(sent)) await putOnce(client, name, wave, await listShards(client, name))
    },
  })
  t.diagnostic(`${byRange.missing.length} of ${sent.length} user records are lost`)
  assert.ok(byRange.missing.length > 0, 'something is lost')
  assert.deepEqual(new Set(byRange.missing), hidden)
  none([...whole.missing, ...whole.doubled], 'are not in the stream once')
})

function nothingIsLost(driven: Driven): void {
  const { sent, byRange, hidden, whole } = driven
  assert.ok(hidden.size > 0, 'something was hidden, and so had to be put again')
  none(byRange.missing, 'are lost to a reader by range')
  none(byRange.strays, 'came from a shard that does not own them')
  none(whole.missing, 'are not in the stream')
  // Only what went again can be late.
  const again = new Set([...hidden, ...byRange.doubled, ...refusedOf(driven)])
  const last = new Map<bigint, number>()
  const late = byRange.order.filter((n) => {
    if (again.has(n)) return false
    const { hashKey } = sent[n]!
    const isLate = n < (last.get(hashKey) ?? 0)
    last.set(hashKey, n)
    return isLate
  })
  none(late, 'went in at once and are late')
}

/** The user records of all entries that were refused. */
function refusedOf({ proxy }: Driven): Set<number> {
  const entries = proxy.puts.flat().flatMap(({ bytes, isRefused }) => (isRefused ? [JSON.parse(bytes) as { Data: string }] : []))
  return new Set(Array.from(deaggregate(entries), ({ data }) => numberOf(data)))
}

function tell(t: { diagnostic(text: string): void }, { sent, byRange, hidden, whole }: Driven): void {
  t.diagnostic(`${sent.length} user records, ${hidden.size} of them hidden by range and put again`)
  t.diagnostic(`seen more than once: ${byRange.doubled.length} by range, ${whole.doubled.length} without a range`)
  t.diagnostic(`after a later one of their hash key: ${byRange.late.length} by range`)
}

function* waves(sent: readonly Sent[]): Iterable<Sent[]> {
  for (let n = 0; n < sent.length; n += WAVE) yield sent.slice(n, n + WAVE)
}

/** A wave, then nothing until a request has come. */
async function* paced(sent: readonly Sent[], proxy: Proxy) {
  for (const wave of waves(sent)) {
    const before = proxy.puts.length
    yield* wave
    while (proxy.puts.length === before) await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

async function putOnce(client: KinesisClient, StreamName: string, records: readonly Sent[], shards: readonly Shard[]) {
  for (const Records of putRecordsBatches(aggregate(records, { shards, ...SMALL }))) {
    const { FailedRecordCount } = await client.send(new PutRecordsCommand({ StreamName, Records }))
    assert.equal(FailedRecordCount, 0)
  }
}
