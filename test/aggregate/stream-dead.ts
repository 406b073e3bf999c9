// A stream that failed or was destroyed: what was confirmed is in takePending(), whoever still reads, and every write is told.
import { once } from 'node:events'
import { finished } from 'node:stream/promises'
import t from 'tap'
import { AggregateStream, type PutRecordsEntry, ShardMap, type UserRecordInput } from '../../lib/index.js'
import { slowSink, turn } from '../../fixtures/streams.js'

const record = (partitionKey: string): UserRecordInput => ({ partitionKey, data: 'x' })
const keysOf = (entries: readonly PutRecordsEntry[]) => entries.map(({ PartitionKey }) => PartitionKey).join('')

for (const [way, fail] of [
  ['a refused user record', (stream) => stream.write(record(''))],
  ['destroy', (stream) => stream.destroy()],
  ['destroy with an error', (stream) => stream.destroy(new Error('own'))],
] as [string, (stream: AggregateStream) => void][]) {
  t.test(`piped into a slow sink, ended by ${way}: what the sink has not got is still there`, async (t) => {
    const stream = new AggregateStream({ aggregationMaxCount: 1 })
    stream.on('error', () => {})
    const seen: PutRecordsEntry[] = []
    stream.pipe(slowSink(seen))
    const confirmed: string[] = []
    for (const key of 'abcdefgh') stream.write(record(key), (error) => error || confirmed.push(key))
    await turn()
    fail(stream)
    for (let n = 0; n < 20; n++) await turn()
    const rest = keysOf(stream.takePending())
    t.ok(rest.length > 2)
    t.equal(keysOf(seen) + rest, 'abcdefgh')
    t.equal(confirmed.join(''), 'abcdefgh')
  })
}

t.test('a reader gets nothing from a dead stream, and takePending all', async (t) => {
  const stream = new AggregateStream({ aggregationMaxCount: 1, highWaterMark: 10 })
  for (const key of 'abc') stream.write(record(key))
  await turn()
  stream.destroy()
  t.equal(stream.read(), null)
  stream.resume()
  await turn()
  t.equal(keysOf(stream.takePending()), 'abc')
  t.equal(stream.read(), null)
})

t.test('destroyed by a callback of its own while a user record is put: each write is told once', async (t) => {
  let asked = 0
  const stream: AggregateStream = new AggregateStream({
    aggregationMaxCount: 1,
    groupBy: 'none',
    shards() {
      if (++asked === 2) stream.destroy()
      return undefined
    },
  })
  const told: string[] = []
  for (const key of 'abc') stream.write(record(key), (error) => told.push(`${key} ${(error as { code?: string } | null | undefined)?.code ?? 'well'}`))
  await once(stream, 'close')
  await turn()
  t.same(told.sort(), ['a well', 'b well', 'c ERR_STREAM_DESTROYED'])
  t.equal(keysOf(stream.takePending()), 'ab')
})

t.test('destroyed without an error it ends without one, and who waits is told after it is closed', async (t) => {
  const stream = new AggregateStream({ readableHighWaterMark: 1 })
  const told: string[] = []
  stream.on('close', () => told.push('close'))
  stream.write(record('a'))
  stream.flush()
  await turn()
  // There is no room for this one: the flush waits.
  stream.write(record('b'))
  stream.flush((error) => told.push(`flush: ${error?.message}`))
  await turn()
  const isFinished = finished(stream)
  stream.destroy()
  t.match(await isFinished.catch((error) => error), { code: 'ERR_STREAM_PREMATURE_CLOSE' })
  await turn()
  t.same(told, ['close', 'flush: the stream was destroyed before all was read'])
  t.equal(keysOf(stream.takePending()), 'ab')
})

t.test('destroyed while its shards are asked, which call back and throw: the write at hand is told by itself', async (t) => {
  const [shard] = new ShardMap([{ ShardId: 's', HashKeyRange: { StartingHashKey: '0', EndingHashKey: String(2n ** 128n - 1n) } }]).shards
  let isArmed = false
  const map = {
    shards: [shard],
    shardFor() {
      if (isArmed) {
        isArmed = false
        stream.read()
        stream.write({ partitionKey: 'b', get data() { return stream.destroy(), 'y' } }, () => told.push('b'))
        throw new Error('own')
      }
      return shard
    },
  } as unknown as ShardMap
  const stream: AggregateStream = new AggregateStream({ shards: map, recordMaxBufferedTime: 5 })
  stream.on('error', () => {})
  const told: string[] = []
  stream.write(record('a'), () => {
    told.push('a')
    isArmed = true
  })
  await once(stream, 'close')
  await turn()
  await turn()
  t.same(told, ['a', 'b'])
  t.equal(stream.takePending().flatMap(({ userRecords }) => userRecords).length, 2)
})
