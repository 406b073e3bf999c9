import { inspect } from 'node:util'
import t from 'tap'
import { type DeaggregateOptions, type KinesisInput, KplError, deaggregate } from '../../lib/index.js'
import { aggregateOf, bytes, frame, number, record, withWrongDigest } from '../../fixtures/aggregates.js'
import { caught, lines } from '../../fixtures/reading.js'

// An error of reading tells which record, and where in it; the input itself is
// there too, but not where a logger would print all of it.

const SequenceNumber = '49590338271490256608559692538361571095921575989136588898'
const malformed = frame(bytes(1, 'a'), record(number(1, 0), bytes(3, 'x')), record(number(1, 7), bytes(3, 'x')))
const mismatch = withWrongDigest(aggregateOf([{ partitionKey: 'a', data: 'x' }]))

const cases: [name: string, data: unknown, code: string, options: DeaggregateOptions, details: object][] = [
  ['malformed', malformed, 'ERR_KPL_MALFORMED', {}, { subSequenceNumber: 1, offset: Number }],
  ['a wrong digest', mismatch, 'ERR_KPL_DIGEST_MISMATCH', { digestMismatch: 'error' }, { offset: mismatch.length - 16 }],
  ['no base64', '!', 'ERR_KPL_INVALID_BASE64', {}, {}],
  ['no data', undefined, 'ERR_KPL_INVALID_INPUT', {}, {}],
]

for (const [name, Data, code, options, details] of cases) {
  t.test(`${name}: the error carries what is known of the record`, (t) => {
    const input = { Data, SequenceNumber, PartitionKey: 'outer', secret: 'not for the log' } as KinesisInput
    const error = caught(() => lines(input, options))
    t.ok(error instanceof KplError && error instanceof Error)
    t.match(error, { name: 'KplError', code, sequenceNumber: SequenceNumber, message: SequenceNumber, ...details })
    t.equal(error.input, input)
    t.notOk(Object.keys(error).includes('input'), 'not enumerable')
    t.notMatch(inspect(error), /not for the log/)
    t.notMatch(JSON.stringify(error), /not for the log/)
    t.end()
  })

  t.test(`${name}: an input without a sequence number gives an error without one`, (t) => {
    const input = { Data } as KinesisInput
    const error = caught(() => lines(input, options))
    t.match(error, { code, ...details })
    t.notOk('sequenceNumber' in error)
    t.equal(error.input, input)
    t.end()
  })
}

t.test('only what applies is there', (t) => {
  t.same(Object.keys(caught(() => deaggregate(5 as never))).filter((key) => key !== 'code'), [])
  t.notOk('offset' in caught(() => lines({ Data: '!' })))
  t.same(new Set(Object.keys(caught(() => lines(malformed)))), new Set(['code', 'offset', 'subSequenceNumber']))
  t.end()
})
