import { Transform } from 'node:stream'
import t from 'tap'
import { AggregateStream, type AggregateStreamOptions } from '../../lib/index.js'
import { turn } from '../../fixtures/streams.js'
import { contents } from '../../fixtures/writing.js'

const record = (partitionKey: string, data = '') => ({ partitionKey, data })

t.test("it is a Transform, and without options has Node's sizes for objects", (t) => {
  const stream = new AggregateStream()
  t.ok(stream instanceof Transform)
  t.same([stream.readableObjectMode, stream.writableObjectMode], [true, true])
  t.same([stream.readableHighWaterMark, stream.writableHighWaterMark], [16, 16])
  t.end()
})

t.test('the six options of streams reach Transform', async (t) => {
  const marks = (options: AggregateStreamOptions) => {
    const { readableHighWaterMark, writableHighWaterMark } = new AggregateStream(options)
    return [readableHighWaterMark, writableHighWaterMark]
  }
  t.same(marks({ highWaterMark: 3 }), [3, 3])
  t.same(marks({ readableHighWaterMark: 4 }), [4, 16])
  t.same(marks({ writableHighWaterMark: 5 }), [16, 5])
  t.same(marks({ highWaterMark: undefined, readableHighWaterMark: undefined, writableHighWaterMark: undefined }), [16, 16], 'undefined is the default')
  t.throws(() => new AggregateStream({ highWaterMark: -1 }), { code: 'ERR_INVALID_ARG_VALUE' }, "Node's own check")

  const kept = new AggregateStream({ autoDestroy: false })
  kept.end()
  kept.resume()
  await turn()
  await turn()
  t.equal(kept.readableEnded, true)
  t.equal(kept.destroyed, false, 'autoDestroy')

  const closes = { silent: 0, default: 0 }
  new AggregateStream({ emitClose: false }).on('close', () => closes.silent++).destroy()
  new AggregateStream({ emitClose: undefined, autoDestroy: undefined }).on('close', () => closes.default++).destroy()
  await turn()
  t.same(closes, { silent: 0, default: 1 }, 'emitClose')
})

t.test('signal: an abort destroys the stream with an AbortError', async (t) => {
  const abort = new AbortController()
  const stream = new AggregateStream({ signal: abort.signal })
  stream.write(record('a'))
  const ended = t.rejects(stream.toArray(), { name: 'AbortError' })
  abort.abort()
  await ended
  t.same(contents(stream.takePending()), [['a=']])
})

t.test('signal: one that was aborted before too', async (t) => {
  const stream = new AggregateStream({ signal: AbortSignal.abort() })
  const error = await new Promise<Error>((resolve) => stream.on('error', resolve))
  t.equal(error.name, 'AbortError')
  t.ok(stream.destroyed)
  t.same(stream.takePending(), [])
})

t.test('nothing else reaches Transform: not what would change what the stream is', async (t) => {
  const never = () => t.fail('called')
  const options = {
    objectMode: false, readableObjectMode: false, writableObjectMode: false, encoding: 'utf8', defaultEncoding: 'utf8', decodeStrings: true, allowHalfOpen: false,
    transform: never, flush: never, final: never, read: never, write: never, writev: never, destroy: never, construct: never,
  }
  const stream = new AggregateStream(options as AggregateStreamOptions)
  t.same([stream.readableObjectMode, stream.writableObjectMode, stream.allowHalfOpen], [true, true, true])
  for (const key of ['a', 'b', 'a']) stream.write(record(key))
  stream.end()
  t.same(contents(await stream.toArray()), [['a=', 'a='], ['b=']])
})

t.test("the caller's options are not changed, and may be frozen", async (t) => {
  const options = Object.freeze({ aggregationMaxSize: 1000, highWaterMark: 5, recordMaxBufferedTime: 5, groupBy: 'none', onRejected: () => undefined } as const)
  const before = { ...options }
  const streams = [new AggregateStream(options), new AggregateStream(options)]
  for (const stream of streams) {
    stream.end(record('a'))
    t.same(contents(await stream.toArray()), [['a=']])
  }
  t.strictSame({ ...options }, before)
})

t.test('they are read once, when the stream is made', async (t) => {
  const options = { aggregationMaxCount: 1, recordMaxBufferedTime: Infinity, onRejected: (): unknown => undefined }
  const stream = new AggregateStream(options)
  Object.assign(options, { aggregationMaxCount: 100, onRejected: () => t.fail('the later one') })
  stream.write(record(''))
  stream.write(record('a'))
  t.equal(stream.readableLength, 1)
  stream.destroy()
})
