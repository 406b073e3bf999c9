// The faults of aws-kinesis-agg, lifion-kinesis and the Python and Go deaggregators in
// reading, and of the first in handling its input: that kpl-codec does it right.
import { PassThrough, Readable, finished, pipeline } from 'node:stream'
import t from 'tap'
import { loadEdgeVectors } from '../fixtures/load.js'
import { Aggregator, DeaggregateStream, type KplError, type UserRecord, deaggregate, encodeAggregate } from '../lib/index.js'

const vectors = new Map(loadEdgeVectors().map((vector) => [vector.name, vector]))

function vector(name: string): { data: Buffer; partitionKey: string } {
  return vectors.get(name)!
}

t.test('a user record without an explicit hash key has none, whatever its neighbours have', (t) => {
  const explicitHashKeys = (name: string) => Array.from(deaggregate(vector(name)), ({ explicitHashKey }) => explicitHashKey)
  t.strictSame(explicitHashKeys('good-mixed-ehk'), [undefined, '5'])
  t.strictSame(explicitHashKeys('table-unused'), [undefined], 'nor what nobody has')
  t.end()
})

t.test('an aggregate is given out whole or not at all: no user record of it comes before its error', (t) => {
  for (const name of ['index-second-record-out', 'missing-data-second', 'varint-index-2-32', 'wrong-type-key-index']) {
    const given: UserRecord[] = []
    t.throws(() => {
      for (const record of deaggregate(vector(name))) given.push(record)
    }, { code: 'ERR_KPL_MALFORMED' }, name)
    t.equal(given.length, 0)
  }
  t.end()
})

t.test('a bad record does not take the others of its batch with it', (t) => {
  const rejected: [string, unknown][] = []
  const batch = [vector('good-two-keys'), vector('wire-type-6'), vector('plain-text'), vector('missing-data'), vector('good-one-record')]
  const given = [...deaggregate(batch, { onRejected: (error, source) => rejected.push([error.code, source]) })]
  t.strictSame(given.map(({ source }) => batch.indexOf(source as never)), [0, 0, 2, 4])
  t.strictSame(rejected, [['ERR_KPL_MALFORMED', batch[1]], ['ERR_KPL_MALFORMED', batch[3]]], 'each is told once, with what it is about')
  t.end()
})

t.test('one failure is told once: one error event, one call of the callback', (t) => {
  const calls: unknown[] = []
  const events: unknown[] = []
  const writes: unknown[] = []
  const stream = new DeaggregateStream()
  stream.on('error', (error) => events.push(error))
  finished(stream, (error) => calls.push(error))
  stream.resume()
  for (const name of ['good-two-keys', 'missing-data', 'wire-type-6', 'good-one-record']) stream.write(vector(name), (error) => writes.push(error?.message))
  // Later than anything that the end of the stream brings about.
  const check = () => {
    t.match(events, [{ code: 'ERR_KPL_MALFORMED' }])
    t.equal(events.length, 1)
    t.strictSame(calls, events)
    t.equal(writes.length, 4, 'each write has its answer, and one only')
    t.equal(writes[0], undefined)
    t.end()
  }
  stream.on('close', () => setImmediate(() => setImmediate(check)))
})

t.test('a pipeline with a bad record fails, and does not hang', (t) => {
  const given: UserRecord[] = []
  const calls: (KplError | null | undefined)[] = []
  const keep = new PassThrough({ objectMode: true, highWaterMark: 1 }).on('data', (record: UserRecord) => given.push(record))
  pipeline(Readable.from([vector('good-two-keys'), vector('cut-30'), vector('good-one-record')]), new DeaggregateStream(), keep, (error) => {
    calls.push(error as KplError)
    setImmediate(() => {
      t.strictSame(calls.map((call) => call?.code), ['ERR_KPL_MALFORMED'], 'called back once')
      t.equal(given.length, 2, 'after what came before it')
      t.end()
    })
  })
})

t.test('a wrong MD5 is looked at, and is no error by itself', (t) => {
  for (const name of ['md5-last-bit', 'md5-zero', 'md5-body-bit', 'two-frames', 'magic-only', 'magic-plus-15']) {
    const { data } = vector(name)
    t.strictSame(Array.from(deaggregate({ data }), (record) => [record.aggregated, record.data]), [[false, data]], name)
  }
  t.end()
})

t.test('empty data is data', (t) => {
  for (const data of ['', Buffer.alloc(0), new Uint8Array(0)]) {
    const records = [{ partitionKey: 'a', data }, { partitionKey: 'b', data: 'x' }, { partitionKey: 'a', data }]
    const [only] = packed(records)
    t.strictSame(Array.from(deaggregate(only!), (record) => [record.partitionKey, record.text()]), [['a', ''], ['b', 'x'], ['a', '']])
  }
  t.end()
})

t.test('the first key of a table is known again: index 0 is an index', (t) => {
  const record = { partitionKey: 'some key', explicitHashKey: '7', data: 'x' }
  const sizes = [1, 2, 3].map((count) => encodeAggregate(Array<typeof record>(count).fill(record)).length)
  t.equal(sizes[2]! - sizes[1]!, sizes[1]! - sizes[0]!, 'the second and the third add as much')
  t.equal(sizes[1]! - sizes[0]!, 2 + 2 + 2 + 2 + 1, 'and no key')
  t.end()
})

t.test('a refused user record changes nothing: not the size, not the keys, not what comes after', (t) => {
  const refused: unknown[] = [
    { partitionKey: 'never seen', data: Buffer.alloc(1_048_576) },
    { partitionKey: 'never seen', explicitHashKey: '-1', data: 'x' },
    { partitionKey: '', explicitHashKey: '5', data: 'x' },
    { partitionKey: 'never seen', explicitHashKey: '5', data: 12 },
    { partitionKey: 'never seen', explicitHashKey: '5', data: 'x', tags: [{ key: 1 }] },
    { partitionKey: 'never seen', explicitHashKey: '5' },
  ]
  const accepted = [{ partitionKey: 'a', data: 'one' }, { partitionKey: 'b', explicitHashKey: '6', data: 'two' }]
  const aggregator = new Aggregator({ groupBy: 'none' })
  for (const record of accepted) {
    aggregator.add(record)
    const before = [aggregator.pendingRecords, aggregator.pendingBytes]
    for (const bad of refused) t.throws(() => aggregator.add(bad as never), { name: 'KplError' })
    t.strictSame([aggregator.pendingRecords, aggregator.pendingBytes], before)
  }
  const [entry] = aggregator.flush()
  t.strictSame(entry!.Data, encodeAggregate(accepted))
  t.end()
})

t.test('what is no user record is refused with a code, before it is measured', (t) => {
  const aggregator = new Aggregator()
  for (const nothing of [undefined, null, 7, 'text', {}, { partitionKey: 'a' }, { data: 'x' }, { partitionKey: 5, data: 'x' }, { partitionKey: null, data: 'x' }]) {
    t.throws(() => aggregator.add(nothing as never), { code: /^ERR_KPL_INVALID_(INPUT|PARTITION_KEY)$/ })
  }
  t.end()
})

function packed(records: { partitionKey: string; data: string | Uint8Array }[]) {
  const aggregator = new Aggregator({ groupBy: 'none' })
  return [...records.flatMap((record) => aggregator.add(record)), ...aggregator.flush()]
}
