import { Writable } from 'node:stream'
import t from 'tap'
import { AggregateStream, type AggregateStreamOptions, type PutRecordsEntry } from '../../lib/index.js'
import { turn } from '../../fixtures/streams.js'
import { contents } from '../../fixtures/writing.js'

const record = (partitionKey: string, data = '') => ({ partitionKey, data })
const waiting = (options: AggregateStreamOptions = {}) => new AggregateStream({ recordMaxBufferedTime: Infinity, ...options })
const text = (entries: PutRecordsEntry[]) => contents(entries).map((texts) => texts.join(' '))
/** Entries `a` and `b` are complete and unread, `c` and `d` are pending. */
const half = (options: AggregateStreamOptions = {}) => {
  const stream = waiting({ aggregationMaxCount: 2, ...options })
  for (const key of ['a', 'a', 'b', 'b', 'c', 'd']) stream.write(record(key))
  return stream
}
const all = ['a= a=', 'b= b=', 'c=', 'd=']

t.test('entries still unread, then what is pending, oldest first; a second time nothing', (t) => {
  const stream = half()
  t.same(text(stream.takePending()), all)
  t.equal(stream.pendingRecords, 0)
  t.equal(stream.pendingBytes, 0)
  t.equal(stream.readableLength, 0)
  t.same(stream.takePending(), [])
  t.same(new AggregateStream().takePending(), [])
  stream.destroy()
  t.end()
})

t.test('the stream goes on afterwards', async (t) => {
  const stream = half()
  stream.takePending()
  stream.write(record('e'))
  stream.end()
  t.same(text(await stream.toArray()), ['e='])
})

t.test('with a listener for data that is paused: not given twice, and the listener stays', async (t) => {
  const stream = waiting({ aggregationMaxCount: 2 })
  const seen: string[] = []
  const once: string[] = []
  stream.on('data', (entry: PutRecordsEntry) => seen.push(...text([entry])))
  stream.once('data', (entry: PutRecordsEntry) => once.push(...text([entry])))
  stream.pause()
  for (const key of ['a', 'a', 'b', 'b', 'c', 'd']) stream.write(record(key))
  t.same(text(stream.takePending()), all)
  await turn()
  t.same(seen, [])
  t.equal(stream.listenerCount('data'), 2)
  t.equal(stream.isPaused(), true, 'it stays paused')
  for (const key of ['e', 'e', 'f', 'f']) stream.write(record(key))
  stream.resume()
  await turn()
  t.same(seen, ['e= e=', 'f= f='])
  t.same(once, ['e= e='], 'a listener for once is told once')
  stream.destroy()
})

t.test('with a listener for data that flows: what it was given is not taken', async (t) => {
  const stream = waiting({ aggregationMaxCount: 2 })
  const seen: string[] = []
  stream.on('data', (entry: PutRecordsEntry) => seen.push(...text([entry])))
  await turn()
  for (const key of ['a', 'a', 'b', 'b', 'c', 'd']) stream.write(record(key))
  t.same(text(stream.takePending()), ['c=', 'd='])
  await turn()
  t.same(seen, ['a= a=', 'b= b='])
  stream.end(record('e'))
  await turn()
  t.same(seen.slice(2), ['e='], 'it goes on flowing')
})

t.test('with a pipe that is held back', async (t) => {
  const stream = waiting({ aggregationMaxCount: 2 })
  const seen: string[] = []
  let goOn = (): unknown => t.fail('nothing was written')
  stream.pipe(new Writable({ objectMode: true, highWaterMark: 1, write(entry: PutRecordsEntry, _encoding, done) { seen.push(...text([entry])); goOn = done } }))
  for (const key of ['a', 'a', 'b', 'b', 'c', 'd']) stream.write(record(key))
  await turn()
  t.same(seen, ['a= a='])
  t.same(text(stream.takePending()), all.slice(1))
  stream.write(record('e'))
  stream.flush()
  goOn()
  await turn()
  t.same(seen, ['a= a=', 'e='], 'the pipe goes on with what came later')
  stream.destroy()
})

t.test('after destroy, with and without an error', async (t) => {
  for (const reason of [undefined, new Error('own')]) {
    for (const pause of [() => undefined, turn]) {
      const stream = half()
      stream.on('error', () => undefined)
      stream.destroy(reason)
      await pause()
      t.same(text(stream.takePending()), all)
      t.same(stream.takePending(), [])
    }
  }
})

t.test('after destroy, with no room for what was complete', async (t) => {
  const stream = waiting({ readableHighWaterMark: 1 })
  for (const key of ['a', 'b', 'a', 'c']) stream.write(record(key))
  stream.flush()
  await turn()
  t.equal(stream.readableLength, 1)
  stream.destroy()
  t.same(text(stream.takePending()), ['a= a=', 'b=', 'c='])
})

t.test('after a record that was refused: what came before it', async (t) => {
  const stream = half()
  let failed: unknown
  stream.on('error', (error) => (failed = error))
  stream.write(record(''))
  await turn()
  t.match(failed, { code: 'ERR_KPL_INVALID_PARTITION_KEY' })
  t.same(text(stream.takePending()), all)
})

t.test('after an abort', async (t) => {
  const abort = new AbortController()
  const stream = half({ signal: abort.signal })
  stream.on('error', () => undefined)
  abort.abort()
  await turn()
  t.same(text(stream.takePending()), all)
})

t.test('after end, before all was read: then the stream ends', async (t) => {
  const stream = half({ readableHighWaterMark: 1 })
  stream.end()
  await turn()
  t.same(text(stream.takePending()), all)
  t.same(await stream.toArray(), [])
  t.ok(stream.readableEnded)
})

t.test('writes that wait for room are taken too, and their callbacks run', async (t) => {
  const stream = waiting({ highWaterMark: 1, aggregationMaxCount: 1 })
  const confirmed: string[] = []
  for (const key of ['a', 'b', 'c', 'd', 'e']) stream.write(record(key), () => confirmed.push(key))
  await turn()
  t.ok(confirmed.length < 5)
  const taken = text(stream.takePending())
  await turn()
  const rest = text(stream.takePending())
  t.same([...taken, ...rest], ['a=', 'b=', 'c=', 'd=', 'e='])
  t.same(confirmed, ['a', 'b', 'c', 'd', 'e'])
  stream.destroy()
})

for (const [way, options] of [
  ['takePending', {}],
  ['takePending', { readableHighWaterMark: 1 }],
  ['read', {}],
  ['read', { readableHighWaterMark: 1 }],
] as const) {
  for (const highWaterMark of [1, 2, 3]) {
    t.test(`a callback that empties the stream by ${way} under another takePending: each is given, ${JSON.stringify({ ...options, highWaterMark })}`, async (t) => {
      const given: number[] = []
      const confirmed: number[] = []
      const keep = ({ userRecords }: PutRecordsEntry) => void given.push(...userRecords.map((record) => (record as { n?: number }).n!))
      const stream: AggregateStream = new AggregateStream({
        ...options,
        highWaterMark,
        aggregationMaxCount: 1,
        onRejected: () => {
          if (way === 'takePending') stream.takePending().forEach(keep)
          else for (let entry = stream.read(); entry !== null; entry = stream.read()) keep(entry)
        },
      })
      // What is read by hand is told to listeners too.
      if (way === 'takePending') stream.on('data', keep).pause()
      for (let n = 0; n < 12; n++) stream.write({ partitionKey: n === 5 ? '' : 'k', data: 'x', n } as never, () => void confirmed.push(n))
      if (way === 'takePending') stream.resume()
      for (let n = 0; n < 3; n++) {
        stream.takePending().forEach(keep)
        await turn()
      }
      t.same(confirmed.filter((n) => n !== 5 && !given.includes(n)), [], 'none is lost')
      t.equal(new Set(given).size, given.length, 'none is given twice')
      t.equal(given.length, 11)
      stream.destroy()
    })
  }
}

t.test('from within a listener', async (t) => {
  const stream = waiting({ aggregationMaxCount: 2 })
  const seen: string[] = []
  stream.on('data', (entry: PutRecordsEntry) => seen.push(...text([entry]), ...text(stream.takePending()).map((entry) => `taken ${entry}`)))
  for (const key of ['c', 'd', 'a', 'a', 'b', 'b', 'e']) stream.write(record(key))
  await turn()
  stream.end()
  await turn()
  t.same(seen, ['a= a=', 'taken c=', 'taken d=', 'b= b=', 'e='])
})

t.test('however many they are', (t) => {
  const stream = waiting({ maxPendingBytes: 2 ** 40, writableHighWaterMark: 2 ** 30 })
  const count = 300_000
  for (let n = 0; n < count; n++) stream.write(record(`${n}`))
  const entries = stream.takePending()
  t.equal(entries.length, count)
  t.equal(entries.at(-1)!.PartitionKey, `${count - 1}`)
  t.equal(stream.pendingRecords, 0)
  stream.destroy()
  t.end()
})
