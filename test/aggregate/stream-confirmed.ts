import { Readable, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import t from 'tap'
import { AggregateStream, type PutRecordsEntry, type UserRecordInput } from '../../lib/index.js'
import { type Draw, draw } from '../../fixtures/random.js'
import { turn } from '../../fixtures/streams.js'
import { readBack, shown } from '../../fixtures/writing.js'

// A record whose write callback ran without error is in an entry that was read, or in
// takePending(): wherever the stream was stopped, and however it was read until then.

const records = (random: Draw, count: number) => {
  return Array.from({ length: count }, (_, n) => ({ partitionKey: random.pick(['a', 'b', 'c', 'd']), data: `${n}${'x'.repeat(random.below(50))}` }))
}
const options = (random: Draw) => ({
  readableHighWaterMark: random.between(1, 4),
  writableHighWaterMark: random.between(1, 20),
  recordMaxBufferedTime: random.pick([0, 1, Infinity]),
  aggregationMaxSize: random.pick([100, 400]),
  aggregationMaxCount: random.pick([1, 3, 100]),
  maxPendingBytes: random.pick([1200, 1e6]),
})

/** What is wrong, if anything: a confirmed record that is nowhere, one twice, or out of order. */
const check = (written: UserRecordInput[], confirmed: UserRecordInput[], entries: PutRecordsEntry[]) => {
  const out = entries.flatMap(({ userRecords }) => userRecords)
  const had = new Set(out)
  const position = new Map(written.map((record, n) => [record, n]))
  const wrong = confirmed.filter((record) => !had.has(record)).map((record) => `${shown(record)} is lost`)
  if (had.size !== out.length) wrong.push('a user record is there twice')
  for (const key of ['a', 'b', 'c', 'd']) {
    const positions = out.filter(({ partitionKey }) => partitionKey === key).map((record) => position.get(record)!)
    if (positions.some((place, n) => n > 0 && place < positions[n - 1]!)) wrong.push(`the order of ${key}`)
  }
  if (readBack(entries).join() !== out.map(shown).join()) wrong.push('what is read is not what userRecords says')
  return wrong
}

t.test('destroyed half-way, in a random schedule of writes, reads and rests', async (t) => {
  const random = draw(t, 21)
  const wrong: string[] = []
  let confirmedInAll = 0
  let takenInAll = 0
  for (let round = 0; round < 300; round++) {
    const stream = new AggregateStream(options(random))
    stream.on('error', () => undefined)
    const written = records(random, 80)
    const confirmed: UserRecordInput[] = []
    const entries: PutRecordsEntry[] = []
    const take = () => {
      const entry = stream.read() as PutRecordsEntry | null
      if (entry !== null) entries.push(entry)
    }
    let next = 0
    for (let step = random.between(5, 150); step > 0; step--) {
      const action = random.below(20)
      if (action < 12 && next < written.length) {
        const record = written[next++]!
        stream.write(record, (error) => error ?? confirmed.push(record))
      } else if (action < 16) take()
      else if (action < 18) await turn()
      else if (action === 18) stream.flush()
      else if (random.oneIn(4)) entries.push(...stream.takePending())
    }
    const fail = random.below(4)
    if (fail === 0) stream.destroy()
    else if (fail === 1) stream.destroy(new Error('own'))
    else if (fail === 2) stream.write({ partitionKey: '', data: '' })
    if (random.oneIn(2)) await turn()
    if (random.oneIn(2)) take()
    await turn()
    const before = entries.length
    entries.push(...stream.takePending())
    takenInAll += entries.length - before
    // Nothing is confirmed any more after this: a stream that was not stopped is.
    if (fail === 3) stream.destroy()
    const known = [...confirmed]
    confirmedInAll += known.length
    wrong.push(...check(written, known, entries).map((text) => `round ${round}: ${text}`))
  }
  t.same(wrong, [])
  t.ok(confirmedInAll > 5000 && takenInAll > 500, `${confirmedInAll} confirmed, ${takenInAll} entries taken`)
})

t.test('a pipeline whose sink fails', async (t) => {
  const random = draw(t, 22)
  const wrong: string[] = []
  for (let round = 0; round < 60; round++) {
    const stream = new AggregateStream(options(random))
    const written = records(random, 150)
    const confirmed: UserRecordInput[] = []
    const write = stream.write.bind(stream) as (record: UserRecordInput, callback: (error?: Error | null) => void) => boolean
    stream.write = ((record: UserRecordInput) => write(record, (error) => error ?? confirmed.push(record))) as typeof stream.write
    const entries: PutRecordsEntry[] = []
    let left = random.between(1, 20)
    const sink = new Writable({
      objectMode: true,
      // What a sink has in hand and in its queue when it fails is its own loss, so it has no queue here.
      highWaterMark: 1,
      write(entry: PutRecordsEntry, _encoding, done) {
        entries.push(entry)
        setImmediate(done, left-- === 0 ? new Error('own') : null)
      },
    })
    await pipeline(Readable.from(written), stream, sink).catch(() => undefined)
    await turn()
    entries.push(...stream.takePending())
    wrong.push(...check(written, confirmed, entries).map((text) => `round ${round}: ${text}`))
  }
  t.same(wrong, [])
})
