import { inspect } from 'node:util'
import t from 'tap'
import { type KinesisInput, type UserRecord, deaggregate } from '../../lib/index.js'
import { aggregateOf } from '../../fixtures/aggregates.js'
import { caught } from '../../fixtures/reading.js'

// A user record as text, as JSON and in the log.

const one = (data: string | Buffer, options = {}): UserRecord[] =>
  [Buffer.from(data), aggregateOf([{ partitionKey: 'a', data }])].map((bytes) => [...deaggregate({ Data: bytes, SequenceNumber: '49' }, options)][0]!)

t.test('text() is the payload as UTF-8: a byte order mark stays, what is invalid becomes U+FFFD', (t) => {
  const texts: [Buffer, string][] = [
    [Buffer.from(''), ''],
    [Buffer.from('plain'), 'plain'],
    [Buffer.from('žluť 🐎'), 'žluť 🐎'],
    [Buffer.from('efbbbf7b7d', 'hex'), '\ufeff{}'],
    [Buffer.from('61ff62', 'hex'), 'a\ufffdb'],
    [Buffer.from('eda080', 'hex'), '\ufffd\ufffd\ufffd'],
  ]
  for (const [bytes, text] of texts) {
    for (const copy of [false, true]) for (const record of one(bytes, { copy })) t.equal(record.text(), text)
  }
  t.end()
})

t.test('text() is of the payload, not of its neighbours', (t) => {
  const records = [...deaggregate(aggregateOf(['one', '', 'three'].map((data) => ({ partitionKey: 'a', data }))))]
  t.same(records.map((r) => r.text()), ['one', '', 'three'])
  t.same(records.map((r) => [r.data, r.text()][1]), ['one', '', 'three'], 'also once data was touched')
  t.end()
})

t.test('json() parses the payload', (t) => {
  for (const record of one('{"a":[1,"ž",null]}')) t.same(record.json<{ a: unknown[] }>().a, [1, 'ž', null])
  for (const record of one('null')) t.equal(record.json(), null)
  t.end()
})

t.test('json() of what is no JSON is ERR_KPL_INVALID_JSON that tells which record', (t) => {
  for (const text of ['', '{', 'plain', '\ufeff{}', '{"a":1}x']) {
    for (const record of one(text)) {
      const error = caught(() => record.json())
      t.match(error, { code: 'ERR_KPL_INVALID_JSON', sequenceNumber: '49', subSequenceNumber: 0, cause: SyntaxError })
    }
  }
  const [unnumbered] = deaggregate(Buffer.from('{'))
  const error = caught(() => unnumbered!.json())
  t.match(error, { code: 'ERR_KPL_INVALID_JSON', subSequenceNumber: 0 })
  t.end()
})

t.test('toJSON() has all but the source; what is absent has no member', (t) => {
  const data = aggregateOf([
    { partitionKey: 'a', data: 'one' },
    { partitionKey: 'b', explicitHashKey: '5', data: '', tags: [{ key: 'k', value: 'v' }, { key: 'alone' }] },
  ])
  const [first, second] = deaggregate({ Data: data, SequenceNumber: '49', ApproximateArrivalTimestamp: 1545084650.987 })
  const expected = [
    { partitionKey: 'a', sequenceNumber: '49', subSequenceNumber: 0, aggregated: true, last: false, approximateArrivalTimestamp: '2018-12-17T22:10:50.987Z', data: 'b25l' },
    {
      partitionKey: 'b',
      explicitHashKey: '5',
      sequenceNumber: '49',
      subSequenceNumber: 1,
      aggregated: true,
      last: true,
      approximateArrivalTimestamp: '2018-12-17T22:10:50.987Z',
      tags: [{ key: 'k', value: 'v' }, { key: 'alone' }],
      data: '',
    },
  ]
  t.strictSame([first!.toJSON(), second!.toJSON()], expected)
  t.same(Object.keys(first!.toJSON()).filter((name) => !Object.hasOwn(expected[0]!, name)), [], 'not even with undefined')
  t.strictSame(JSON.parse(JSON.stringify([first, second])), expected, 'JSON.stringify')
  const [plain] = deaggregate({ data: 'eA==' })
  t.strictSame(plain!.toJSON(), { partitionKey: '', sequenceNumber: '', subSequenceNumber: 0, aggregated: false, last: true, data: 'eA==' })
  t.end()
})

t.test('toJSON() of a Date that is none leaves it out', (t) => {
  const [record] = deaggregate({ Data: 'eA==', ApproximateArrivalTimestamp: new Date(NaN) })
  t.notOk('approximateArrivalTimestamp' in record!.toJSON())
  t.end()
})

t.test('the JSON of a record is itself an input that says the same', (t) => {
  const input: KinesisInput = { Data: 'eA==', PartitionKey: 'p', SequenceNumber: '49', ApproximateArrivalTimestamp: 5 }
  const [first] = deaggregate(input)
  const [again] = deaggregate(first!.toJSON())
  t.match(again, { partitionKey: 'p', sequenceNumber: '49', subSequenceNumber: 0, approximateArrivalTimestamp: new Date(5000) })
  t.equal(again!.text(), 'x')
  t.end()
})

t.test('console.log shows the values and not the source', (t) => {
  const data = aggregateOf([{ partitionKey: 'key-a', explicitHashKey: '5', data: 'one' }])
  const [record] = deaggregate({ Data: data, SequenceNumber: '49', secret: 'only in the source' })
  const shown = inspect(record)
  t.match(shown, /^UserRecord \{/)
  for (const part of ["partitionKey: 'key-a'", "explicitHashKey: '5'", "sequenceNumber: '49'", 'subSequenceNumber: 0', 'aggregated: true', 'last: true', 'Buffer', '6f 6e 65']) {
    t.ok(shown.includes(part), part)
  }
  t.notMatch(shown, /secret|source/)
  t.notMatch(inspect(record, { showHidden: true, depth: 10 }), /secret/, 'not even of hidden members')
  t.end()
})
