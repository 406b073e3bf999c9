import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import t from 'tap'
import { AggregateStream, type AggregateStreamOptions, DeaggregateStream, type KinesisInput, type UserRecord, deaggregate } from '../../lib/index.js'
import { type Member, aggregateOf } from '../../fixtures/aggregates.js'
import { draw } from '../../fixtures/random.js'
import { slowSink, turn, waysToRead } from '../../fixtures/streams.js'

// DeaggregateStream, AggregateStream, DeaggregateStream: what goes in comes out.

const told = ({ partitionKey, explicitHashKey, tags, data }: UserRecord) => JSON.stringify([partitionKey, explicitHashKey, tags, data.toString('base64')])

/** In the order of each key: aggregates of different keys may overtake each other. */
const byKey = (records: UserRecord[]) =>
  Object.fromEntries([...new Set(records.map((r) => r.partitionKey))].sort().map((key) => [key, records.filter((r) => r.partitionKey === key).map(told)]))

const writing: [string, AggregateStreamOptions][] = [
  ["groupBy 'none'", { groupBy: 'none' }],
  ['defaults', {}],
  ['small aggregates', { aggregationMaxSize: 300, groupBy: 'none' }],
  ['two in each', { aggregationMaxCount: 2 }],
  ["outerKey 'kpl', loneRecord 'wrap'", { outerKey: 'kpl', loneRecord: 'wrap' }],
]

t.test('what goes through both streams comes out as it went in', async (t) => {
  const next = draw(t, 20260102)
  for (const [name, options] of writing) {
    for (const highWaterMark of [1, 2, 16]) {
      const inputs: KinesisInput[] = Array.from({ length: 12 }, (_, n) => {
        const members = Array.from({ length: next.between(1, 30) }, (): Member => {
          const tags = next.oneIn(5) ? [{ key: next.text(3) }, { key: 'k', value: next.text(2) }] : undefined
          return { partitionKey: `key ${next.below(7)}`, data: next.bytes(next.below(60)), tags }
        })
        return { Data: aggregateOf(members), SequenceNumber: String(n) }
      })
      const seen: UserRecord[] = []
      await pipeline(
        Readable.from(inputs),
        new DeaggregateStream({ highWaterMark }),
        new AggregateStream({ ...options, highWaterMark, recordMaxBufferedTime: Infinity }),
        new DeaggregateStream({ highWaterMark }),
        slowSink(seen),
      )
      const expected = [...deaggregate(inputs)]
      t.same(byKey(seen), byKey(expected), `${name}, highWaterMark ${highWaterMark}`)
      if (options.groupBy === 'none') t.same(seen.map(told), expected.map(told), 'in one order')
    }
  }
})

t.test('explicit hash keys survive where all is wrapped', async (t) => {
  const members = Array.from({ length: 40 }, (_, n) => ({ partitionKey: `key ${n % 3}`, explicitHashKey: n % 2 === 0 ? String(n % 4) : undefined, data: String(n) }))
  const seen: UserRecord[] = []
  const aggregating = new AggregateStream<UserRecord>({ groupBy: 'none', loneRecord: 'wrap', recordMaxBufferedTime: Infinity })
  await pipeline(Readable.from([aggregateOf(members)]), new DeaggregateStream(), aggregating, new DeaggregateStream(), slowSink(seen))
  t.same(seen.map(({ explicitHashKey }) => explicitHashKey), members.map(({ explicitHashKey }) => explicitHashKey))
})

t.test('every way of reading the last stream gives the same', async (t) => {
  const members = Array.from({ length: 100 }, (_, n) => ({ partitionKey: 'a', data: String(n) }))
  for (const [way, read] of waysToRead<UserRecord>()) {
    const last = new DeaggregateStream({ highWaterMark: 3 })
    Readable.from([aggregateOf(members)])
      .pipe(new DeaggregateStream({ highWaterMark: 3 }))
      .pipe(new AggregateStream({ aggregationMaxCount: 7, highWaterMark: 3, recordMaxBufferedTime: Infinity }))
      .pipe(last)
    const { given } = await read(last)
    t.same(given.map((r) => r.text()), members.map(({ data }) => data), way)
  }
  await turn()
})
