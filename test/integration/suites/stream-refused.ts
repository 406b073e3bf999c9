// What the service refuses is put again as the same bytes: entries that are throttled or too large, requests that are refused
// whole or whose answer is lost.
import assert from 'node:assert/strict'
import { PutRecordsCommand } from '@aws-sdk/client-kinesis'
import { createHash } from 'node:crypto'
import { after, before, test } from 'node:test'
import { AggregateStream, type PutRecordsEntry, aggregate, deaggregate } from 'kpl-codec'
import { type KinesisServer, startKinesis } from '../server/kinesis-server.js'
import { KinesisStream } from '../stream/kinesis-stream.js'
import { Ledger, none } from '../stream/ledger.js'
import { Proxy, type WireEntry } from '../stream/proxy.js'
import { readStream, shardRecords } from '../stream/read-shards.js'
import { readmeModule } from '../stream/readme-examples.js'
import { type Sent, seeded, userRecords } from '../stream/user-records.js'

let server: KinesisServer
before(async () => {
  server = await startKinesis()
})
after(() => server.stop())

test('throttled entries come again as the same bytes, until each has been taken once', async (t) => {
  const draw = seeded(t, 12)
  const { put } = await readmeModule('PutRecords, and what to do with its reply')
  const stream = await KinesisStream.create(server.client(), 'throttled', 3)
  const shards = await stream.shards()
  const proxy = await Proxy.start(server.port, { isThrottled: () => draw.oneIn(4) })
  after(() => proxy.stop())
  const sent = userRecords(draw, 6_000, shards)
  const client = server.client(proxy.port)
  for (let n = 0; n < sent.length; n += 2_000) await put(client, stream.name, aggregate(sent.slice(n, n + 2_000), { shards, aggregationMaxSize: 1_500 }), shards)

  const { isTaken, refusals } = fatesOf(proxy.puts)
  const again = [...refusals.values()].filter((times) => times > 0)
  t.diagnostic(`${refusals.size} entries in ${proxy.puts.length} requests, ${again.length} of them refused, up to ${Math.max(...again)} times`)
  assert.ok(again.length > 20 && Math.max(...again) > 1, 'enough was refused, and some of it more than once')
  assert.deepEqual([...isTaken].filter(([, times]) => times !== 1), [], 'every entry is taken once, whatever was refused')
  const ledger = await ledgerOf(stream, sent)
  none(ledger.missing, 'are missing')
  none(ledger.doubled, 'came more than once')
})

test('a request that is refused, and one whose answer is lost, come again as the same bytes', async (t) => {
  const { put } = await readmeModule('PutRecords, and what to do with its reply')
  const stream = await KinesisStream.create(server.client(), 'whole', 1)
  const shards = await stream.shards()
  const proxy = await Proxy.start(server.port, { isRefused: (request) => request === 1, isAnswerLost: (request) => request === 4 })
  after(() => proxy.stop())
  const sent = userRecords(seeded(t, 13), 3_000, shards)
  const client = server.client(proxy.port)
  for (let n = 0; n < sent.length; n += 500) await put(client, stream.name, aggregate(sent.slice(n, n + 500), { shards, aggregationMaxSize: 2_000 }), shards)

  const requests = proxy.puts.map((entries) => entries.map(({ bytes }) => bytes))
  assert.deepEqual(requests[2], requests[1], 'the refused one')
  assert.deepEqual(requests[5], requests[4], 'the one that was carried out, with an answer that was lost')
  assert.equal(requests.length, 6 + 2)
  const ledger = await ledgerOf(stream, sent)
  none(ledger.missing, 'are missing')
  // Nobody can know that it was carried out: what was in it, and nothing else, is there twice.
  const twice = sent.slice(1_000 + 500, 1_000 + 1_000).map(({ n }) => n)
  assert.deepEqual(ledger.doubled, twice)
})

test('a writer that fails is taken up again from takePending()', async (t) => {
  const { put } = await readmeModule('PutRecords, and what to do with its reply')
  const stream = await KinesisStream.create(server.client(), 'taken-up', 2)
  const shards = await stream.shards()
  const draw = seeded(t, 15)
  const proxy = await Proxy.start(server.port, { isThrottled: () => draw.oneIn(4) })
  after(() => proxy.stop())
  const client = server.client(proxy.port)
  const sent = userRecords(draw, 2_000, shards)

  let accepted = 0
  let failures = 0
  let taken = 0
  while (accepted < sent.length) {
    const aggregates = new AggregateStream<Sent>({ shards, aggregationMaxCount: 30, highWaterMark: 2 })
    let inHand: PutRecordsEntry<Sent>[] = []
    const writing = async () => {
      for (const record of sent.slice(accepted)) {
        await new Promise<void>((resolve, reject) => aggregates.write(record, (error) => (error ? reject(error) : resolve())))
        accepted++
      }
      aggregates.end()
    }
    const putting = async () => {
      for await (const entry of aggregates) {
        inHand = [entry]
        const { FailedRecordCount } = await client.send(new PutRecordsCommand({ StreamName: stream.name, Records: inHand }))
        if (FailedRecordCount !== 0) throw new Error('throttled')
        inHand = []
      }
    }
    const outcomes = await Promise.allSettled([writing(), putting()])
    if (outcomes.every(({ status }) => status === 'fulfilled')) break
    failures++
    const pending = aggregates.takePending()
    taken += pending.length
    await put(client, stream.name, [...inHand, ...pending], shards)
  }
  t.diagnostic(`it failed ${failures} times, with ${taken} entries to be taken`)
  assert.ok(failures > 3 && taken > 0, 'it failed, and there was something to take')
  const ledger = await ledgerOf(stream, sent)
  none(ledger.missing, 'are missing')
  none(ledger.doubled, 'came more than once')
})

test('an entry that is too large goes in as it is once the stream takes it, and 10 MiB come out whole', async (t) => {
  const { put } = await readmeModule('PutRecords, and what to do with its reply')
  const stream = await KinesisStream.create(server.client(), 'large', 1)
  const shards = await stream.shards()
  const proxy = await Proxy.start(server.port, {
    beforePut: (request) => (request === 1 ? stream.updateMaxRecordSize(10_240) : undefined),
  })
  after(() => proxy.stop())
  const client = server.client(proxy.port)
  const maxRecordSize = 10_485_760
  const records = [1, 1_100_000, 1].map((length, n) => ({ partitionKey: `key ${n}`, data: Buffer.alloc(length, `${n}`) }))
  await put(client, stream.name, aggregate(records, { shards, maxRecordSize }), shards)
  const [first, second] = proxy.puts.map((entries) => entries.map(({ bytes }) => digest(bytes)))
  assert.equal(first!.length, 3)
  assert.deepEqual(second, first!.slice(1, 2), 'the large one again, and it alone')

  // This server counts a record's sequence number and time as well, and answers no more than 10 MiB: 128 bytes less.
  const aggregationMaxSize = maxRecordSize - 128
  const many = [4_000_000, 0, aggregationMaxSize - 4_000_100].map((length, n) => ({ partitionKey: `key ${n}`, data: Buffer.alloc(length, `${n}`) }))
  const [entry, ...others] = aggregate(many, { shards, maxRecordSize, aggregationMaxSize })
  assert.equal(others.length, 0)
  t.diagnostic(`an aggregate of ${entry!.Data.length} bytes`)
  assert.ok(entry!.size > aggregationMaxSize - 64 && entry!.size <= maxRecordSize, 'it is as large as it can be here')
  await put(client, stream.name, [entry], shards)

  const seen: [string, string][] = []
  for await (const records of shardRecords(server.client(), stream.name, shards[0]!.ShardId!)) {
    for (const record of deaggregate(records, { hashKeyRange: shards[0]!.HashKeyRange })) seen.push([record.partitionKey, digest(record.data)])
  }
  const expected = [records[0]!, records[2]!, records[1]!, ...many]
  assert.deepEqual(seen, expected.map(({ partitionKey, data }) => [partitionKey, digest(data)]))
})

/** How often each entry was refused, and taken. */
function fatesOf(puts: readonly WireEntry[][]) {
  const refusals = new Map<string, number>()
  const isTaken = new Map<string, number>()
  for (const { bytes, isRefused } of puts.flat()) {
    refusals.set(bytes, (refusals.get(bytes) ?? 0) + Number(isRefused))
    isTaken.set(bytes, (isTaken.get(bytes) ?? 0) + Number(!isRefused))
  }
  return { refusals, isTaken }
}

async function ledgerOf({ name }: KinesisStream, sent: readonly Sent[]): Promise<Ledger> {
  const ledger = new Ledger(sent)
  await readStream(server.client(), name, { isOver: () => true, byRange: true, onUserRecord: (record, shard) => ledger.see(record, shard) })
  return ledger
}

function digest(data: Uint8Array | string): string {
  return createHash('sha256').update(data).digest('hex')
}
