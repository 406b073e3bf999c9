import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import t from 'tap'
import { AggregateStream, type AggregateStreamOptions, DeaggregateStream, type PutRecordsEntry, type UserRecord, aggregate } from '../../lib/index.js'
import { aggregateOf } from '../../fixtures/aggregates.js'
import { draw } from '../../fixtures/random.js'
import { slowSink, turn, waysToRead, watchWaiting } from '../../fixtures/streams.js'
import { contents, readBack, shown } from '../../fixtures/writing.js'

const record = (partitionKey: string, data = '') => ({ partitionKey, data })
const many = (count: number, keys: number) => Array.from({ length: count }, (_, n) => record(`${n % keys}`, `${n}`))

t.test('what leaves is what aggregate makes of the same records', async (t) => {
  const records = many(500, 7)
  for (const options of [{ aggregationMaxCount: 3 }, { aggregationMaxSize: 200 }, { groupBy: 'none', aggregationMaxSize: 100 }, { maxPendingBytes: 2000 }, { aggregationEnabled: false }] as const) {
    const stream = new AggregateStream({ ...options, recordMaxBufferedTime: Infinity })
    Readable.from(records).pipe(stream)
    t.same(contents(await stream.toArray()), contents(aggregate(records, options)), JSON.stringify(options))
  }
})

t.test('in pipeline, with iterables and functions around it', async (t) => {
  const records = many(100, 3)
  const entries: PutRecordsEntry[] = []
  await pipeline(records, new AggregateStream(), async (source: AsyncIterable<PutRecordsEntry>) => {
    for await (const entry of source) entries.push(entry)
  })
  t.equal(entries.length, 3)
  t.same(readBack(entries).sort(), records.map(shown).sort())
})

t.test('user records, read from aggregates, are written into others, and read from those', async (t) => {
  const members = Array.from({ length: 1000 }, (_, n) => ({ partitionKey: `${n % 5}`, data: `${n}`, explicitHashKey: n % 3 === 0 ? '7' : undefined }))
  const input = Array.from({ length: 50 }, (_, n) => aggregateOf(members.slice(n * 20, n * 20 + 20)))
  const seen: UserRecord[] = []
  await pipeline(input, new DeaggregateStream(), new AggregateStream<UserRecord>({ groupBy: 'none' }), new DeaggregateStream(), slowSink(seen))
  t.same(seen.map(shown), members.map(shown))
})

t.test('however it is read, and however little may wait, all entries come, in order, and the stream ends', async (t) => {
  const records = many(200, 4)
  for (const readableHighWaterMark of [1, 2, 16]) {
    for (const options of [{ aggregationMaxCount: 1 }, { aggregationMaxCount: 2, recordMaxBufferedTime: 0 }, { recordMaxBufferedTime: 1 }, { recordMaxBufferedTime: Infinity }] as AggregateStreamOptions[]) {
      for (const [way, read] of waysToRead<PutRecordsEntry>()) {
        const stream = new AggregateStream({ ...options, readableHighWaterMark })
        const most = watchWaiting(stream)
        Readable.from(records).pipe(stream)
        const { given, error } = await read(stream)
        const name = `${way}, ${readableHighWaterMark}, ${JSON.stringify(options)}`
        t.equal(error, undefined, name)
        const texts = readBack(given)
        const wrong = ['0', '1', '2', '3'].filter((key) => texts.filter((text) => text.startsWith(`${key}=`)).join() !== records.filter(({ partitionKey }) => partitionKey === key).map(shown).join())
        t.same(wrong, [], name)
        t.equal(texts.length, records.length, name)
        t.ok(most() <= readableHighWaterMark, `${name}: ${most()} waited`)
      }
    }
  }
})

t.test('a slow writer: what waits leaves meanwhile', async (t) => {
  const stream = new AggregateStream({ recordMaxBufferedTime: 0 })
  const seen: string[][] = []
  stream.on('data', (entry: PutRecordsEntry) => seen.push(...contents([entry])))
  for (const data of ['1', '2', '3']) {
    stream.write(record('a', data))
    await turn()
    await turn()
    t.same(seen.at(-1), [`a=${data}`])
  }
  stream.end()
})

t.test('while nobody reads, writers are held back', async (t) => {
  const stream = new AggregateStream({ aggregationMaxCount: 1, readableHighWaterMark: 3, writableHighWaterMark: 4 })
  const confirmed: number[] = []
  const taken = Array.from({ length: 20 }, (_, n) => stream.write(record('a', `${n}`), () => confirmed.push(n)))
  await turn()
  t.equal(stream.readableLength, 3)
  t.ok(taken.includes(false))
  t.ok(confirmed.length <= 4, `${confirmed.length} were confirmed`)
  const entries = []
  for await (const entry of stream) if (entries.push(entry) === 20) break
  t.same(readBack(entries), Array.from({ length: 20 }, (_, n) => `a=${n}`))
})

t.test('many records in one aggregate do not fill the readable side', async (t) => {
  const stream = new AggregateStream({ readableHighWaterMark: 1, writableHighWaterMark: 1, recordMaxBufferedTime: Infinity })
  for (let n = 0; n < 1000; n++) stream.write(record('a', 'x'))
  await turn()
  t.equal(stream.pendingRecords, 1000)
  t.equal(stream.readableLength, 0)
  stream.destroy()
})

t.test('pendingRecords and pendingBytes: what is in no entry yet', async (t) => {
  const stream = new AggregateStream({ recordMaxBufferedTime: Infinity, aggregationMaxCount: 2 })
  t.equal(stream.pendingBytes, 0)
  for (const key of ['a', 'b', 'a']) stream.write(record(key))
  t.equal(stream.pendingRecords, 1)
  t.equal(stream.pendingBytes, 541)
  t.equal(stream.readableLength, 1)
  stream.end()
  t.equal(stream.pendingRecords, 0)
  t.equal(stream.pendingBytes, 0)
  t.equal((await stream.toArray()).length, 2)
})

t.test("when a write's callback runs its data has been copied", async (t) => {
  const stream = new AggregateStream()
  const data = Buffer.from('before')
  await new Promise((resolve) => stream.write({ partitionKey: 'a', data }, resolve))
  data.fill('!')
  stream.end()
  t.same(contents(await stream.toArray()), [['a=before']])
})

t.test('random records, sizes and speeds: nothing lost, order kept', async (t) => {
  const random = draw(t, 20)
  for (let round = 0; round < 20; round++) {
    const records = Array.from({ length: 200 }, (_, n) => record(random.pick(['a', 'b', 'c']), `${n}${'x'.repeat(random.below(80))}`))
    const stream = new AggregateStream({
      highWaterMark: random.between(1, 5),
      recordMaxBufferedTime: random.pick([0, 0.5, 2, Infinity]),
      aggregationMaxSize: random.pick([150, 1000]),
      maxPendingBytes: random.pick([1000, 1e6]),
    })
    const source = Readable.from((async function* () {
      for (const record of records) {
        if (random.oneIn(10)) await turn()
        yield record
      }
    })())
    const seen: PutRecordsEntry[] = []
    await pipeline(source, stream, async (entries: AsyncIterable<PutRecordsEntry>) => {
      for await (const entry of entries) {
        seen.push(entry)
        if (random.oneIn(3)) await turn()
      }
    })
    const texts = readBack(seen)
    const wrong = ['a', 'b', 'c'].filter((key) => texts.filter((text) => text.startsWith(`${key}=`)).join() !== records.filter(({ partitionKey }) => partitionKey === key).map(shown).join())
    t.same(wrong, [], `round ${round}`)
  }
})
