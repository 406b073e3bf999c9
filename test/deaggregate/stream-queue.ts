import { once } from 'node:events'
import { PassThrough, Readable } from 'node:stream'
import t from 'tap'
import { DeaggregateStream, type DeaggregateStreamOptions, type KinesisInput, type UserRecord } from '../../lib/index.js'
import { md5Many } from '../../lib/digest/md5-many.js'
import { aggregateOf, frame } from '../../fixtures/aggregates.js'
import { type Draw, draw } from '../../fixtures/random.js'
import { line, lines } from '../../fixtures/reading.js'
import { turn, waysToRead, watchWaiting } from '../../fixtures/streams.js'

// Chunks that are queued are read together, and give what they give one by one.

type Chunk = KinesisInput | Iterable<KinesisInput>

const aggregate = (name: string, count: number) => aggregateOf(Array.from({ length: count }, (_, n) => ({ partitionKey: 'a', data: `${name}.${n}` })))
const plain = (text: string) => Buffer.from(text)
const bad = { Data: frame(plain('garbage')), SequenceNumber: '49' }

md5Many([Buffer.alloc(2 ** 21), Buffer.alloc(2 ** 21), Buffer.alloc(2 ** 21)])

/** Chunks of every kind, made anew at each call, and the records that they hold. */
function chunksOf(draw: Draw): { chunks: () => Chunk[]; records: KinesisInput[] } {
  let n = 0
  const record = () => (draw.oneIn(3) ? plain(`plain ${n++}`) : { Data: aggregate(String(n++), draw.between(1, 6)), SequenceNumber: String(n) })
  const parts = Array.from({ length: draw.between(1, 12) }, () => ({ kind: draw.below(6), records: Array.from({ length: draw.pick([1, 1, 2, 5, 20]) }, record) }))
  const chunks = () => parts.flatMap(({ kind, records }): Chunk[] => {
    if (kind < 3) return records
    if (kind === 3) return [[], records]
    if (kind === 4) return [(function* () { yield* records })()]
    return [new Set(records), new Set<KinesisInput>()]
  })
  return { chunks, records: parts.flatMap(({ records }) => records) }
}

/** Ways in which chunks come to wait in a queue. Each ends the stream. */
const ways: [name: string, write: (stream: DeaggregateStream, chunks: Chunk[], callback: (n: number, error: unknown) => void) => void][] = [
  ['written one behind the other', (stream, chunks, callback) => {
    for (const [n, chunk] of chunks.entries()) stream.write(chunk, (error: unknown) => callback(n, error))
    stream.end()
  }],
  ['corked', (stream, chunks, callback) => {
    stream.cork()
    for (const [n, chunk] of chunks.entries()) stream.write(chunk, (error: unknown) => callback(n, error))
    stream.uncork()
    stream.end()
  }],
  ['corked until the end', (stream, chunks, callback) => {
    stream.cork()
    for (const [n, chunk] of chunks.entries()) stream.write(chunk, (error: unknown) => callback(n, error))
    stream.end()
  }],
  ['corked some at a time, in different ticks', async (stream, chunks, callback) => {
    for (let from = 0; from < chunks.length; from += 5) {
      stream.cork()
      for (const [n, chunk] of chunks.slice(from, from + 5).entries()) stream.write(chunk, (error: unknown) => callback(from + n, error))
      process.nextTick(() => stream.uncork())
      await turn()
    }
    stream.end()
  }],
  ['piped', (stream, chunks, callback) => {
    Readable.from(chunks).pipe(stream)
    for (const n of chunks.keys()) callback(n, null)
  }],
  ['piped from a source that gives all in one tick', (stream, chunks, callback) => {
    const source = new PassThrough({ objectMode: true, highWaterMark: 1000 })
    for (const [n, chunk] of chunks.entries()) source.write(chunk, (error) => callback(n, error))
    source.end()
    source.pipe(stream)
  }],
]

for (const [name, write] of ways) {
  t.test(`${name}: all records, in order, never more waiting than may, and every callback once`, async (t) => {
    const random = draw(t, 61)
    for (const highWaterMark of [1, 2, 16, 1000]) {
      for (const [way, read] of waysToRead<UserRecord>()) {
        const { chunks, records } = chunksOf(random)
        const stream = new DeaggregateStream({ readableHighWaterMark: highWaterMark, writableHighWaterMark: random.pick([1, 3, 16, 1000]) })
        const mostWaiting = watchWaiting(stream)
        const told: number[] = []
        const all = chunks()
        write(stream, all, (n, error) => told.push(error ? NaN : n))
        const { given, error } = await read(stream)
        const label = `${way}, highWaterMark ${highWaterMark}`
        t.same(given.map(line), lines(records), label)
        t.equal(error, undefined)
        t.ok(mostWaiting() <= highWaterMark, `${mostWaiting()} waited: ${label}`)
        // Their order is Node's, which tells of some at the end of the tick only.
        t.same(told.sort((a, b) => a - b), [...all.keys()], `callbacks: ${label}`)
      }
    }
  })

  t.test(`${name}: an error in the middle comes behind all before it, wherever it stands`, async (t) => {
    const own = new Error('of an iterator')
    const faults: [string, Chunk, unknown][] = [
      ['a record', bad, { code: 'ERR_KPL_MALFORMED', sequenceNumber: '49' }],
      ['what is none', 5 as never, { code: 'ERR_KPL_INVALID_INPUT' }],
      ['in an array', [plain('in'), bad, plain('behind')], { code: 'ERR_KPL_MALFORMED' }],
      ['in a generator', (function* () { yield plain('in'); throw own })(), own],
      ['of an accessor', { get Data(): never { throw own } }, own],
    ]
    for (const [fault, chunk, expected] of faults) {
      for (const at of [0, 1, 5]) {
        for (const [way, read] of waysToRead<UserRecord>()) {
          const before = ['a', 'b', 'c', 'd', 'e'].slice(0, at).map((name) => aggregate(name, 2))
          const told: unknown[] = []
          // Its iterator gives once only.
          const again = fault === 'in a generator' ? (function* () { yield plain('in'); throw own })() : chunk
          const stream = new DeaggregateStream({ readableHighWaterMark: 4 })
          const seen = read(stream)
          write(stream, [...before, again, aggregate('z', 2)], (n) => told.push(n))
          const { given, error } = await seen
          const rest = fault.startsWith('in ') ? [...before, plain('in')] : before
          t.same(given.map(line), lines(rest), `${fault} behind ${at}: ${way}`)
          t.match(error, expected as object)
          t.equal(new Set(told).size, told.length, 'no callback twice')
        }
      }
    }
  })
}

t.test('writes that wait together are told together, of the failure if one of them fails', async (t) => {
  const codesOf = async (isCorked: boolean) => {
    const stream = new DeaggregateStream()
    const closed = new Promise((resolve) => stream.on('close', resolve))
    const told: unknown[] = []
    stream.resume().on('error', () => {})
    if (isCorked) stream.cork()
    for (const chunk of [plain('a'), plain('b'), bad]) {
      stream.write(chunk, (error) => told.push((error as { code?: string } | null | undefined)?.code))
      if (!isCorked) await turn()
    }
    if (isCorked) stream.uncork()
    await closed
    return told
  }
  t.same(await codesOf(true), Array(3).fill('ERR_KPL_MALFORMED'))
  t.same(await codesOf(false), [undefined, undefined, 'ERR_KPL_MALFORMED'])
})

t.test('onRejected takes what is wrong in a queue, in its turn', async (t) => {
  const log: string[] = []
  const stream = new DeaggregateStream({ onRejected: (error, source) => log.push(`${error.code} ${source === bad}`) })
  stream.on('data', (record: UserRecord) => log.push(record.text()))
  stream.cork()
  for (const chunk of [aggregate('a', 2), bad, 5 as never, [plain('b'), bad], plain('c')]) stream.write(chunk)
  stream.end()
  await once(stream, 'end')
  // What is read is told of a little later: only what each of the two kinds tells among its own is fixed.
  t.same(log.filter((text) => text.startsWith('ERR')), ['ERR_KPL_MALFORMED true', 'ERR_KPL_INVALID_INPUT false', 'ERR_KPL_MALFORMED true'])
  t.same(log.filter((text) => !text.startsWith('ERR')), ['a.0', 'a.1', 'b', 'c'])
})

/** A lazy chunk that tells what was done with it. */
function watched(records: KinesisInput[]) {
  const calls = { opened: 0, pulled: 0, closed: 0 }
  return {
    calls,
    [Symbol.iterator](): Iterator<KinesisInput> {
      calls.opened++
      const inner = records.values()
      return { next: () => (calls.pulled++, inner.next()), return: (value) => (calls.closed++, { done: true, value }) }
    },
  }
}

t.test('destroyed half-way through a queue: what was begun is closed, what was not is left alone', async (t) => {
  for (const destroy of [(stream: DeaggregateStream) => stream.destroy(), (stream: DeaggregateStream) => stream.on('error', () => {}).destroy(new Error('own'))]) {
    for (const read of [0, 1, 4]) {
      const [first, second] = [watched([plain('0'), aggregate('1', 9)]), watched([plain('2')])]
      const stream = new DeaggregateStream({ readableHighWaterMark: 1 })
      stream.cork()
      for (const chunk of [plain('x'), first, plain('y'), second, aggregate('z', 3)]) stream.write(chunk)
      stream.uncork()
      await turn()
      for (let n = 0; n < read; n++) t.ok(stream.read())
      const wasOpened = first.calls.opened
      destroy(stream)
      await new Promise((resolve) => stream.on('close', resolve))
      t.equal(wasOpened, read === 0 ? 0 : 1)
      t.equal(first.calls.closed, wasOpened)
      t.same(second.calls, { opened: 0, pulled: 0, closed: 0 })
    }
  }
})

t.test('an error half-way through a queue closes what was begun, and begins nothing more', async (t) => {
  const [first, second] = [watched([plain('0'), bad, plain('1')]), watched([plain('2')])]
  const stream = new DeaggregateStream()
  stream.cork()
  for (const chunk of [first, second]) stream.write(chunk)
  stream.uncork()
  await t.rejects(stream.toArray(), { code: 'ERR_KPL_MALFORMED' })
  t.same(first.calls, { opened: 1, pulled: 2, closed: 1 })
  t.same(second.calls, { opened: 0, pulled: 0, closed: 0 })
})

/** How many records were looked at when the first was read. */
async function ahead(chunkOf: (inputs: KinesisInput[]) => Chunk[], write: (stream: DeaggregateStream, chunks: Chunk[]) => void, options: DeaggregateStreamOptions = {}) {
  let looks = 0
  const Data = aggregate('a', 2)
  const inputs = Array.from({ length: 50 }, () => ({ get Data() { looks++; return Data } }))
  const stream = new DeaggregateStream({ readableHighWaterMark: 1, writableHighWaterMark: 100, ...options })
  write(stream, chunkOf(inputs))
  await turn()
  const most = looks
  stream.destroy()
  return most
}

t.test('single records that are queued or piped are looked ahead into like a list; lazy chunks are not', async (t) => {
  const corked = (stream: DeaggregateStream, chunks: Chunk[]) => {
    stream.cork()
    for (const chunk of chunks) stream.write(chunk)
    stream.uncork()
  }
  const piped = (stream: DeaggregateStream, chunks: Chunk[]) => void Readable.from(chunks, { highWaterMark: 100 }).pipe(stream)
  const given = (stream: DeaggregateStream, chunks: Chunk[]) => {
    const source = new PassThrough({ objectMode: true, highWaterMark: 100 })
    for (const chunk of chunks) source.write(chunk)
    source.pipe(stream)
  }
  t.equal(await ahead((inputs) => inputs, corked), 16)
  t.equal(await ahead((inputs) => inputs, given), 16)
  t.equal(await ahead((inputs) => [inputs], (stream, [chunk]) => stream.write(chunk!)), 16, 'an array')
  t.equal(await ahead((inputs) => [...inputs.slice(0, 5), inputs.slice(5)], corked), 5, 'not beyond an array that follows')
  t.equal(await ahead((inputs) => [inputs.values()], corked), 1)
  t.equal(await ahead((inputs) => [inputs.values()], piped), 1)
  t.equal(await ahead((inputs) => inputs.map((input) => new Set([input])), corked), 1)
})

t.test("corks of the program's own hold what is piped in, and what is written to a stream that was piped to is read", async (t) => {
  const stream = new DeaggregateStream()
  const source = new PassThrough({ objectMode: true })
  source.pipe(stream)
  stream.cork()
  source.write(plain('1'))
  await turn()
  t.equal(stream.readableLength, 0)
  stream.uncork()
  await turn()
  t.equal(stream.read()?.text(), '1')
  source.unpipe(stream)
  stream.write(plain('2'))
  t.equal(stream.writableCorked, 1)
  await turn()
  t.equal(stream.writableCorked, 0)
  t.equal(stream.read()?.text(), '2')
  stream.write(plain('3'))
  stream.end(plain('4'))
  t.same((await stream.toArray()).map((record: UserRecord) => record.text()), ['3', '4'])
})

t.test('a stream that was never piped to reads what is written at once', (t) => {
  const stream = new DeaggregateStream()
  stream.write(plain('1'))
  t.equal(stream.readableLength, 1)
  stream.destroy()
  t.end()
})

t.test('destroyed, or its source gone, between a write that is piped and the end of the tick', async (t) => {
  for (const leave of [(stream: DeaggregateStream) => stream.destroy(), (_: DeaggregateStream, source: PassThrough) => source.destroy()]) {
    const source = new PassThrough({ objectMode: true })
    const stream = new DeaggregateStream()
    source.pipe(stream)
    await turn()
    source.on('data', () => leave(stream, source))
    source.write(plain('1'))
    await turn()
    t.equal(stream.writableCorked, 0)
    t.equal(stream.destroyed || stream.read()?.text() === '1', true)
    stream.destroy()
  }
})

t.test('sources piped in one behind the other', async (t) => {
  const stream = new DeaggregateStream({ highWaterMark: 2 })
  const read = stream.toArray()
  for (const name of ['a', 'b', 'c']) {
    const source = Readable.from(Array.from({ length: 10 }, (_, n) => aggregate(`${name}${n}`, 2)))
    source.pipe(stream, { end: false })
    await once(source, 'end')
  }
  stream.end()
  const expected = ['a', 'b', 'c'].flatMap((name) => Array.from({ length: 10 }, (_, n) => [`${name}${n}.0`, `${name}${n}.1`]).flat())
  t.same((await read).map((record: UserRecord) => record.text()), expected)
})

t.test('write says when to wait, and drain when to go on, with a queue too', async (t) => {
  const stream = new DeaggregateStream({ readableHighWaterMark: 1, writableHighWaterMark: 3 })
  stream.cork()
  t.same(['a', 'b', 'c', 'd'].map((name) => stream.write(aggregate(name, 2))), [true, true, false, false])
  stream.uncork()
  let drained = 0
  stream.on('drain', () => drained++)
  for (let n = 0; n < 8; n++) {
    await turn()
    t.ok(stream.read())
    if (n === 5) t.equal(drained, 0)
  }
  await turn()
  t.equal(drained, 1)
  stream.destroy()
})
