import t from 'tap'
import { DeaggregateStream, type DeaggregateOptions, deaggregate } from '../../lib/index.js'
import { readingOptions } from '../../lib/deaggregate/options.js'
import { caught, lines } from '../../fixtures/reading.js'

// Options are checked at the call, not at the first step, and never guessed at.

const code = 'ERR_KPL_INVALID_ARGUMENT'
const range = { startingHashKey: '0', endingHashKey: '5' }
const max = String(2n ** 128n - 1n)

const wrong: [keyof DeaggregateOptions, unknown[]][] = [
  ['digestMismatch', ['', 'Error', 'ignore', true, false, null, 0]],
  ['malformed', ['', 'throw', 'PASSTHROUGH', true, false, null, 0]],
  ['onRejected', [null, 'ignore', true, {}]],
  ['onHidden', [null, 'ignore', true, {}]],
  ['copy', [null, 0, 1, 'true', {}]],
  ['after', [
    null, '49', 49, true, {}, { SequenceNumber: '49' }, { sequenceNumber: 49 }, { sequenceNumber: '' }, { sequenceNumber: 'TRIM_HORIZON' },
    { sequenceNumber: 'LATEST' }, { sequenceNumber: '049' }, { sequenceNumber: '-1' }, { sequenceNumber: '4.9' }, { sequenceNumber: ' 49' },
    { sequenceNumber: '49\n' }, { sequenceNumber: '٤٩' }, { sequenceNumber: `1${'0'.repeat(129)}` },
    ...[-1, 1.5, NaN, Infinity, 2 ** 53, '1', '', null, 1n, {}].map((subSequenceNumber) => ({ sequenceNumber: '49', subSequenceNumber })),
  ]],
  ['hashKeyRange', [
    null, '0-5', [], ['0', '5'], {}, { startingHashKey: '0' }, { endingHashKey: '5' }, { StartingHashKey: '0', EndingHashKey: undefined },
    { ...range, startingHashKey: '6' }, { startingHashKey: max, endingHashKey: '0' }, { ...range, endingHashKey: String(2n ** 128n) },
    ...['', ' 0', '0x0', '-1', '+1', '1e3', '1.0', '٣', 0, 0n, {}].map((startingHashKey) => ({ ...range, startingHashKey })),
  ]],
]

for (const [name, values] of wrong) {
  t.test(`${name}: a wrong value is refused at the call`, (t) => {
    const accepted = values.filter((value) => {
      const options = { [name]: value } as never
      return caught(() => deaggregate([], options)).code !== code || caught(() => new DeaggregateStream(options)).code !== code
    })
    t.same(accepted, [])
    const error = caught(() => deaggregate([], { [name]: values[0] } as never))
    t.match(error.message, name === 'hashKeyRange' ? /hash ?key/i : name, 'the message names the option')
    t.end()
  })
}

t.test('every right value is taken', (t) => {
  const right: DeaggregateOptions[] = [
    {}, { digestMismatch: 'passthrough' }, { digestMismatch: 'error' }, { malformed: 'passthrough' }, { malformed: 'error' },
    { onRejected: () => {} }, { onHidden: () => {} }, { copy: true }, { copy: false },
    { after: { sequenceNumber: '0' } }, { after: { sequenceNumber: '9'.repeat(129), subSequenceNumber: 0 } },
    { after: { sequenceNumber: '4', subSequenceNumber: Number.MAX_SAFE_INTEGER } },
    { hashKeyRange: range }, { hashKeyRange: { startingHashKey: '0', endingHashKey: max } },
    { hashKeyRange: { startingHashKey: max, endingHashKey: max } }, { hashKeyRange: { StartingHashKey: '0', EndingHashKey: '5' } },
  ]
  for (const options of right) {
    t.same(lines([], options), [])
    t.ok(new DeaggregateStream(options))
  }
  t.end()
})

t.test('undefined is the default', (t) => {
  const names = wrong.map(([name]) => name)
  const options = Object.fromEntries(names.map((name) => [name, undefined])) as DeaggregateOptions
  t.same(lines(Buffer.from('x'), options), ['/0 =x (last)'])
  t.same(lines(Buffer.from('x'), undefined), ['/0 =x (last)'])
  t.strictSame(readingOptions(), readingOptions(options), 'no options are the defaults of each')
  const none = { onRejected: undefined, hashKeyRange: undefined, onHidden: undefined, after: undefined }
  t.strictSame(readingOptions(), { ...none, digestMismatch: 'passthrough', malformed: 'error', copy: false })
  t.end()
})

t.test('options that are no object are refused: records.map(deaggregate) passes an index', (t) => {
  t.equal(caught(() => [Buffer.from('x'), Buffer.from('y')].map(deaggregate as never)).code, code)
  for (const options of [0, 1, null, '', 'error', true, () => {}]) {
    t.equal(caught(() => deaggregate([], options as never)).code, code, String(options))
    t.equal(caught(() => new DeaggregateStream(options as never)).code, code, String(options))
  }
  t.end()
})

t.test('wrong options are told before a wrong input, and both at the call', (t) => {
  t.equal(caught(() => deaggregate(5 as never, 5 as never)).code, code)
  t.equal(caught(() => deaggregate(5 as never, {})).code, 'ERR_KPL_INVALID_INPUT')
  t.end()
})

t.test("the caller's object is not changed, and a change after the call has no effect", (t) => {
  const options: DeaggregateOptions = Object.freeze({ after: Object.freeze({ sequenceNumber: '4' }), hashKeyRange: Object.freeze({ ...range }), copy: true })
  t.same(lines({ Data: 'eA==', SequenceNumber: '5' }, options), ['5/0 =x (last)'])
  const changing = { after: { sequenceNumber: '4' } }
  const records = deaggregate({ Data: 'eA==', SequenceNumber: '5' }, changing)
  changing.after.sequenceNumber = '9'
  t.equal([...records].length, 1)
  t.end()
})
