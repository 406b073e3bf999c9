import { once } from 'node:events'
import { Readable, type Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import t from 'tap'
import { type KinesisInput, type KplError, type UserRecord, DeaggregateStream } from '../../lib/index.js'
import { aggregateOf, bytes, frame, number, record } from '../../fixtures/aggregates.js'
import { line, lines } from '../../fixtures/reading.js'
import { slowSink, turn, waysToRead } from '../../fixtures/streams.js'

// Everything decoded before a failing record is read out of the stream first,
// then the stream fails, in that record's turn.

const aggregate = aggregateOf(Array.from({ length: 50 }, (_, n) => ({ partitionKey: 'a', data: String(n) })))
const bad = { Data: frame(bytes(1, 'a'), record(number(1, 1), bytes(3, 'x'))), SequenceNumber: '49' }
const before: KinesisInput[] = [Buffer.from('first'), aggregate, Buffer.from('second')]
const records: KinesisInput[] = [...before, bad, Buffer.from('behind')]
const all = lines(before)

const cuts: [string, (KinesisInput | KinesisInput[])[]][] = [
  ['a chunk each', records],
  ['all in one chunk', [records]],
  ['the bad one first in its chunk', [before, [bad, Buffer.from('behind')]]],
]

for (const [cut, chunks] of cuts) {
  for (const highWaterMark of [1, 2, 16, 52, 1000]) {
    t.test(`an error in the middle, ${cut}, highWaterMark ${highWaterMark}: every record before it is read first`, async (t) => {
      for (const [way, read] of waysToRead<UserRecord>()) {
        const stream = new DeaggregateStream({ highWaterMark })
        Readable.from(chunks).pipe(stream)
        const { given, error } = await read(stream)
        t.same(given.map(line), all, way)
        t.match(error, { code: 'ERR_KPL_MALFORMED', sequenceNumber: '49' }, way)
      }
    })
  }

  t.test(`an error in the middle, ${cut}: a pipeline's slow sink of highWaterMark 1 gets every record before it`, async (t) => {
    for (const highWaterMark of [1, 2, 16, 1000]) {
      const seen: UserRecord[] = []
      const sink = slowSink(seen)
      await t.rejects(pipeline(Readable.from(chunks), new DeaggregateStream({ highWaterMark }), sink), { code: 'ERR_KPL_MALFORMED' })
      // The last one is in the sink's hands when the pipeline fails.
      await turn()
      t.same(seen.map(line), all)
      t.ok(sink.destroyed)
    }
  })

  t.test(`an error in the middle, ${cut}: a pipeline that ends in an async function gets them too`, async (t) => {
    const seen: UserRecord[] = []
    const consume = async (source: AsyncIterable<UserRecord>) => {
      for await (const record of source) {
        await turn()
        seen.push(record)
      }
    }
    await t.rejects(pipeline(Readable.from(chunks), new DeaggregateStream() as Transform, consume), { code: 'ERR_KPL_MALFORMED' })
    // As with the sink: the function has been given the last one, and still has it in hand.
    await turn()
    t.same(seen.map(line), all)
  })
}

t.test('the stream does not fail before everything is read, however long that takes', async (t) => {
  const stream = new DeaggregateStream()
  let error: unknown
  stream.on('error', (thrown) => (error = thrown))
  stream.write([Buffer.from('1'), Buffer.from('2'), bad])
  for (let n = 0; n < 20; n++) await turn()
  t.equal(stream.readableLength, 2)
  t.equal(error, undefined)
  t.notOk(stream.destroyed)
  t.equal(stream.read()?.text(), '1')
  await turn()
  t.equal(error, undefined)
  t.equal(stream.read()?.text(), '2')
  await turn()
  t.match(error, { code: 'ERR_KPL_MALFORMED' })
  t.ok(stream.destroyed)
  t.equal(stream.read(), null)
})

t.test('an error of the very first record', async (t) => {
  for (const [way, read] of waysToRead<UserRecord>()) {
    for (const chunk of [bad, [bad], [bad, Buffer.from('behind')]]) {
      const stream = new DeaggregateStream()
      stream.write(chunk)
      const { given, error } = await read(stream)
      t.equal(given.length, 0, way)
      t.match(error, { code: 'ERR_KPL_MALFORMED' })
    }
  }
})

t.test('it fails also where nobody reads, once nothing waits', async (t) => {
  const stream = new DeaggregateStream()
  stream.write(bad)
  const [error] = (await once(stream, 'error')) as [KplError]
  t.equal(error.code, 'ERR_KPL_MALFORMED')
})

t.test('the write whose chunk fails is told so, those before it are not, those behind it are', async (t) => {
  const told: string[] = []
  const stream = new DeaggregateStream()
  const note = (name: string) => (error?: Error | null) => told.push(`${name} ${(error as { code?: string } | null | undefined)?.code ?? 'written'}`)
  stream.write(Buffer.from('1'), note('first'))
  stream.write([Buffer.from('2'), bad], note('bad'))
  stream.write(Buffer.from('3'), note('behind'))
  await t.rejects((async () => { for await (const _ of stream); })(), { code: 'ERR_KPL_MALFORMED' })
  await turn()
  t.match(told, ['first written', 'bad ERR_KPL_MALFORMED', /^behind ERR_/])
  t.equal(told.length, 3)
})

t.test('errors are told through the stream, never thrown by write', async (t) => {
  const stream = new DeaggregateStream()
  const seen: unknown[] = []
  stream.on('error', (error) => seen.push(error))
  t.doesNotThrow(() => stream.write(bad))
  await turn()
  t.match(seen, [{ code: 'ERR_KPL_MALFORMED' }])
})

t.test('with onRejected the stream goes on behind a bad record', async (t) => {
  const rejected: unknown[] = []
  const stream = new DeaggregateStream({ highWaterMark: 1, onRejected: (error, source) => rejected.push([error.code, source]) })
  stream.write([bad, Buffer.from('1'), bad])
  stream.write(bad)
  stream.end(Buffer.from('2'))
  t.same((await stream.toArray() as UserRecord[]).map((r) => r.text()), ['1', '2'])
  t.same(rejected, [['ERR_KPL_MALFORMED', bad], ['ERR_KPL_MALFORMED', bad], ['ERR_KPL_MALFORMED', bad]])
})

const range = { startingHashKey: '0', endingHashKey: '0' }
const failure = new Error('of the callback')
const fail = () => { throw failure }
const thrower = (thrown: unknown) => ({ *[Symbol.iterator](): Generator<KinesisInput> {
  yield Buffer.from('second')
  throw thrown
} })

const failing: [string, DeaggregateStream, unknown, KinesisInput | Iterable<KinesisInput>][] = [
  ['onRejected', new DeaggregateStream({ onRejected: fail }), failure, [Buffer.from('second'), bad]],
  ['onHidden', new DeaggregateStream({ hashKeyRange: range, onHidden: fail }), failure, [Buffer.from('second'), aggregate]],
  ["a chunk's iterator", new DeaggregateStream(), failure, thrower(failure)],
  ["a chunk's iterator, though it is no Error,", new DeaggregateStream(), 'a text', thrower('a text')],
  ...[undefined, null, 0, '', false].map((nothing): (typeof failing)[number] => [
    `a chunk's iterator, though it is ${JSON.stringify(nothing)},`,
    new DeaggregateStream(),
    Error,
    thrower(nothing),
  ]),
]

for (const [name, stream, expected, chunk] of failing) {
  t.test(`what ${name} throws destroys the stream, behind what came before`, async (t) => {
    const read: string[] = []
    let error: unknown
    stream.write(Buffer.from('first'))
    stream.write(chunk)
    try {
      for await (const r of stream) read.push(r.text())
    } catch (thrown) {
      error = thrown
    }
    t.same(read, ['first', 'second'])
    if (expected === Error) t.ok(error instanceof Error, 'what is nothing to a stream becomes an Error')
    else t.equal(error, expected)
    t.ok(stream.destroyed)
  })
}

t.test('a chunk whose iterator cannot be had fails like a bad record', async (t) => {
  const stream = new DeaggregateStream()
  stream.write(Buffer.from('first'))
  stream.write({ [Symbol.iterator]: (): Iterator<Buffer> => { throw failure } })
  const read: string[] = []
  await t.rejects((async () => { for await (const r of stream) read.push(r.text()) })(), failure)
  t.same(read, ['first'])
})
