import t from 'tap'
import { type KinesisInput, type KplError, deaggregate } from '../../lib/index.js'
import { aggregateOf, bytes, frame, number, record, withWrongDigest } from '../../fixtures/aggregates.js'
import { line, lines, readUntilError } from '../../fixtures/reading.js'

// What would be an error is handed to `onRejected` with its source, and reading
// goes on with the next record.

const good = aggregateOf([{ partitionKey: 'a', data: 'one' }, { partitionKey: 'b', data: 'two' }])
const GOOD = ['/0 a=one (aggregated)', '/1 b=two (aggregated last)']
const malformed = frame(bytes(1, 'a'), record(number(1, 1), bytes(3, 'x')))
const shard = (n: number) => ({ kinesis: { data: 'eA==', sequenceNumber: '50' }, eventID: `shardId-00${n}:50` })

const bad: [input: unknown, code: string, options?: object][] = [
  [malformed, 'ERR_KPL_MALFORMED'],
  [{ Data: malformed, SequenceNumber: '49' }, 'ERR_KPL_MALFORMED'],
  [withWrongDigest(good), 'ERR_KPL_DIGEST_MISMATCH', { digestMismatch: 'error' }],
  [{ data: 'no base64' }, 'ERR_KPL_INVALID_BASE64'],
  [{ Data: undefined }, 'ERR_KPL_INVALID_INPUT'],
  [{ kinesis: null }, 'ERR_KPL_INVALID_INPUT'],
  [{ data: '', subSequenceNumber: -1 }, 'ERR_KPL_INVALID_INPUT'],
  ['text', 'ERR_KPL_INVALID_INPUT'],
  [null, 'ERR_KPL_INVALID_INPUT'],
  [undefined, 'ERR_KPL_INVALID_INPUT'],
  [{ Data: 'eA==' }, 'ERR_KPL_INVALID_INPUT', { after: { sequenceNumber: '4' } }],
]

for (const [input, code, options] of bad) {
  t.test(`${code} goes to onRejected, and the next record is read`, (t) => {
    const told: [KplError, unknown][] = []
    const source = input as KinesisInput
    const behind = { Data: good, SequenceNumber: '51' }
    const given = lines([source, behind, source, behind], { ...options, onRejected: (...args) => told.push(args) })
    t.same(given, [...GOOD, ...GOOD].map((text) => `51${text}`))
    t.match(told.map(([error]) => error.code), [code, code])
    t.ok(told.every(([error, rejected]) => rejected === source && error.input === source), 'the source is the input itself')
    t.end()
  })
}

t.test('a record of another shard is rejected like any other', (t) => {
  const told: unknown[] = []
  const options = { after: { sequenceNumber: '4' }, onRejected: (error: KplError, source: unknown) => told.push([error.code, source]) }
  const records = [shard(1), shard(2), shard(1)]
  t.equal([...deaggregate(records, options)].length, 2)
  t.same(told, [['ERR_KPL_MIXED_SHARDS', records[1]]])
  t.end()
})

t.test('it is told in turn: after all before it was given out', (t) => {
  const events: string[] = []
  const records = deaggregate([good, malformed, good], { onRejected: ({ code }) => events.push(code) })
  for (const record of records) events.push(line(record))
  t.same(events, [...GOOD, 'ERR_KPL_MALFORMED', ...GOOD])
  t.end()
})

t.test('one record that is rejected is nothing', (t) => {
  t.same(lines(malformed, { onRejected: () => {} }), [])
  t.end()
})

t.test('what is passed through is not rejected', (t) => {
  const options = { malformed: 'passthrough', digestMismatch: 'passthrough', onRejected: () => t.fail('rejected') } as const
  t.equal(lines([malformed, withWrongDigest(good)], options).length, 2)
  t.end()
})

t.test('a throwing callback ends the pass and closes the input', (t) => {
  const failure = new Error('enough')
  let closed = 0
  function* records() {
    try {
      yield* [good, malformed, good]
    } finally {
      closed++
    }
  }
  const { given, error } = readUntilError(deaggregate(records(), { onRejected: () => { throw failure } }))
  t.equal(given.length, 2)
  t.equal(error, failure)
  t.equal(closed, 1)
  t.end()
})

t.test("a callback's own KplError ends the pass too: it is not rejected again", (t) => {
  let calls = 0
  const { error } = readUntilError(deaggregate([malformed, good], { onRejected: (error) => {
    calls++
    throw error
  } }))
  t.match(error, { code: 'ERR_KPL_MALFORMED' })
  t.equal(calls, 1)
  t.end()
})

t.test("other people's errors are not rejected records: they end the pass", (t) => {
  const failure = new TypeError('of the accessor')
  const strange = { get Data(): Uint8Array { throw failure } }
  const strangeBytes = { Data: Object.defineProperty(new Uint8Array(1), Symbol.toStringTag, { get() { throw failure } }) }
  for (const input of [strange, strangeBytes]) {
    const { given, error } = readUntilError(deaggregate([good, input], { onRejected: () => t.fail('rejected') }))
    t.equal(given.length, 2)
    t.equal(error, failure)
  }
  t.end()
})

t.test('leaving from inside the callback leaves at once', (t) => {
  let pulled = 0
  const rest = { next: () => ({ done: pulled++ > 10, value: malformed }) }
  const pass = deaggregate({ [Symbol.iterator]: () => rest as Iterator<Buffer> }, { onRejected: () => void pass.return!() })[Symbol.iterator]()
  t.same(pass.next(), { done: true, value: undefined })
  t.equal(pulled, 1, 'nothing more is read')

  let rejected = 0
  const listed = deaggregate([malformed, malformed], { onRejected: () => {
    rejected++
    listed.return!()
  } })[Symbol.iterator]()
  t.same(listed.next(), { done: true, value: undefined })
  t.equal(rejected, 1, 'of a list too')
  t.end()
})
