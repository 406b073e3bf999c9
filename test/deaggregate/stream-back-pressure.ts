import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import t from 'tap'
import { type KinesisInput, type UserRecord, DeaggregateStream } from '../../lib/index.js'
import { aggregateOf, bytes, frame, number, record } from '../../fixtures/aggregates.js'
import { draw } from '../../fixtures/random.js'
import { slowSink, turn, waysToRead, watchWaiting } from '../../fixtures/streams.js'

// At most `readableHighWaterMark` user records wait to be read: the stream pauses
// inside an aggregate.

const big = aggregateOf(Array.from({ length: 300 }, (_, n) => ({ partitionKey: 'a', data: String(n) })))
const plain = Array.from({ length: 100 }, (_, n) => Buffer.from(String(n)))

const loads: [string, (KinesisInput | KinesisInput[])[], number][] = [
  ['one aggregate', [big], 300],
  ['many plain records, one a chunk', plain, 100],
  ['many plain records in one chunk', [plain], 100],
  ['aggregates and plain records by turns', [big, plain[0]!, [plain[1]!, big], plain[2]!], 603],
]

for (const [name, chunks, count] of loads) {
  t.test(`${name}: never more wait than may`, async (t) => {
    for (const readableHighWaterMark of [1, 2, 16, 64]) {
      for (const [way, read] of waysToRead<UserRecord>()) {
        const stream = new DeaggregateStream({ readableHighWaterMark, writableHighWaterMark: 1000 })
        const mostWaiting = watchWaiting(stream)
        for (const chunk of chunks) stream.write(chunk)
        stream.end()
        await turn()
        t.equal(stream.readableLength, Math.min(readableHighWaterMark, count), `${readableHighWaterMark} wait before anybody reads`)
        const { given } = await read(stream)
        t.equal(given.length, count, way)
        t.ok(mostWaiting() <= readableHighWaterMark, `${mostWaiting()} of at most ${readableHighWaterMark}: ${way}`)
      }
    }
  })
}

t.test('the writing side feels it: write says false, and drain comes once all is taken', async (t) => {
  const stream = new DeaggregateStream({ highWaterMark: 1 })
  t.equal(stream.write(big), false)
  let drained = false
  stream.on('drain', () => (drained = true))
  for (let n = 0; n < 299; n++) {
    await turn()
    t.equal(stream.read()?.text(), String(n))
    if (n === 150) t.notOk(drained, 'not in the middle of the aggregate')
  }
  t.equal(stream.read()?.text(), '299')
  await turn()
  t.ok(drained)
  stream.destroy()
})

t.test('a reader that takes random numbers of records at random times', async (t) => {
  const next = draw(t, 7)
  const stream = new DeaggregateStream({ readableHighWaterMark: 8 })
  const mostWaiting = watchWaiting(stream)
  Readable.from([big, plain[0]!, big, [plain[1]!, plain[2]!, big]]).pipe(stream)
  let count = 0
  let ended = false
  stream.on('end', () => (ended = true))
  while (!ended) {
    for (let n = next.below(12); n > 0; n--) if (stream.read() !== null) count++
    if (next.oneIn(2)) await turn()
    stream.read(0)
    if (stream.readableLength === 0) await turn()
    if (stream.read() !== null) count++
  }
  t.equal(count, 903)
  t.ok(mostWaiting() <= 8)
})

t.test('a million user records of one aggregate reach a slow reader a few at a time', async (t) => {
  const count = 1_000_000
  const one = record(number(1, 0), bytes(3, 'x'))
  const million = frame(bytes(1, 'a'), Buffer.alloc(count * one.length, one))
  const stream = new DeaggregateStream({ highWaterMark: 16 })
  const mostWaiting = watchWaiting(stream)
  stream.end(million)
  let n = 0
  let wrong = 0
  while (n < count) {
    const record = stream.read()
    if (record === null || n % 1000 === 0) await turn()
    if (record === null) continue
    if (record.subSequenceNumber !== n++ || record.last !== (n === count)) wrong++
  }
  t.equal(n, count)
  t.equal(wrong, 0)
  t.ok(mostWaiting() <= 16, `${mostWaiting()} waited at the most`)
})

t.test('a pipeline of more chunks than the stream takes at once comes to its end, whatever the marks', async (t) => {
  for (const readableHighWaterMark of [1, 2, 3, 16]) {
    for (const writableHighWaterMark of [1, 2, 16]) {
      for (const size of [1, 2, 3, 5, 16, 17, 50]) {
        const chunk = aggregateOf(Array.from({ length: size }, (_, n) => ({ partitionKey: 'a', data: String(n) })))
        const seen: UserRecord[] = []
        const stream = new DeaggregateStream({ readableHighWaterMark, writableHighWaterMark })
        const mostWaiting = watchWaiting(stream)
        await pipeline(Readable.from(new Array<Buffer>(20).fill(chunk)), stream, slowSink(seen))
        const name = `${size} in each, marks ${readableHighWaterMark} and ${writableHighWaterMark}`
        t.equal(seen.length, 20 * size, name)
        t.ok(mostWaiting() <= readableHighWaterMark, name)
      }
    }
  }
})
