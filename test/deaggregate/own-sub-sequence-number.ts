import t from 'tap'
import { type KinesisInput, deaggregate } from '../../lib/index.js'
import { aggregateOf, frame, withWrongDigest } from '../../fixtures/aggregates.js'
import { caught, lines } from '../../fixtures/reading.js'

// An input with a sub-sequence number of its own was deaggregated by somebody
// else already (Firehose, aws-kcl). It is delivered as it is.

const aggregate = aggregateOf([{ partitionKey: 'inner', data: 'one' }, { partitionKey: 'inner', data: 'two' }])

/** Every shape that can carry the number. */
const shapes: [string, (number: unknown, data: Uint8Array | string) => KinesisInput][] = [
  ['aws-kcl', (n, data) => ({ data, partitionKey: 'p', sequenceNumber: '4', subSequenceNumber: n }) as KinesisInput],
  ['kinesis', (n, data) => ({ kinesis: { data, partitionKey: 'p', sequenceNumber: '4', subSequenceNumber: n } }) as KinesisInput],
  ['Firehose', (n, data) => ({ recordId: '1', data, kinesisRecordMetadata: { partitionKey: 'p', sequenceNumber: '4', subsequenceNumber: n } }) as KinesisInput],
]

const bad = [-1, 1.5, NaN, Infinity, 2 ** 53, 1n, true, {}, [], [7], ['7'], Object('7'), Symbol('7'), new Date(7)]
const badTexts = ['-1', '-0', '1.5', '01', '1e3', ' 1', '1 ', '+1', '0x1', 'x', '9007199254740992']

function outcome(input: KinesisInput): unknown {
  try {
    return lines(input)
  } catch (error) {
    return (error as { code?: unknown }).code
  }
}

for (const [name, make] of shapes) {
  t.test(`${name}: a number or its decimal text is kept`, (t) => {
    for (const number of [0, '0', 7, '7', Number.MAX_SAFE_INTEGER, String(Number.MAX_SAFE_INTEGER)]) {
      t.same(lines(make(number, 'eA==')), [`4/${number} p=x`], `${typeof number} ${number}: neither aggregated nor last`)
    }
    t.end()
  })

  t.test(`${name}: missing, null and '' are none`, (t) => {
    for (const none of [undefined, null, '']) {
      t.same(lines(make(none, aggregate)), ['4/0 inner=one (aggregated)', '4/1 inner=two (aggregated last)'], String(none))
    }
    t.end()
  })

  t.test(`${name}: anything else is refused`, (t) => {
    const accepted = [...bad, ...badTexts].filter((number) => outcome(make(number, 'eA==')) !== 'ERR_KPL_INVALID_INPUT')
    t.same(accepted.map(String), [])
    const input = make('-1', 'eA==')
    t.match(caught(() => lines(input)), { message: /sub-sequence number.*-1/, input })
    t.end()
  })
}

t.test('it is not opened: not an aggregate, not a broken one, not one out of range', (t) => {
  const options = { digestMismatch: 'error', malformed: 'error', hashKeyRange: { startingHashKey: '1', endingHashKey: '1' } } as const
  for (const data of [aggregate, withWrongDigest(aggregate), frame(Buffer.from('garbage')), Buffer.from('plain'), Buffer.alloc(0)]) {
    const records = [...deaggregate(shapes[0]![1](3, data), { ...options, onHidden: () => t.fail('hidden') })]
    t.equal(records.length, 1)
    t.ok(records[0]!.data.equals(data))
    t.match(records[0], { subSequenceNumber: 3, aggregated: false, last: false, explicitHashKey: undefined, tags: undefined, partitionKey: 'p' })
  }
  t.end()
})

t.test('its text must still be base64', (t) => {
  t.equal(caught(() => lines(shapes[0]![1](3, 'x'))).code, 'ERR_KPL_INVALID_BASE64')
  t.end()
})

t.test('after goes by its own number', (t) => {
  const records = [0, 1, 2].map((n) => shapes[0]![1](n, 'eA=='))
  t.same(lines(records, { after: { sequenceNumber: '4', subSequenceNumber: 1 } }), ['4/2 p=x'])
  t.same(lines(records, { after: { sequenceNumber: '4' } }), [])
  t.same(lines(records, { after: { sequenceNumber: '3' } }).length, 3)
  t.end()
})
