import crypto from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'
import { PassThrough, Readable } from 'node:stream'
import t from 'tap'
import { AggregateStream, Aggregator, type AggregatorOptions, type PutRecordsEntry, type UserRecordInput, aggregate } from '../../lib/index.js'
import { md5Many } from '../../lib/digest/md5-many.js'
import { type Member, aggregateOf } from '../../fixtures/aggregates.js'
import { type Draw, draw } from '../../fixtures/random.js'
import { turn } from '../../fixtures/streams.js'

// Aggregates that are complete together are digested together: each has its own digest, and all
// leave in the order in which they were closed, lone raw records between them.

type Record = Member & UserRecordInput

const timeless = { recordMaxBufferedTime: Infinity }
const read = async (stream: AggregateStream<Record>) => (await stream.toArray()) as PutRecordsEntry<Record>[]

/** Every way in which many aggregates come to be complete at once, or one by one. */
const ways: [name: string, write: (records: Record[], options: AggregatorOptions) => PutRecordsEntry<Record>[] | Promise<PutRecordsEntry<Record>[]>][] = [
  ['add and flush', (records, options) => {
    const aggregator = new Aggregator<Record>(options)
    return [...records.flatMap((record) => aggregator.add(record)), ...aggregator.flush()]
  }],
  ['aggregate of a list', (records, options) => [...aggregate(records, options)]],
  ['aggregate of a generator', (records, options) => [...aggregate(records.values(), options)]],
  ['the end of a stream', (records, options) => {
    const stream = new AggregateStream<Record>({ ...timeless, ...options })
    for (const record of records) stream.write(record)
    stream.end()
    return read(stream)
  }],
  ['a stream of highWaterMark 1', (records, options) => {
    const stream = new AggregateStream<Record>({ ...timeless, ...options, highWaterMark: 1 })
    for (const record of records) stream.write(record)
    stream.flush()
    stream.end()
    return read(stream)
  }],
  ['a stream that is piped to', (records, options) => read(Readable.from(records).pipe(new AggregateStream<Record>({ ...timeless, ...options })))],
  ['a stream that is piped to all in one tick, of highWaterMark 2', (records, options) => {
    const source = new PassThrough({ objectMode: true, highWaterMark: 10_000 })
    for (const record of records) source.write(record)
    source.end()
    return read(source.pipe(new AggregateStream<Record>({ ...timeless, ...options, highWaterMark: 2 })))
  }],
  ['takePending', (records, options) => {
    const stream = new AggregateStream<Record>({ ...timeless, ...options, highWaterMark: 10_000 })
    for (const record of records) stream.write(record)
    const entries = stream.takePending()
    stream.destroy()
    return entries
  }],
]

/** What an entry must be, by its user records alone. */
const expectedData = ({ userRecords, aggregated }: PutRecordsEntry<Record>) => (aggregated ? aggregateOf(userRecords) : Buffer.from(userRecords[0]!.data))
const wrong = (entries: PutRecordsEntry<Record>[]) => entries.flatMap((entry, n) => (entry.Data.equals(expectedData(entry)) && entry.aggregated === entry.userRecords.length > 1 ? [] : n))

/** User records of so many groups, by turns: the nth has n % 3 + 1 of them. */
const grouped = (groups: number) => [0, 1, 2].flatMap((round) => Array.from({ length: groups }, (_, n): Record => ({ partitionKey: `key ${n}`, data: `${n}.${round}`.repeat(n) })).filter((_, n) => n % 3 >= round))

for (const side of ['one by one', 'side by side']) {
  for (const [name, write] of ways) {
    t.test(`${name}, digested ${side}: 1 to 40 groups`, async (t) => {
      if (side === 'side by side') md5Many([Buffer.alloc(2 ** 21), Buffer.alloc(2 ** 21), Buffer.alloc(2 ** 21)])
      for (const count of [1, 2, 3, 4, 8, 15, 16, 17, 24, 31, 32, 33, 40]) {
        const entries = await write(grouped(count), {})
        t.same(entries.map((entry) => entry.PartitionKey), Array.from({ length: count }, (_, n) => `key ${n}`), `${count} groups, oldest first`)
        t.same(wrong(entries), [], `${count} groups`)
      }
    })
  }
}

const randomRecord = (draw: Draw, keys: number): Record => ({
  partitionKey: `key ${draw.below(keys)}`,
  explicitHashKey: draw.oneIn(5) ? String(draw.below(3)) : undefined,
  data: draw.oneIn(10) ? 'x'.repeat(draw.below(60_000)) : draw.text(draw.below(30)),
})

t.test('every way gives the same entries, whatever the records and options', async (t) => {
  const random = draw(t, 71)
  const options: AggregatorOptions[] = [{}, { groupBy: 'none' }, { aggregationMaxCount: 2 }, { aggregationMaxSize: 500 }, { maxPendingBytes: 20_000 }, { aggregationEnabled: false }]
  let aggregates = 0
  for (let n = 0; n < 60; n++) {
    const choice = options[n % options.length]!
    const keys = random.pick([1, 5, 40, 200])
    const records = Array.from({ length: random.below(300) }, () => randomRecord(random, keys))
    const shown = (entries: PutRecordsEntry<Record>[]) => entries.map(({ Data, PartitionKey, userRecords }) => `${PartitionKey} ${crypto.hash('md5', Data)} ${userRecords.map((record) => records.indexOf(record)).join()}`)
    const expected = await ways[0]![1](records, choice)
    t.same(wrong(expected), [])
    aggregates += expected.filter((entry) => entry.aggregated).length
    for (const [name, write] of ways) t.same(shown(await write(records, choice)), shown(expected), `${name}, ${JSON.stringify(choice)}`)
  }
  t.ok(aggregates > 1000, `${aggregates} aggregates`)
})

t.test('digested 16 at a time, when the first of them is taken', async (t) => {
  const { hash } = crypto
  t.teardown(() => void (crypto.hash = hash, syncBuiltinESMExports()))
  let oneByOne = 0
  // Texts are partition keys.
  crypto.hash = ((...of: Parameters<typeof hash>) => (typeof of[1] !== 'string' && oneByOne++, hash(...of))) as typeof hash
  syncBuiltinESMExports()
  const digested = async (action: () => unknown) => {
    oneByOne = 0
    await action()
    return oneByOne
  }
  const pairs = (count: number) => Array.from({ length: 2 * count }, (_, n): Record => ({ partitionKey: `key ${n % count}`, data: 'x' }))
  for (const [name, write] of ways) {
    t.equal(await digested(() => write(pairs(40), {})), 0, `${name}: 16, 16 and 8 at the end`)
    t.equal(await digested(() => write(pairs(17), {})), 1, `${name}: 16, and one alone`)
    const isGathered = name === 'aggregate of a list' || name.includes('piped')
    t.equal(await digested(() => write(pairs(5), { aggregationMaxCount: 2 })), isGathered ? 0 : 5, `${name}: 5 that are full one behind the other`)
  }
})

t.test('a stream that is piped to gives what completes while its source gives together; without a source at once', async (t) => {
  const pair: Record[] = [{ partitionKey: 'a', data: 'x' }, { partitionKey: 'a', data: 'y' }]
  const stream = new AggregateStream<Record>({ ...timeless, aggregationMaxCount: 2 })
  for (const record of pair) stream.write(record)
  t.equal(stream.readableLength, 1)
  const source = new PassThrough({ objectMode: true, highWaterMark: 100 })
  for (const record of [...pair, ...pair, ...pair]) source.write(record)
  source.pipe(stream)
  for (const _ of [1, 2, 3]) await turn()
  t.equal(stream.readableLength, 4)
  t.same(wrong(stream.takePending()), [])
  source.write(pair[0])
  source.write(pair[1])
  for (const _ of [1, 2, 3]) await turn()
  t.equal(stream.pendingRecords, 0)
  t.equal(stream.readableLength, 1, 'it does not wait for more')
  stream.destroy()
})

t.test('taken, or destroyed, while it gathers: nothing is lost and nothing comes twice', async (t) => {
  for (const leave of ['takePending', 'destroy', 'fail', 'end', 'flush'] as const) {
    const stream = new AggregateStream<Record>({ ...timeless, aggregationMaxCount: 2 })
    stream.on('error', () => undefined)
    const source = new PassThrough({ objectMode: true })
    source.pipe(stream)
    const records = Array.from({ length: 7 }, (_, n): Record => ({ partitionKey: 'a', data: String(n) }))
    for (const record of records) source.write(record)
    if (leave === 'fail') source.write({ partitionKey: '', data: '' })
    // The source gives in the next tick.
    await new Promise<void>((resolve) => process.nextTick(() => process.nextTick(() => process.nextTick(resolve))))
    const seen: PutRecordsEntry<Record>[] = []
    if (leave === 'takePending') seen.push(...stream.takePending())
    if (leave === 'destroy') stream.destroy()
    if (leave === 'end') source.end()
    if (leave === 'flush') stream.flush()
    for (const _ of [1, 2]) await turn()
    seen.push(...stream.takePending())
    t.same(seen.flatMap((entry) => entry.userRecords.map(({ data }) => data)), records.map(({ data }) => data), leave)
    t.same(seen.map((entry) => entry.userRecords.length), [2, 2, 2, 1], leave)
    t.equal(stream.pendingRecords, 0)
    stream.destroy()
  }
})
