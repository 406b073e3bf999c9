import t from 'tap'
import { type KinesisInput, type UserRecord, DeaggregateStream } from '../../lib/index.js'
import { aggregateOf } from '../../fixtures/aggregates.js'
import { line, lines } from '../../fixtures/reading.js'
import { turn, waysToRead } from '../../fixtures/streams.js'

// A chunk is a record or an iterable of records, which is never read further than needed.

const aggregate = (name: string, count: number) =>
  aggregateOf(Array.from({ length: count }, (_, n) => ({ partitionKey: `${name}${n % 3}`, data: `${name} ${n}` })))
const records: KinesisInput[] = [
  Buffer.from('first'),
  { Data: aggregate('a', 40), SequenceNumber: '1' },
  { kinesis: { data: aggregate('b', 1).toString('base64'), sequenceNumber: '2' } },
  { data: '', sequenceNumber: '3' },
  aggregate('c', 17),
  Buffer.from('last'),
]
const all = lines(records)

const cuts: [string, () => Iterable<KinesisInput | Iterable<KinesisInput>>][] = [
  ['one record each', () => records],
  ['one array', () => [records]],
  ['two arrays', () => [records.slice(0, 2), records.slice(2)]],
  ['a Set', () => [new Set(records)]],
  ['a generator', () => [(function* () { yield* records })()]],
  ['an array, nothing, a record and a generator', () => [records.slice(0, 1), [], records[1]!, new Set<KinesisInput>(), records.slice(2).values()]],
]

for (const [cut, chunks] of cuts) {
  for (const highWaterMark of [1, 3, 16, 1000]) {
    t.test(`${cut}, highWaterMark ${highWaterMark}: every way of reading gives all, in order`, async (t) => {
      for (const [way, read] of waysToRead<UserRecord>()) {
        const stream = new DeaggregateStream({ highWaterMark })
        for (const chunk of chunks()) stream.write(chunk)
        stream.end()
        const { given, error } = await read(stream)
        t.same(given.map(line), all, way)
        t.equal(error, undefined)
      }
    })
  }
}

t.test('an iterable chunk is read no further than there is room for', async (t) => {
  for (const highWaterMark of [1, 2, 16]) {
    let pulled = 0
    const stream = new DeaggregateStream({ readableHighWaterMark: highWaterMark })
    stream.write((function* () { for (;;) yield Buffer.from(String(pulled++)) })())
    const ahead: number[] = []
    for (let read = 0; read < 50; read++) {
      await turn()
      ahead.push(pulled - read)
      t.equal(stream.read()?.text(), String(read))
    }
    t.ok(Math.max(...ahead) <= highWaterMark, `${Math.max(...ahead)} ahead of the reader`)
    stream.destroy()
  }
})

t.test('a chunk is not touched before there is room for what it gives', async (t) => {
  const stream = new DeaggregateStream({ readableHighWaterMark: 2 })
  stream.write(aggregate('a', 10))
  let touched = false
  stream.write({ [Symbol.iterator]: () => {
    touched = true
    return [][Symbol.iterator]()
  } })
  for (let n = 0; n < 8; n++) {
    await turn()
    stream.read()
    t.notOk(touched, `${9 - n} of 10 are unread`)
  }
  stream.end()
  for await (const _ of stream);
  t.ok(touched)
})

t.test("write callbacks run in order, once a chunk's user records are in the readable side", async (t) => {
  const events: string[] = []
  const stream = new DeaggregateStream({ highWaterMark: 2 })
  const names = ['a', 'b', 'c', 'd']
  for (const name of names) stream.write(aggregate(name, 3), (error) => events.push(`written ${name} ${error ?? ''}`.trim()))
  stream.end()
  for await (const record of stream) events.push(record.text())
  for (const name of names) {
    const written = events.indexOf(`written ${name}`)
    t.equal(events.filter((event) => event === `written ${name}`).length, 1)
    t.ok(written > events.indexOf(`${name} 0`), `${name}: not before its first record could be read with a highWaterMark of 2`)
  }
  t.same(events.filter((event) => event.startsWith('written')), names.map((name) => `written ${name}`))
})

t.test('what is no record is refused in its turn, like a record', async (t) => {
  for (const chunk of ['text', 5, undefined, {}, { Records: [] }, new Uint16Array(1), [5]]) {
    const stream = new DeaggregateStream()
    stream.write(Buffer.from('before'))
    stream.write(chunk as never)
    const read: string[] = []
    await t.rejects((async () => { for await (const record of stream) read.push(record.text()) })(), { code: 'ERR_KPL_INVALID_INPUT' })
    t.same(read, ['before'])
  }
})

t.test('no chunks, and chunks of nothing', async (t) => {
  for (const chunks of [[], [[]], [[], []]]) {
    const stream = new DeaggregateStream()
    for (const chunk of chunks) stream.write(chunk)
    stream.end()
    t.same(await stream.toArray(), [])
  }
})
