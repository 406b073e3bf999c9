import { getEventListeners, once } from 'node:events'
import { PassThrough, Readable, type Transform, finished } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import t from 'tap'
import { type KinesisInput, KplError, type UserRecord, DeaggregateStream, deaggregate } from '../../lib/index.js'
import { aggregateOf } from '../../fixtures/aggregates.js'
import { slowSink, turn } from '../../fixtures/streams.js'

// A stream that is left before its end closes what it was reading, tells no error
// whose turn has not come, and leaves no listener and no timer behind.

const aggregate = aggregateOf(Array.from({ length: 50 }, (_, n) => ({ partitionKey: 'a', data: String(n) })))

/** A chunk that tells what was done with it. */
function chunk(records: KinesisInput[]) {
  const calls = { pulled: 0, closed: 0 }
  const iterable = {
    [Symbol.iterator](): Iterator<KinesisInput> {
      const inner = records.values()
      return {
        next: () => (calls.pulled++, inner.next()),
        return: (value) => (calls.closed++, { done: true, value }),
      }
    },
  }
  return { calls, iterable }
}

const ways: [string, (stream: DeaggregateStream) => unknown][] = [
  ['destroy', (stream) => stream.destroy()],
  ['destroy with an error', (stream) => stream.on('error', () => {}).destroy(new Error('enough'))],
  ['leaving for await', async (stream) => { for await (const _ of stream) break }],
  ['a pipeline that is aborted', (stream) => pipeline(stream, slowSink([]), { signal: AbortSignal.abort() }).catch(() => {})],
  ['a sink that fails', (stream) => pipeline(stream, new PassThrough({ objectMode: true, transform: (_chunk, _encoding, done) => done(new Error('enough')) })).catch(() => {})],
  ['leaving an iterator helper', async (stream) => { for await (const _ of (stream as Readable).take(3)); }],
]

for (const [name, leave] of ways) {
  t.test(`${name} closes the chunk's iterator, once`, async (t) => {
    const stream = new DeaggregateStream({ readableHighWaterMark: 4 })
    const { calls, iterable } = chunk([Buffer.from('1'), aggregate, Buffer.from('2')])
    stream.write(iterable)
    await turn()
    t.same(calls, { pulled: 2, closed: 0 })
    await leave(stream)
    if (!stream.closed) await once(stream, 'close')
    t.ok(stream.destroyed)
    t.equal(calls.closed, 1)
    t.equal(calls.pulled, 2, 'nothing more is read')
    stream.destroy()
    await turn()
    t.equal(calls.closed, 1)
  })
}

t.test('a chunk that is at its end is not closed', async (t) => {
  const stream = new DeaggregateStream()
  const { calls, iterable } = chunk([Buffer.from('1')])
  stream.end(iterable)
  t.equal((await stream.toArray()).length, 1)
  t.same(calls, { pulled: 2, closed: 0 })
})

t.test("a bad record closes its chunk's iterator, once", async (t) => {
  const stream = new DeaggregateStream()
  const { calls, iterable } = chunk([Buffer.from('1'), { data: '!' }, Buffer.from('2')])
  stream.write(iterable)
  await t.rejects(stream.toArray(), { code: 'ERR_KPL_INVALID_BASE64' })
  await turn()
  t.same(calls, { pulled: 2, closed: 1 })
})

t.test('an error whose turn has not come is not told to whom leaves before', async (t) => {
  const leaveBefore: [string, (stream: DeaggregateStream) => unknown][] = [
    ['destroy', (stream) => stream.destroy()],
    ['leaving for await', async (stream) => { for await (const _ of stream) break }],
    ['leaving a take', async (stream) => { for await (const _ of (stream as Readable).take(1)); }],
    ['a pipeline whose function returns', (stream) => pipeline(stream as Readable, async (source: AsyncIterable<unknown>) => { for await (const _ of source) break })],
  ]
  for (const [name, leave] of leaveBefore) {
    const stream = new DeaggregateStream()
    const errors: unknown[] = []
    stream.on('error', (error) => errors.push(error))
    stream.write([Buffer.from('1'), Buffer.from('2'), { data: '!' }])
    await turn()
    await leave(stream)
    await turn()
    t.ok(stream.destroyed, name)
    // Node has an AbortError of its own for some of them.
    t.same(errors.filter((error) => error instanceof KplError), [], name)
  }
})

t.test("a chunk's iterator that fails to close is told", async (t) => {
  const failure = new Error('of the closing')
  const stream = new DeaggregateStream({ highWaterMark: 1 })
  stream.write({ [Symbol.iterator]: () => ({ next: () => ({ done: false, value: aggregate }), return() { throw failure } }) })
  stream.destroy()
  t.same(await once(stream, 'error'), [failure])
})

t.test('the error that destroys outlives one of the closing', async (t) => {
  const failure = new Error('enough')
  const stream = new DeaggregateStream({ highWaterMark: 1 })
  stream.write({ [Symbol.iterator]: () => ({ next: () => ({ done: false, value: aggregate }), return() { throw new Error('of the closing') } }) })
  stream.destroy(failure)
  t.same(await once(stream, 'error'), [failure])
})

t.test('destroyed from inside a callback, it reads nothing more', async (t) => {
  const bad = Array.from({ length: 10 }, () => ({ data: '!' }))
  const { calls, iterable } = chunk(bad)
  let told = 0
  const stream: DeaggregateStream = new DeaggregateStream({ onRejected: () => (told++, void stream.destroy()) })
  stream.write(iterable)
  await once(stream, 'close')
  t.equal(told, 1)
  t.same(calls, { pulled: 1, closed: 1 })
})

t.test("destroyed from inside a 'data' listener, it gives nothing more", async (t) => {
  const stream = new DeaggregateStream()
  const read: string[] = []
  stream.on('data', (record: UserRecord) => {
    read.push(record.text())
    if (read.length === 3) stream.destroy()
  })
  const { calls, iterable } = chunk([aggregate, aggregate])
  stream.write(iterable)
  await once(stream, 'close')
  t.same(read, ['0', '1', '2'])
  t.same(calls, { pulled: 1, closed: 1 })
})

t.test('no listener is left behind that Node itself would not leave', async (t) => {
  const run = async (stream: Transform, fails: boolean) => {
    const controller = new AbortController()
    const source = Readable.from(fails ? [aggregate, { data: '!' }] : [aggregate, aggregate])
    const sink = slowSink([])
    await pipeline(source, stream, sink, { signal: controller.signal }).catch(() => {})
    await turn()
    const count = (emitter: Readable | Transform | typeof sink) => emitter.eventNames().map((name) => `${String(name)} ${emitter.listenerCount(name)}`).sort()
    return { source: count(source), stream: count(stream), sink: count(sink), signal: getEventListeners(controller.signal, 'abort').length }
  }
  t.same(await run(new DeaggregateStream(), false), await run(new PassThrough({ objectMode: true }), false), 'at the end')
  const breaking = new PassThrough({ objectMode: true, transform: (record: { data?: string }, _encoding, done) => (record.data === '!' ? done(new Error('bad')) : done(null, record)) })
  t.same(await run(new DeaggregateStream(), true), await run(breaking, true), 'after an error')
})

t.test('its own signal is let go', async (t) => {
  for (const bad of [false, true]) {
    const { signal } = new AbortController()
    const stream = new DeaggregateStream({ signal })
    stream.end(bad ? { data: '!' } : aggregate)
    await stream.toArray().catch(() => {})
    await turn()
    t.equal(getEventListeners(signal, 'abort').length, 0)
  }
})

t.test('nothing keeps the process alive', async (t) => {
  const before = process.getActiveResourcesInfo().length
  const streams = Array.from({ length: 10 }, () => new DeaggregateStream())
  for (const stream of streams) stream.write(aggregate)
  await turn()
  t.equal(process.getActiveResourcesInfo().length, before)
  for (const stream of streams) stream.destroy()
})

t.test('deaggregate beside it: a pass left early is nothing to the stream', async (t) => {
  const records = deaggregate([aggregate, aggregate])
  const stream = Readable.from(records)
  const [first] = await stream.take(1).toArray()
  t.equal((first as UserRecord).text(), '0')
  t.equal([...records].length, 100)
})

t.test('destroyed in the middle: every write is told, the one at hand too', async (t) => {
  for (const cork of [false, true]) {
    const stream = new DeaggregateStream({ highWaterMark: 1 })
    const told: unknown[] = []
    if (cork) stream.cork()
    for (let n = 0; n < 4; n++) stream.write(Buffer.from('plain'), (error) => told.push(error))
    if (cork) process.nextTick(() => stream.uncork())
    await turn()
    const closed = new Promise((resolve) => finished(stream, resolve))
    stream.destroy()
    t.equal(stream.errored, null, 'it is no error of the stream')
    t.match(await closed, { code: 'ERR_STREAM_PREMATURE_CLOSE' }, 'and it ends as any stream that is destroyed')
    await turn()
    t.equal(told.length, 4)
    t.same(told.map((error) => (error as { code?: string } | null | undefined)?.code), Array(4).fill('ERR_KPL_INVALID_INPUT'))
  }
})
