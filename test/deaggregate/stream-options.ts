import { once } from 'node:events'
import t from 'tap'
import { type DeaggregateStreamOptions, DeaggregateStream } from '../../lib/index.js'
import { aggregateOf, frame } from '../../fixtures/aggregates.js'
import { caught, line } from '../../fixtures/reading.js'
import { turn } from '../../fixtures/streams.js'

// Beside its own options a stream takes six of Transform's; nothing else reaches
// it, and the caller's object is not changed.

const pair = aggregateOf([{ partitionKey: 'a', data: 'x' }, { partitionKey: 'a', data: 'y' }])

t.test('its own options are those of deaggregate', async (t) => {
  const hidden: number[] = []
  const stream = new DeaggregateStream({
    after: { sequenceNumber: '5', subSequenceNumber: 0 },
    hashKeyRange: { startingHashKey: '0', endingHashKey: String(2n ** 128n - 1n) },
    onHidden: (records) => hidden.push(records.length),
    digestMismatch: 'error',
    malformed: 'passthrough',
    copy: true,
  })
  stream.write({ Data: pair, SequenceNumber: '4' })
  stream.write({ Data: pair, SequenceNumber: '5' })
  stream.end({ Data: frame(Buffer.from('garbage')), SequenceNumber: '6' })
  const records = []
  for await (const record of stream) records.push(record)
  t.match(records.map(line), ['5/1 a=y (aggregated last)', /^6\/0 .* \(last\)$/])
  t.ok(records.every(({ data }) => data.buffer.byteLength === data.length))
  t.same(hidden, [])
})

t.test('the water marks are as given, both sides are in object mode', (t) => {
  const marks = (options?: DeaggregateStreamOptions) => {
    const stream = new DeaggregateStream(options)
    t.ok(stream.readableObjectMode && stream.writableObjectMode)
    return [stream.readableHighWaterMark, stream.writableHighWaterMark]
  }
  t.same(marks(), [16, 16])
  t.same(marks({}), [16, 16])
  t.same(marks({ highWaterMark: 3 }), [3, 3])
  t.same(marks({ readableHighWaterMark: 2, writableHighWaterMark: 5 }), [2, 5])
  t.same(marks({ highWaterMark: undefined, readableHighWaterMark: undefined, writableHighWaterMark: undefined }), [16, 16])
  t.end()
})

t.test("a wrong water mark is Node's own error", (t) => {
  t.throws(() => new DeaggregateStream({ highWaterMark: -1 }), { code: 'ERR_INVALID_ARG_VALUE' })
  t.end()
})

t.test('no other option reaches Transform', async (t) => {
  const called = (name: string) => () => t.fail(`${name} was called`)
  const others = Object.fromEntries(['transform', 'flush', 'final', 'read', 'write', 'writev', 'construct', 'destroy'].map((name) => [name, called(name)]))
  const stream = new DeaggregateStream({
    ...others,
    objectMode: false,
    readableObjectMode: false,
    writableObjectMode: false,
    allowHalfOpen: false,
    encoding: 'utf8',
    defaultEncoding: 'hex',
    decodeStrings: true,
  } as object)
  t.ok(stream.readableObjectMode && stream.writableObjectMode)
  t.equal(stream.readableEncoding, null)
  stream.end(pair)
  t.same((await stream.toArray()).map((record) => (record as { text(): string }).text()), ['x', 'y'])
})

t.test("the caller's object is neither changed nor kept", async (t) => {
  const options = Object.freeze({ highWaterMark: 2, copy: true, after: Object.freeze({ sequenceNumber: '5' }) })
  const stream = new DeaggregateStream(options)
  stream.end({ Data: pair, SequenceNumber: '6' })
  t.equal((await stream.toArray()).length, 2)
  t.same(options, { highWaterMark: 2, copy: true, after: { sequenceNumber: '5' } })
})

t.test('signal destroys the stream', async (t) => {
  const controller = new AbortController()
  const stream = new DeaggregateStream({ signal: controller.signal })
  stream.write(pair)
  const error = once(stream, 'error')
  controller.abort()
  t.match(await error, [{ name: 'AbortError' }])
  t.ok(stream.destroyed)
})

t.test('a signal that was aborted before destroys it at once, with its reason', async (t) => {
  const reason = new Error('too late')
  const stream = new DeaggregateStream({ signal: AbortSignal.abort(reason) })
  t.match(await once(stream, 'error'), [{ name: 'AbortError', cause: reason }])
  t.ok(stream.destroyed)
})

t.test('autoDestroy: false leaves the stream be when it fails', async (t) => {
  const stream = new DeaggregateStream({ autoDestroy: false })
  const error = once(stream, 'error')
  stream.write({ data: '!' })
  t.match(await error, [{ code: 'ERR_KPL_INVALID_BASE64' }])
  await turn()
  t.notOk(stream.destroyed)
  stream.destroy()
})

t.test('emitClose: false tells nobody that it is closed', async (t) => {
  for (const emitClose of [true, false]) {
    const stream = new DeaggregateStream({ emitClose })
    let closed = false
    stream.on('close', () => (closed = true))
    stream.resume().end(pair)
    await once(stream, 'end')
    await turn()
    t.ok(stream.destroyed)
    t.equal(closed, emitClose)
  }
})

t.test('options are checked before anything else', (t) => {
  t.equal(caught(() => new DeaggregateStream({ highWaterMark: -1, copy: 1 as never })).code, 'ERR_KPL_INVALID_ARGUMENT')
  t.end()
})
