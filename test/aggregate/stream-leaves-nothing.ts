import { PassThrough, Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import t from 'tap'
import { AggregateStream, type AggregateStreamOptions, type PutRecordsEntry } from '../../lib/index.js'
import { slowSink, turn } from '../../fixtures/streams.js'
import { libUrl, runModule } from '../../fixtures/child.js'

// No timer and no listener is left behind; and a timer keeps the process alive exactly
// as long as records wait for it.

const record = (partitionKey: string, data = '') => ({ partitionKey, data })
const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
const LONG = 2_000_000_000

/** A stream with a timer: a record waits, for longer than any test. */
const waiting = (options: AggregateStreamOptions = {}) => {
  const stream = new AggregateStream({ recordMaxBufferedTime: LONG, ...options })
  stream.on('error', () => undefined)
  stream.write(record('a'))
  return stream
}

t.test('the timer is gone when nothing waits any more', async (t) => {
  const before = timers()
  const ways: [string, (stream: AggregateStream) => unknown][] = [
    ['end', (stream) => stream.end()],
    ['flush', (stream) => stream.flush()],
    ['takePending', (stream) => stream.takePending()],
    ['destroy', (stream) => stream.destroy()],
    ['destroy with an error', (stream) => stream.destroy(new Error('own'))],
    ['a refused record', (stream) => stream.write(record(''))],
    ['a full aggregate', (stream) => stream.write(record('a', 'x'.repeat(60_000)))],
    ['end and destroy', (stream) => stream.end().destroy()],
    ['destroy and takePending', (stream) => stream.destroy() && stream.takePending()],
  ]
  for (const [name, way] of ways) {
    const stream = waiting()
    t.equal(timers(), before + 1, `${name}: before`)
    way(stream)
    await turn()
    t.equal(timers(), before, name)
    stream.destroy()
  }
})

for (const [by, keys] of [['a callback of its own', ['a', 'a', '']], ['others', ['a', 'a']]] as const) {
  t.test(`no immediate is left where it is destroyed by ${by} while what is complete waits for more`, async (t) => {
    const immediates = () => process.getActiveResourcesInfo().filter((name) => name === 'Immediate').length
    const before = immediates()
    let waiting = before
    const stream: AggregateStream = new AggregateStream({ aggregationMaxCount: 2, onRejected: () => destroy() })
    const destroy = () => {
      waiting = immediates()
      stream.destroy()
    }
    // Only what is piped in waits for more.
    const source = new PassThrough({ objectMode: true })
    source.pipe(stream)
    for (const key of keys) source.write(record(key))
    for (let n = 0; n < 20 && !stream.destroyed; n++) await new Promise<void>((resolve) => process.nextTick(resolve))
    t.equal(stream.destroyed, keys.length === 3, 'by its own callback, or not yet')
    if (!stream.destroyed) destroy()
    t.equal(waiting, before + 1, 'one was set')
    t.equal(immediates(), before)
    t.equal(stream.takePending().length, 1)
  })
}

t.test('end clears it where there is no room yet for all that waited', async (t) => {
  const before = timers()
  const stream = waiting({ readableHighWaterMark: 1, aggregationMaxCount: 2 })
  for (const key of ['b', 'c', 'c']) stream.write(record(key))
  t.equal(stream.readableLength, 1)
  t.equal(timers(), before + 1)
  stream.end()
  // Only now there is room for the end to be heard of.
  t.equal((stream.read() as PutRecordsEntry).PartitionKey, 'c')
  await turn()
  t.equal(stream.readableLength, 1)
  t.equal(timers(), before)
  t.equal((await stream.toArray()).length, 2)
})

t.test('writes that were not taken when the stream was destroyed set no timer later', async (t) => {
  const before = timers()
  const stream = waiting({ highWaterMark: 1, aggregationMaxCount: 1 })
  for (let n = 0; n < 10; n++) stream.write(record('a'))
  stream.destroy()
  stream.takePending()
  await turn()
  stream.write(record('a'))
  await turn()
  t.equal(timers(), before)
})

t.test('flush and takePending leave no listener', async (t) => {
  const listeners = (stream: AggregateStream) => Object.fromEntries(stream.eventNames().map((name) => [name, stream.listenerCount(name)]))
  const stream = waiting()
  stream.on('data', () => undefined)
  await turn()
  const before = listeners(stream)
  for (let n = 0; n < 20; n++) await new Promise((resolve) => stream.flush(resolve))
  stream.takePending()
  t.same(listeners(stream), before)
  stream.end()
  await Promise.all(Array.from({ length: 20 }, () => new Promise((resolve) => stream.flush(resolve))))
  t.same(listeners(stream), before, 'after end')
  await turn()
  await new Promise((resolve) => stream.flush(resolve))
  stream.takePending()
  t.same(listeners(stream), before, 'after all is over')
})

t.test('many flushes under way at once warn of no leak', async (t) => {
  const warnings: Error[] = []
  const warned = (warning: Error) => warnings.push(warning)
  process.on('warning', warned)
  for (const end of [false, true]) {
    const stream = waiting({ highWaterMark: 1 })
    stream.write(record('b'))
    if (end) stream.end()
    const all = Promise.all(Array.from({ length: 30 }, () => new Promise((resolve) => stream.flush(resolve))))
    stream.resume()
    await all
    stream.destroy()
  }
  await turn()
  process.off('warning', warned)
  t.same(warnings, [])
})

t.test('after a pipeline nothing is left', async (t) => {
  const before = timers()
  for (let n = 0; n < 3; n++) {
    const stream = new AggregateStream({ recordMaxBufferedTime: LONG })
    await pipeline(Readable.from([record('a'), record('b')]), stream, slowSink([]))
    t.equal(stream.listenerCount('data'), 0)
    t.ok(stream.closed)
  }
  t.equal(timers(), before)
})

t.test('a process lives until what waits for a timer has left, and no longer', async (t) => {
  const run = (script: string) =>
    runModule(`
      import { AggregateStream, Aggregator } from ${JSON.stringify(libUrl)}
      const record = { partitionKey: 'a', data: 'x' }
      const open = (options) => new AggregateStream(options).on('data', ({ userRecords }) => console.log(userRecords.length, 'left'))
      process.on('exit', () => console.log('exit'))
      ${script}
    `)
  const cases: [string, string, string][] = [
    ['a record that waits', 'open().write(record)', '1 left\nexit\n'],
    ['records that wait for 0 ms', 'const s = open({ recordMaxBufferedTime: 0 }); s.write(record); s.write(record)', '2 left\nexit\n'],
    ['records of several keys', "const s = open({ recordMaxBufferedTime: 20 }); for (const partitionKey of 'abc') s.write({ partitionKey, data: '' })", '1 left\n1 left\n1 left\nexit\n'],
    ['a record in an unread stream', 'const s = new AggregateStream({ recordMaxBufferedTime: 20 }); s.write(record); process.on("exit", () => console.log(s.readableLength, "unread"))', 'exit\n1 unread\n'],
    ['a stream without records', `open({ recordMaxBufferedTime: ${LONG} })`, 'exit\n'],
    ['Infinity', 'open({ recordMaxBufferedTime: Infinity }).write(record)', 'exit\n'],
    ['end', `open({ recordMaxBufferedTime: ${LONG} }).end(record)`, '1 left\nexit\n'],
    ['destroy', `const s = open({ recordMaxBufferedTime: ${LONG} }); s.write(record); s.destroy()`, 'exit\n'],
    ['flush', `const s = open({ recordMaxBufferedTime: ${LONG} }); s.write(record); s.flush()`, '1 left\nexit\n'],
    ['takePending', `const s = open({ recordMaxBufferedTime: ${LONG} }); s.write(record); console.log(s.takePending().length, 'taken')`, '1 taken\nexit\n'],
    ['an Aggregator', "new Aggregator().add(record)", 'exit\n'],
  ]
  for (const [name, script, expected] of cases) {
    const { code, stdout, stderr } = await run(script)
    t.same({ code, stdout }, { code: 0, stdout: expected }, `${name} ${stderr}`)
  }
})
