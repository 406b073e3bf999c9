import t from 'tap'
import { Aggregator, type AggregatorOptions, type PutRecordsEntry, type UserRecordInput } from '../../lib/index.js'
import { aggregateOf } from '../../fixtures/aggregates.js'
import { type Draw, draw } from '../../fixtures/random.js'
import { caught } from '../../fixtures/reading.js'

// One byte under, at and over each limit on sizes. How large an aggregate would be is
// taken from aggregates made by hand, not from the library.

const sizeOf = (...records: UserRecordInput[]) => aggregateOf(records).length

/** A record of `fields` with so much data that `measure` gives exactly `size`. */
const sized = (size: number, measure: (record: UserRecordInput) => number, fields: Partial<UserRecordInput> = {}): UserRecordInput => {
  for (let length = size; length >= 0; length--) {
    const record = { partitionKey: 'a', ...fields, data: Buffer.alloc(length, 'x') }
    const found = measure(record)
    if (found === size) return record
    // Far from it yet: what is too much can be left out at once.
    if (found > size + 20) length -= found - size - 20
  }
  throw new Error(`no record of ${size} bytes`)
}

const all = (records: readonly UserRecordInput[], options: AggregatorOptions) => {
  const aggregator = new Aggregator(options)
  return [...records.flatMap((record) => aggregator.add(record)), ...aggregator.flush()]
}
const counts = (entries: readonly PutRecordsEntry[]) => entries.map(({ userRecords }) => userRecords.length)

t.test('aggregationMaxSize: magic, message and digest; the outer partition key is not counted', (t) => {
  const first = { partitionKey: 'a', data: 'first' }
  const options: [number, AggregatorOptions][] = [
    [51_200, {}],
    [60, { aggregationMaxSize: 60 }],
    [1000, { aggregationMaxSize: 1000 }],
    [1_048_000, { aggregationMaxSize: 1_048_000 }],
    [1000, { aggregationMaxSize: 1000, outerKey: 'kpl' }],
  ]
  for (const [limit, option] of options) {
    for (const size of [limit - 1, limit, limit + 1]) {
      const entries = all([first, sized(size, (record) => sizeOf(first, record))], option)
      t.same(counts(entries), size <= limit ? [2] : [1, 1], `${size} of ${limit}`)
      if (size <= limit) t.equal(entries[0]!.Data.length, size, `${size} of ${limit}: exactly`)
    }
  }
  t.end()
})

t.test('maxRecordSize of an aggregate: its data and its outer partition key together', (t) => {
  const limit = 2000
  for (const partitionKey of ['a', 'é'.repeat(20), '😀'.repeat(100)]) {
    const first = { partitionKey, data: 'first' }
    for (const outerKey of ['first', 'kpl'] as const) {
      const outer = outerKey === 'kpl' ? 1 : Buffer.byteLength(partitionKey)
      for (const size of [limit - 1, limit, limit + 1]) {
        const second = sized(size - outer, (record) => sizeOf(first, record), { partitionKey })
        const entries = all([first, second], { maxRecordSize: limit, aggregationMaxSize: limit, outerKey })
        t.same(counts(entries), size <= limit ? [2] : [1, 1], `${size} of ${limit}, ${outerKey}, key of ${outer}`)
        if (size <= limit) t.equal(entries[0]!.size, size)
      }
    }
  }
  t.end()
})

t.test('a record too large for an aggregate closes that of its group, and leaves alone at once', (t) => {
  const limit = 1000
  const first = { partitionKey: 'a', data: 'first' }
  const elsewhere = { partitionKey: 'elsewhere', data: '' }
  for (const size of [limit - 1, limit, limit + 1, limit + 5000]) {
    const large = sized(size, sizeOf)
    const aggregator = new Aggregator({ aggregationMaxSize: limit })
    for (const record of [first, elsewhere, first]) aggregator.add(record)
    const entries = aggregator.add(large)
    if (size <= limit) {
      t.same(counts(entries), [2], `${size} of ${limit}: it waits for others`)
      t.equal(aggregator.pendingRecords, 2)
    } else {
      t.same(counts(entries), [2, 1], `${size} of ${limit}: after what came before it`)
      t.equal(entries[1]!.userRecords[0], large)
      t.equal(entries[1]!.aggregated, false)
      t.same(entries[1]!.Data, large.data)
      t.equal(aggregator.pendingRecords, 1, 'other groups stay open')
      t.same(counts(aggregator.add(first)), [], 'the next one begins a new aggregate')
    }
  }
  t.end()
})

t.test('maxRecordSize of a raw record: its data and its partition key together', (t) => {
  for (const limit of [500, 1_048_576, 10_485_760]) {
    for (const partitionKey of ['a', '水'.repeat(100)]) {
      const raw = (record: UserRecordInput) => record.data.length + Buffer.byteLength(partitionKey)
      for (const options of [{}, { outerKey: 'kpl' }, { aggregationEnabled: false }] as AggregatorOptions[]) {
        const aggregator = new Aggregator({ ...options, maxRecordSize: limit, aggregationMaxSize: 100 })
        for (const size of [limit - 1, limit]) {
          const entries = aggregator.add(sized(size, raw, { partitionKey, explicitHashKey: '5' }))
          t.same(entries.map((entry) => [entry.size, entry.aggregated]), [[size, false]], `${size} of ${limit}, ${JSON.stringify(options)}`)
        }
        const error = caught(() => aggregator.add(sized(limit + 1, raw, { partitionKey })))
        t.match(error, { code: 'ERR_KPL_RECORD_TOO_LARGE', size: limit + 1, limit }, `${limit + 1} of ${limit}, ${JSON.stringify(options)}`)
      }
    }
  }
  t.end()
})

t.test('maxRecordSize of a record that must be wrapped: as an aggregate, with its outer partition key', (t) => {
  const limit = 5000
  const magic = Buffer.from('f3899ac2', 'hex')
  const forms: [string, Partial<UserRecordInput>, AggregatorOptions, number][] = [
    ["loneRecord: 'wrap'", {}, { loneRecord: 'wrap' }, 1],
    ['with an explicit hash key', { explicitHashKey: '12345' }, { loneRecord: 'wrap' }, 1],
    ['tags', { tags: [{ key: 'k', value: 'v' }] }, {}, 1],
    ['a longer key', { partitionKey: '水水', tags: [{ key: 'k' }] }, {}, 6],
    ["a longer key, outerKey: 'kpl'", { partitionKey: '水水', tags: [{ key: 'k' }] }, { outerKey: 'kpl' }, 1],
  ]
  for (const [name, fields, options, outer] of forms) {
    for (const aggregationMaxSize of [100, limit]) {
      const aggregator = new Aggregator({ ...options, maxRecordSize: limit, aggregationMaxSize })
      const wrapped = (record: UserRecordInput) => sizeOf(record) + outer
      for (const size of [limit - 1, limit]) {
        const entries = [...aggregator.add(sized(size, wrapped, fields)), ...aggregator.flush()]
        t.same(entries.map((entry) => [entry.size, entry.aggregated]), [[size, true]], `${size} of ${limit}: ${name}`)
      }
      const error = caught(() => aggregator.add(sized(limit + 1, wrapped, fields)))
      t.match(error, { code: 'ERR_KPL_RECORD_TOO_LARGE', size: limit + 1, limit }, `${limit + 1} of ${limit}: ${name}`)
    }
  }
  const lookalike = (length: number) => ({ partitionKey: 'a', data: Buffer.concat([magic, Buffer.alloc(length)]) })
  const most = Array.from({ length: limit }, (_, length) => length).findLast((length) => sizeOf(lookalike(length)) + 1 <= limit)!
  const aggregator = new Aggregator({ maxRecordSize: limit })
  t.equal([...aggregator.add(lookalike(most)), ...aggregator.flush()][0]!.size, limit, 'a look-alike at the limit')
  t.match(caught(() => aggregator.add(lookalike(most + 1))), { code: 'ERR_KPL_RECORD_TOO_LARGE', size: limit + 1, limit }, 'a look-alike over the limit')
  t.end()
})

const someRecord = (random: Draw): UserRecordInput => ({
  partitionKey: random.text(random.pick([1, 1, 2, 40, 256])),
  data: Buffer.alloc(random.pick([0, 10, 100, 800, 1500, 2100])),
  explicitHashKey: random.pick([undefined, undefined, '7', '123456789']),
  tags: random.pick([undefined, undefined, undefined, [{ key: random.text(3), value: random.text(20) }]]),
})

t.test('nothing ever leaves larger than a limit, and nothing leaves that had room for the next', (t) => {
  const random = draw(t, 11)
  const wrong: string[] = []
  let together = 0
  for (let round = 0; round < 60; round++) {
    const maxRecordSize = random.pick([2500, 3000, 4000])
    const aggregationMaxSize = random.pick([300, 1000, maxRecordSize - 5, maxRecordSize])
    const aggregationMaxCount = random.pick([3, 1000])
    const outerKey = random.pick(['first', 'kpl'] as const)
    const records = Array.from({ length: 60 }, () => someRecord(random))
    const aggregator = new Aggregator({ groupBy: 'none', maxRecordSize, aggregationMaxSize, aggregationMaxCount, outerKey, loneRecord: random.pick(['raw', 'wrap'] as const) })
    const entries = []
    for (const record of records) {
      try {
        entries.push(...aggregator.add(record))
      } catch (error) {
        if ((error as { code: string }).code !== 'ERR_KPL_RECORD_TOO_LARGE') throw error
      }
    }
    entries.push(...aggregator.flush())
    const fits = (...members: UserRecordInput[]) => {
      const outer = outerKey === 'kpl' ? 1 : Buffer.byteLength(members[0]!.partitionKey)
      return sizeOf(...members) <= Math.min(aggregationMaxSize, maxRecordSize - outer)
    }
    for (const [n, { userRecords, size, Data }] of entries.entries()) {
      if (size > maxRecordSize) wrong.push(`round ${round}, entry ${n}: ${size} bytes`)
      if (userRecords.length > 1 && Data.length > aggregationMaxSize) wrong.push(`round ${round}, entry ${n}: an aggregate of ${Data.length} bytes`)
      if (userRecords.length > aggregationMaxCount) wrong.push(`round ${round}, entry ${n}: ${userRecords.length} user records`)
      if (userRecords.length > 1) together++
      const next = entries[n + 1]?.userRecords[0]
      if (next === undefined || userRecords.length === aggregationMaxCount || !fits(...userRecords) || !fits(next)) continue
      if (fits(...userRecords, next)) wrong.push(`round ${round}, entry ${n}: had room`)
    }
  }
  t.same(wrong, [])
  t.ok(together > 200, `${together} aggregates of several user records`)
  t.end()
})

t.test('a user record too large for others, by the outer key that it would have, leaves alone: as bytes and as text, whatever there is in memory', (t) => {
  const long = '😀'.repeat(256)
  const short = (partitionKey: string, length: number, asText: boolean) => ({ partitionKey, data: asText ? 'x'.repeat(length) : Buffer.alloc(length, 'x') })
  for (const asText of [true, false]) {
    for (let before = 0; before < 6; before++) {
      const records = [...Array.from({ length: before }, () => short('a', 100, asText)), short('a', 1, asText), short(long, 1, asText), short(long, 100, asText)]
      const entries = all(records, { groupBy: 'none', maxRecordSize: 2170 })
      t.same(counts(entries), [before + 2, 1], `${asText ? 'text' : 'bytes'}, ${before} before`)
    }
    const aggregator = new Aggregator({ groupBy: 'none', maxRecordSize: 256, loneRecord: 'wrap' })
    for (let n = 0; n < 9; n++) aggregator.add(short('a', 10, asText))
    aggregator.flush()
    const key = 'k'.repeat(100)
    for (const partitionKey of ['a', key]) aggregator.add(short(partitionKey, 1, asText))
    t.match(caught(() => aggregator.add(short(key, 40, asText))), { code: 'ERR_KPL_RECORD_TOO_LARGE', size: 268, limit: 256 })
  }
  t.end()
})
