// node:crypto refuses MD5 in FIPS mode. What cannot be digested is not handed out unfinished, and not lost.
import crypto from 'node:crypto'
import { once } from 'node:events'
import { syncBuiltinESMExports } from 'node:module'
import { Readable } from 'node:stream'
import t, { type Test } from 'tap'
import { AggregateStream, Aggregator, type PutRecordsEntry, type UserRecordInput, decodeAggregate } from '../../lib/index.js'
import { arrays } from '../../fixtures/collect.js'

const refusal = new Error('unsupported')
const records: UserRecordInput[] = Array.from({ length: 40 }, (_, n) => ({ partitionKey: `key ${n % 20}`, data: `record ${n}` }))
const options = { groupBy: 'none', aggregationMaxCount: 2 } as const

/** Makes MD5 fail until it is told to work again. */
function refuseMd5(t: Test): () => void {
  const { hash } = crypto
  const allow = () => {
    crypto.hash = hash
    syncBuiltinESMExports()
  }
  crypto.hash = (() => {
    throw refusal
  }) as never
  syncBuiltinESMExports()
  t.teardown(allow)
  return allow
}

/** The user records of entries, each entry with its right digest. */
function read(entries: PutRecordsEntry[]): string[] {
  return entries.flatMap(({ Data }) => decodeAggregate(Data).records.map(({ data }) => String(data)))
}

const all = records.map(({ data }) => data)

t.test('Aggregator: flush throws as often as it is called, and gives all once MD5 works', async (t) => {
  const aggregator = new Aggregator({ groupBy: 'none' })
  for (const record of records) aggregator.add(record)
  const allow = refuseMd5(t)
  for (let n = 0; n < 3; n++) t.throws(() => aggregator.flush(), refusal)
  t.equal(aggregator.pendingRecords, records.length)
  allow()
  t.same(read(aggregator.flush()), all)
})

t.test('Aggregator: nor are raw entries lost, which need no digest', async (t) => {
  const aggregator = new Aggregator()
  for (let n = 0; n < 20; n++) aggregator.add({ partitionKey: `lone ${n}`, data: '' })
  for (let n = 0; n < 2; n++) aggregator.add({ partitionKey: 'two', data: '' })
  const allow = refuseMd5(t)
  for (let n = 0; n < 3; n++) t.throws(() => aggregator.flush(), refusal)
  t.equal(aggregator.pendingRecords, 22)
  allow()
  t.equal(aggregator.flush().flatMap(({ userRecords }) => userRecords).length, 22)
})

t.test('AggregateStream: nor those that takePending has read before it fails', async (t) => {
  const stream = new AggregateStream({ recordMaxBufferedTime: Infinity })
  for (const partitionKey of ['lone 1', 'lone 2']) stream.write({ partitionKey, data: '' })
  await new Promise<void>((resolve) => stream.flush(() => resolve()))
  for (let n = 0; n < 2; n++) stream.write({ partitionKey: 'two', data: '' })
  const allow = refuseMd5(t)
  for (let n = 0; n < 2; n++) t.throws(() => stream.takePending(), refusal)
  allow()
  t.same(stream.takePending().map(({ userRecords }) => userRecords.length), [1, 1, 2])
  stream.destroy()
})

t.test('Aggregator: what waits to be digested is in memory once', async (t) => {
  const aggregator = new Aggregator()
  const before = arrays()
  for (let n = 0; n < 32; n++) aggregator.add({ partitionKey: `key ${n % 16}`, data: 'x'.repeat(15_000) })
  refuseMd5(t)
  t.throws(() => aggregator.flush(), refusal)
  const kept = arrays() - before
  t.ok(kept < 1.2 * aggregator.pendingBytes, `${kept} bytes for ${aggregator.pendingBytes}`)
})

t.test('Aggregator: of many that are complete together, none comes out unfinished; an add that throws has taken nothing', async (t) => {
  const aggregator = new Aggregator({ aggregationMaxCount: 2 })
  for (const record of records.slice(0, 20)) aggregator.add(record)
  const allow = refuseMd5(t)
  t.same(aggregator.add(records[20]!), [], 'it is taken, and completes an aggregate that is told of by the next call')
  for (let n = 0; n < 3; n++) t.throws(() => aggregator.add(records[21]!), refusal)
  t.equal(aggregator.pendingRecords, 21)
  allow()
  const entries = [...records.slice(21).flatMap((record) => aggregator.add(record)), ...aggregator.flush()]
  t.same(read(entries).sort(), [...all].sort())
})

for (const [way, feed] of [
  ['piped to', (stream) => void Readable.from(records).pipe(stream)],
  ['written to', (stream) => records.forEach((record) => stream.write(record))],
  ['whose timer is due', (stream) => void stream.write(records[0]!)],
] as [string, (stream: AggregateStream) => void][]) {
  t.test(`AggregateStream ${way}: it fails with the error, and takePending gives all once MD5 works`, async (t) => {
    const isDue = way.includes('timer')
    const stream = new AggregateStream(isDue ? { groupBy: 'none', loneRecord: 'wrap', recordMaxBufferedTime: 1 } : options)
    const allow = refuseMd5(t)
    stream.resume()
    feed(stream)
    const [error] = await once(stream, 'error')
    t.equal(error, refusal)
    t.throws(() => stream.takePending(), refusal)
    allow()
    const taken = read(stream.takePending())
    t.ok(taken.length > 0)
    t.same(taken, all.slice(0, taken.length), 'what was accepted')
  })
}
