import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { AggregateStream, type AggregateStreamOptions, type PutRecordsEntry } from '../../lib/index.js'
import { turn } from '../../fixtures/streams.js'
import { caught } from '../../fixtures/reading.js'
import { contents } from '../../fixtures/writing.js'

// Node runs timers in the order in which they are due, however late it is: so what must
// have happened by a later timer has happened then, on a slow machine too.

const record = (partitionKey: string, data = '') => ({ partitionKey, data })

/** A stream that is read as fast as it gives; what has left, and when. */
const flowing = (options: AggregateStreamOptions) => {
  const left: { texts: string; at: number }[] = []
  const stream = new AggregateStream(options)
  stream.on('data', (entry: PutRecordsEntry) => left.push({ texts: contents([entry]).flat().join(' '), at: performance.now() }))
  return { stream, texts: () => left.map(({ texts }) => texts), left }
}
const anyTimer = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout' || name === 'Immediate').length

t.test('0 to 2,147,483,647 ms, or Infinity', (t) => {
  for (const recordMaxBufferedTime of [-1, -Infinity, NaN, 2_147_483_648, Number.MAX_SAFE_INTEGER, null, '', '100', 'Infinity', true, [], [5], {}, 5n, new Date(5)]) {
    t.equal(caught(() => new AggregateStream({ recordMaxBufferedTime } as never)).code, 'ERR_KPL_INVALID_ARGUMENT', `${typeof recordMaxBufferedTime} ${String(recordMaxBufferedTime)}`)
  }
  for (const recordMaxBufferedTime of [0, 0.5, 1, 2_147_483_647, Infinity, undefined]) t.doesNotThrow(() => new AggregateStream({ recordMaxBufferedTime }), `${recordMaxBufferedTime}`)
  t.end()
})

t.test('an aggregate leaves no later than this after its first record, and not before without need', async (t) => {
  for (const [options, time] of [[{}, 100], [{ recordMaxBufferedTime: 30 }, 30], [{ recordMaxBufferedTime: 0.5 }, 0.5]] as const) {
    const { stream, texts, left } = flowing(options)
    const begin = performance.now()
    stream.write(record('a', '1'))
    stream.write(record('b', '2'))
    stream.write(record('a', '3'))
    t.same(texts(), [])
    await sleep(time + 60)
    t.same(texts(), ['a=1 a=3', 'b=2'], `${time} ms`)
    t.ok(left[0]!.at - begin > time - 2, `${time} ms: not before`)
    stream.destroy()
  }
})

t.test('the time counts from the first record of an aggregate, not from its last', async (t) => {
  const { stream, texts } = flowing({ recordMaxBufferedTime: 60 })
  stream.write(record('a', '1'))
  await sleep(40)
  stream.write(record('a', '2'))
  await sleep(50)
  t.same(texts(), ['a=1 a=2'])
  stream.destroy()
})

t.test('each aggregate has its own time, also when the one before it left early', async (t) => {
  const { stream, texts, left } = flowing({ recordMaxBufferedTime: 80, aggregationMaxCount: 2 })
  stream.write(record('a', '1'))
  await sleep(50)
  const begin = performance.now()
  stream.write(record('b', '2'))
  stream.write(record('a', '3'))
  t.same(texts(), ['a=1 a=3'], 'full')
  await sleep(120)
  t.same(texts(), ['a=1 a=3', 'b=2'])
  t.ok(left[1]!.at - begin > 78, `not cut at the other's time, but ${left[1]!.at - begin} ms after its first record`)
  stream.destroy()
})

t.test('one after the other, as they are due', async (t) => {
  const { stream, texts } = flowing({ recordMaxBufferedTime: 20 })
  for (const key of ['a', 'b', 'c']) {
    stream.write(record(key))
    await sleep(5)
  }
  await sleep(60)
  t.same(texts(), ['a=', 'b=', 'c='])
  stream.destroy()
})

t.test('0: once the writes already queued are taken', async (t) => {
  const { stream, texts } = flowing({ recordMaxBufferedTime: 0 })
  for (let n = 0; n < 50; n++) stream.write(record(n % 2 === 0 ? 'a' : 'b', `${n}`))
  t.same(texts(), [])
  await turn()
  await turn()
  t.equal(texts().length, 2)
  t.equal(texts()[0]!.split(' ').length, 25)
  stream.write(record('c'))
  await turn()
  await turn()
  t.same(texts().slice(2), ['c='], 'and again')
  stream.destroy()
})

t.test('0: writes that wait for room are taken together, once there is some', async (t) => {
  const stream = new AggregateStream({ recordMaxBufferedTime: 0, readableHighWaterMark: 1, aggregationMaxCount: 50 })
  for (let n = 0; n < 100; n++) stream.write(record('full', `${n}`))
  for (let n = 0; n < 20; n++) stream.write(record('a', `${n}`))
  await turn()
  const entries = []
  for await (const entry of stream) if (entries.push(entry as PutRecordsEntry) === 3) break
  t.same(entries.map(({ userRecords }) => userRecords.length), [50, 50, 20])
})

t.test('Infinity: no timer at all; only when full, on flush or at the end', async (t) => {
  const timers = anyTimer()
  const { stream, texts } = flowing({ recordMaxBufferedTime: Infinity, aggregationMaxCount: 2 })
  await turn()
  stream.write(record('a'))
  t.equal(anyTimer(), timers)
  await sleep(150)
  t.same(texts(), [])
  stream.write(record('a'))
  t.same(texts(), ['a= a='])
  stream.write(record('b'))
  stream.flush()
  t.same(texts().slice(1), ['b='])
  stream.write(record('c'))
  stream.end()
  t.same(texts().slice(2), ['c='])
})

t.test('while the readable side is full a due aggregate stays open, and grows', async (t) => {
  const stream = new AggregateStream({ recordMaxBufferedTime: 0, readableHighWaterMark: 1 })
  stream.write(record('a', '1'))
  await turn()
  await turn()
  t.equal(stream.readableLength, 1, 'full by the first')
  const shown = (entry: PutRecordsEntry | null) => entry && contents([entry])[0]!.join(' ')
  for (const [key, data] of [['b', '2'], ['c', '3'], ['b', '4']] as const) {
    stream.write(record(key, data))
    await turn()
    await turn()
  }
  t.equal(stream.pendingRecords, 3)
  t.equal(shown(stream.read()), 'a=1')
  await turn()
  await turn()
  stream.write(record('c', '5'))
  t.equal(shown(stream.read()), 'b=2 b=4')
  await turn()
  await turn()
  t.equal(shown(stream.read()), 'c=3 c=5', 'where several are due, each stays open until there is room for it')
  stream.destroy()
})

t.test('several are due at once: those that find no room stay open', async (t) => {
  const stream = new AggregateStream({ recordMaxBufferedTime: 0, readableHighWaterMark: 1 })
  for (const key of ['a', 'b', 'c']) stream.write(record(key, '1'))
  await turn()
  await turn()
  t.equal(stream.readableLength, 1)
  for (const key of ['b', 'c']) stream.write(record(key, '2'))
  stream.end()
  t.same(contents(await stream.toArray()), [['a=1'], ['b=1', 'b=2'], ['c=1', 'c=2']])
})

t.test('a map that changes while due aggregates find no room: they too are grouped anew', async (t) => {
  const whole = [{ ShardId: 's0', HashKeyRange: { StartingHashKey: '0', EndingHashKey: String(2n ** 128n - 1n) } }]
  let shards: typeof whole | undefined
  const stream = new AggregateStream({ recordMaxBufferedTime: 0, readableHighWaterMark: 1, shards: () => shards })
  for (const key of ['a', 'b', 'c']) stream.write(record(key))
  await turn()
  await turn()
  shards = whole
  stream.write(record('d'))
  stream.end()
  t.same(contents(await stream.toArray()), [['a='], ['b=', 'c=', 'd=']])
})

t.test('data that waits keeps its time when the map changes', async (t) => {
  let shards: object | undefined
  const { stream, texts } = flowing({ recordMaxBufferedTime: 60, shards: () => shards } as AggregateStreamOptions)
  stream.write(record('a', '1'))
  await sleep(40)
  shards = [{ ShardId: 's0', HashKeyRange: { StartingHashKey: '0', EndingHashKey: String(2n ** 128n - 1n) } }]
  stream.write(record('b', '2'))
  await sleep(50)
  t.same(texts(), ['a=1 b=2'])
  stream.destroy()
})
