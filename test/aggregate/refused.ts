import t from 'tap'
import { Aggregator, type KplErrorCode, type UserRecordInput } from '../../lib/index.js'
import { caught } from '../../fixtures/reading.js'
import { goneBytes } from '../../fixtures/gone.js'
import { type Draw, draw } from '../../fixtures/random.js'

/** Half of the payloads as bytes: short ones have a way of their own. */
const asBytes = (random: Draw, text: string): string | Buffer => (random.oneIn(2) ? Buffer.from(text) : text)

// A refused record changes nothing: not the counters, and not one byte of what leaves.

const refused: [KplErrorCode, unknown][] = [
  ['ERR_KPL_INVALID_INPUT', undefined],
  ['ERR_KPL_INVALID_INPUT', null],
  ['ERR_KPL_INVALID_INPUT', 5],
  ['ERR_KPL_INVALID_INPUT', 'text'],
  ['ERR_KPL_INVALID_PARTITION_KEY', {}],
  ['ERR_KPL_INVALID_PARTITION_KEY', { data: 'x' }],
  ['ERR_KPL_INVALID_PARTITION_KEY', { partitionKey: '', data: 'x' }],
  ['ERR_KPL_INVALID_EXPLICIT_HASH_KEY', { partitionKey: 'new key 1', data: 'x', explicitHashKey: 'x' }],
  ['ERR_KPL_INVALID_INPUT', { partitionKey: 'new key 2', explicitHashKey: '99' }],
  ['ERR_KPL_INVALID_INPUT', { partitionKey: 'new key 3', explicitHashKey: '98', data: null }],
  ['ERR_KPL_INVALID_INPUT', { partitionKey: 'a', data: 'eA==', sequenceNumber: '49' }],
  ['ERR_KPL_INVALID_INPUT', { partitionKey: 'a', data: 'x', tags: [{}] }],
  ['ERR_KPL_RECORD_TOO_LARGE', { partitionKey: 'new key 4', explicitHashKey: '97', data: Buffer.alloc(5000) }],
  ['ERR_KPL_RECORD_TOO_LARGE', { partitionKey: 'a', data: Buffer.alloc(2990), tags: [{ key: 'k' }] }],
]

t.test('each has its code, and is the input of its error', (t) => {
  const aggregator = new Aggregator({ maxRecordSize: 3000 })
  for (const [code, record] of refused) {
    const error = caught(() => aggregator.add(record as UserRecordInput))
    t.equal(error.code, code, JSON.stringify(record)?.slice(0, 80))
    t.equal(error.input, record)
  }
  t.equal(aggregator.pendingRecords, 0)
  t.equal(aggregator.pendingBytes, 0)
  t.same(aggregator.flush(), [])
  t.end()
})

t.test('a run with refused records gives the bytes of a run without them', (t) => {
  const random = draw(t, 12)
  for (const options of [{}, { groupBy: 'none' }, { groupBy: 'none', aggregationMaxSize: 300 }, { aggregationMaxCount: 3 }, { loneRecord: 'wrap', outerKey: 'kpl' }, { maxPendingBytes: 2000 }] as const) {
    const [without, with_] = [new Aggregator({ ...options, maxRecordSize: 3000 }), new Aggregator({ ...options, maxRecordSize: 3000 })]
    const out: [string[], string[]] = [[], []]
    const put = (aggregator: Aggregator, into: string[], record: UserRecordInput) => into.push(...aggregator.add(record).map((entry) => JSON.stringify(entry)))
    const wrong: string[] = []
    for (let n = 0; n < 400; n++) {
      const record = { partitionKey: random.pick(['a', 'b', 'c']), data: asBytes(random, random.text(random.below(60))), explicitHashKey: random.pick([undefined, '1', '2']) }
      put(without, out[0], record)
      if (random.oneIn(2)) {
        const before = [with_.pendingRecords, with_.pendingBytes]
        caught(() => with_.add(random.pick(refused)[1] as UserRecordInput))
        if (before.join() !== [with_.pendingRecords, with_.pendingBytes].join()) wrong.push(`after record ${n}: ${before} became ${with_.pendingRecords},${with_.pendingBytes}`)
      }
      put(with_, out[1], record)
    }
    out[0].push(...without.flush().map((entry) => JSON.stringify(entry)))
    out[1].push(...with_.flush().map((entry) => JSON.stringify(entry)))
    t.same(wrong, [], JSON.stringify(options))
    t.same(out[1], out[0], JSON.stringify(options))
  }
  t.end()
})

t.test('bytes that are gone are refused, where others of their key wait too', (t) => {
  const aggregator = new Aggregator()
  for (const data of [Buffer.of(1), 'text']) aggregator.add({ partitionKey: 'a', data })
  for (const data of goneBytes()) {
    const error = caught(() => aggregator.add({ partitionKey: 'a', data }))
    t.match(error, { code: 'ERR_KPL_INVALID_INPUT', message: /still there/ })
  }
  aggregator.add({ partitionKey: 'a', data: new Uint8Array() })
  t.equal(aggregator.pendingRecords, 3, 'and bytes that are none are taken')
  t.end()
})

t.test('what a getter of the record throws comes out as it is, and changes nothing', (t) => {
  const aggregator = new Aggregator()
  aggregator.add({ partitionKey: 'a', data: 'x' })
  const bytes = aggregator.pendingBytes
  const own = new Error('own')
  for (const name of ['partitionKey', 'explicitHashKey', 'data', 'tags']) {
    const record = { partitionKey: 'b', data: 'y', get [name](): never { throw own } }
    t.throws(() => aggregator.add(record as unknown as UserRecordInput), own, name)
  }
  t.equal(aggregator.pendingRecords, 1)
  t.equal(aggregator.pendingBytes, bytes)
  t.end()
})
