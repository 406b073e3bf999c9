// Whoever is slow holds up whoever is fast: counted in user records, whatever the time it takes.
import assert from 'node:assert/strict'
import { PutRecordsCommand, type Shard, type _Record } from '@aws-sdk/client-kinesis'
import { Readable, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { after, before, test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { AggregateStream, DeaggregateStream, type PutRecordsEntry, type UserRecordInput, aggregate, decodeAggregate, putRecordsBatches } from 'kpl-codec'
import { type KinesisServer, startKinesis } from '../server/kinesis-server.js'
import { KinesisStream } from '../stream/kinesis-stream.js'
import { type Read, shardRecords } from '../stream/read-shards.js'

const COUNT = 4_000
const SHARDS = 2
/** User records in an aggregate, at the most and nearly always. */
const AGGREGATE = 20

let server: KinesisServer
let stream: KinesisStream
let shards: Shard[]
before(async () => {
  server = await startKinesis()
  stream = await KinesisStream.create(server.client(), 'back-pressure', SHARDS)
  shards = await stream.shards()
})
after(() => server.stop())

/** Objects that wait at each end of each stream. */
const highWaterMark = 4

interface Case {
  readonly what: string
  readonly makeSource: (records: AsyncIterable<UserRecordInput>) => AsyncIterable<UserRecordInput>
  /** Each user record's data. */
  readonly size: number
  /** What may gather besides the buffers, to be digested side by side. */
  readonly gathered: number
}

const cases: Case[] = [
  { what: 'a generator', makeSource: (records) => records, size: 20, gathered: 0 },
  // As many aggregates as have 1 MiB together.
  { what: 'a stream', makeSource: (records) => Readable.from(records, { highWaterMark }), size: 500, gathered: Math.ceil(2 ** 20 / 500) + AGGREGATE },
]
for (const { what, makeSource, size, gathered } of cases) {
  test(`while PutRecords is slow, no more user records are taken from ${what} than the buffers hold`, async (t) => {
    const client = server.client()
    let pulled = 0
    let put = 0
    let most = 0
    async function* source() {
      while (pulled < COUNT) {
        most = Math.max(most, ++pulled - put)
        yield { partitionKey: `key ${pulled % 100}`, data: Buffer.alloc(size, pulled) }
      }
    }
    await pipeline(
      makeSource(source()),
      new AggregateStream({ shards, aggregationMaxCount: AGGREGATE, highWaterMark }),
      new Writable({
        objectMode: true,
        highWaterMark,
        async writev(chunks: { chunk: PutRecordsEntry }[], done) {
          const entries = chunks.map(({ chunk }) => chunk)
          const reply = await client.send(new PutRecordsCommand({ StreamName: stream.name, Records: entries }))
          assert.equal(reply.FailedRecordCount, 0)
          put += entries.reduce((sum, { userRecords }) => sum + userRecords.length, 0)
          done()
        },
      }),
    )
    // Entries: in the writable, in the readable half, one between them. User records: in open aggregates, before them, in the source, in hand.
    const bound = AGGREGATE * (2 * highWaterMark + 1) + AGGREGATE * SHARDS + 2 * highWaterMark + 1 + gathered
    t.diagnostic(`of ${COUNT} user records at most ${most} were on the way, ${bound} can be`)
    assert.equal(put, COUNT)
    assert.ok(most <= bound, `${most} user records were on the way`)
    assert.ok(most > AGGREGATE * highWaterMark, 'the source was the faster one')
  })
}

test('while a consumer is slow, GetRecords waits, inside an aggregate too', async (t) => {
  const Limit = 2
  const { name } = await KinesisStream.create(server.client(), 'slow-consumer', 1)
  const records = Array.from({ length: 2_000 }, (_, n) => ({ partitionKey: `key ${n % 100}`, data: `${n}` }))
  const entries = aggregate(records, { groupBy: 'none', aggregationMaxCount: AGGREGATE })
  for (const Records of putRecordsBatches(entries)) await server.client().send(new PutRecordsCommand({ StreamName: name, Records }))
  let fetched = 0
  let consumed = 0
  let most = 0
  async function* source() {
    for await (const records of shardRecords(server.client(), name, 'shardId-000000000000', { Limit })) {
      for (const { Data } of records) fetched += decodeAggregate(Data!).records.length
      most = Math.max(most, fetched - consumed)
      yield records
    }
  }
  const deaggregated = new DeaggregateStream<_Record>({ highWaterMark: 1 })
  let waiting = 0
  await pipeline(source(), deaggregated, async (records: AsyncIterable<Read>) => {
    for await (const _ of records) {
      consumed++
      waiting = Math.max(waiting, deaggregated.readableLength)
      await setImmediate()
    }
  })
  t.diagnostic(`of ${fetched} user records at most ${most} were fetched and not consumed`)
  assert.deepEqual([fetched, consumed], [records.length, records.length])
  assert.equal(waiting, 1, 'user records that were taken out of their aggregate too early')
  // One reply that is taken apart and one before it; one user record out, and one in hand.
  assert.ok(most <= 2 * Limit * AGGREGATE + 2, `${most} user records were fetched ahead`)
})
