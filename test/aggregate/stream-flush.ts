import t from 'tap'
import { AggregateStream, type AggregateStreamOptions, type PutRecordsEntry } from '../../lib/index.js'
import { turn } from '../../fixtures/streams.js'
import { contents } from '../../fixtures/writing.js'

const record = (partitionKey: string, data = '') => ({ partitionKey, data })
const waiting = (options: AggregateStreamOptions = {}) => new AggregateStream({ recordMaxBufferedTime: Infinity, ...options })
/** What a flush's callback is told: it must be, and once. */
const flushed = (stream: AggregateStream) => {
  let told = 0
  return new Promise<Error | null | undefined>((resolve, reject) => stream.flush((error) => (++told > 1 ? reject(new Error('told twice')) : setImmediate(resolve, error))))
}
const unread = (stream: AggregateStream) => {
  const entries: PutRecordsEntry[] = []
  while (stream.readableLength > 0) entries.push(stream.read() as PutRecordsEntry)
  return contents(entries)
}

t.test('all that was written before it can be read when its callback runs', async (t) => {
  const stream = waiting()
  for (const key of ['a', 'b', 'a']) stream.write(record(key))
  t.equal(stream.readableLength, 0)
  const done = flushed(stream)
  stream.write(record('a', 'later'))
  t.notOk(await done)
  t.same(unread(stream), [['a=', 'a='], ['b=']])
  t.equal(stream.pendingRecords, 1, 'what was written after it is not concerned')
  t.notOk(await flushed(stream))
  t.same(unread(stream), [['a=later']])
  stream.destroy()
})

t.test('without a callback, and with nothing to flush', async (t) => {
  const stream = waiting()
  t.notOk(await flushed(stream))
  stream.flush()
  stream.write(record('a'))
  stream.flush()
  stream.flush()
  await turn()
  t.same(unread(stream), [['a=']])
  stream.destroy()
})

t.test('it stands in line with the writes, which wait for a slow reader', async (t) => {
  const stream = waiting({ highWaterMark: 1 })
  const order: string[] = []
  for (const key of ['a', 'b', 'c']) stream.write(record(key), () => order.push(`written ${key}`))
  stream.flush(() => order.push('flushed'))
  stream.write(record('d'), () => order.push('written d'))
  await turn()
  t.notOk(order.includes('flushed'), 'not while there is no room')
  const entries = []
  for await (const entry of stream) {
    order.push(`read ${(entry as PutRecordsEntry).PartitionKey}`)
    if (entries.push(entry) === 3) break
    await turn()
  }
  t.same(order.filter((text) => text.startsWith('read')), ['read a', 'read b', 'read c'])
  t.ok(order.indexOf('flushed') > order.indexOf('written c'), order.join(', '))
  t.ok(order.indexOf('flushed') < order.indexOf('written d') || !order.includes('written d'), order.join(', '))
})

t.test('while entries are read as they come', async (t) => {
  const stream = waiting()
  const seen: string[][] = []
  stream.on('data', (entry: PutRecordsEntry) => seen.push(...contents([entry])))
  for (const key of ['a', 'b']) stream.write(record(key))
  t.notOk(await flushed(stream))
  t.same(seen, [['a='], ['b=']])
  stream.destroy()
})

t.test('after end it is told when all can be read', async (t) => {
  const stream = waiting({ readableHighWaterMark: 1 })
  for (const key of ['a', 'b', 'c']) stream.write(record(key))
  stream.end()
  let told = false
  const done = flushed(stream).then((error) => {
    told = true
    return error
  })
  await turn()
  t.notOk(told, 'there is no room for all yet')
  t.same(contents(await stream.toArray()), [['a='], ['b='], ['c=']])
  t.notOk(await done)
})

t.test('after all is over it is told so, without an error', async (t) => {
  const stream = waiting()
  stream.write(record('a'))
  stream.end()
  await stream.toArray()
  t.notOk(await flushed(stream), 'ended')
  await turn()
  t.ok(stream.closed)
  t.notOk(await flushed(stream), 'closed')
})

t.test('after destroy it is told an error', async (t) => {
  for (const reason of [undefined, new Error('own')]) {
    const stream = waiting()
    stream.on('error', () => undefined)
    stream.write(record('a'))
    stream.destroy(reason)
    t.ok((await flushed(stream)) instanceof Error, 'at once')
    await turn()
    t.ok((await flushed(stream)) instanceof Error, 'closed')
    t.equal(stream.takePending().length, 1)
  }
  const ended = waiting({ readableHighWaterMark: 1 })
  for (const key of ['a', 'b']) ended.write(record(key))
  ended.end()
  await turn()
  ended.destroy()
  t.ok((await flushed(ended)) instanceof Error, 'after an end that found no room, and destroy')
})

t.test('one that is under way when the stream is destroyed is told too', async (t) => {
  for (const keys of ['a', 'ab', 'abcdef']) {
    for (const end of [false, true]) {
      const stream = waiting({ readableHighWaterMark: 1 })
      for (const key of keys) stream.write(record(key))
      const done = [flushed(stream), flushed(stream)]
      if (end) stream.end()
      await turn()
      stream.destroy()
      // Whether it went well is open: all may have been there to be read.
      for (const told of await Promise.all(done)) t.ok(told === undefined || told === null || told instanceof Error, `${keys.length} entries${end ? ', ended' : ''}`)
    }
  }
})

t.test('a write before it that fails: it is told an error', async (t) => {
  const stream = waiting()
  const errors: Error[] = []
  stream.on('error', (error) => errors.push(error))
  stream.write(record('a'))
  stream.write(record(''))
  t.ok((await flushed(stream)) instanceof Error)
  t.match(errors, [{ code: 'ERR_KPL_INVALID_PARTITION_KEY' }])
  t.same(contents(stream.takePending()), [['a=']])
})

t.test('a failure at the very end reaches the reader, and what waited is not lost', async (t) => {
  const stream = waiting({ readableHighWaterMark: 1, writableHighWaterMark: 1 })
  for (const key of ['a', 'b']) stream.write(record(key))
  stream.end(record(''))
  await t.rejects(stream.toArray(), { code: 'ERR_KPL_INVALID_PARTITION_KEY' })
  t.same(contents(stream.takePending()), [['a='], ['b=']])
})

t.test('what is no callback is refused at once, whatever the stream has come to: no other callback is lost by it', async (t) => {
  const told: unknown[] = []
  const stream = new AggregateStream({ recordMaxBufferedTime: Infinity })
  const refused = () => {
    for (const odd of [null, 5, 'utf8', {}]) t.throws(() => stream.flush(odd as never), { code: 'ERR_KPL_INVALID_ARGUMENT' })
  }
  refused()
  stream.write({ partitionKey: 'k', data: 'd' })
  stream.end()
  await new Promise(setImmediate)
  stream.flush((error) => told.push(error))
  refused()
  t.equal((await stream.toArray()).length, 1)
  refused()
  stream.destroy()
  refused()
  await new Promise(setImmediate)
  t.same(told, [undefined])
})
