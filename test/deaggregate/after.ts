import t from 'tap'
import { type Checkpoint, type DeaggregateOptions, type KinesisInput, deaggregate } from '../../lib/index.js'
import { aggregateOf, bytes, frame, number, record, withWrongDigest } from '../../fixtures/aggregates.js'
import { caught, lines, readUntilError } from '../../fixtures/reading.js'

// `after` skips all up to and including a checkpoint, inside an aggregate too.
// A Kinesis record that lies wholly behind it is not opened.

const three = aggregateOf(['x', 'y', 'z'].map((data) => ({ partitionKey: 'a', explicitHashKey: '5', data })))
const malformed = frame(bytes(1, 'a'), record(number(1, 1), bytes(3, 'x')))
const at = (SequenceNumber: string, Data: KinesisInput | string = three) => ({ Data, SequenceNumber })
const read = (inputs: KinesisInput | KinesisInput[], after: Checkpoint, options: DeaggregateOptions = {}) =>
  lines(inputs, { ...options, after }).map((text) => text.replace(/ .*/, ''))

t.test('whole Kinesis records: by their number, not by their text', (t) => {
  const inputs = ['8', '9', '10', '11', '100'].map((number) => at(number, Buffer.from('plain')))
  t.same(read(inputs, { sequenceNumber: '9' }), ['10/0', '11/0', '100/0'])
  t.same(read(inputs, { sequenceNumber: '0' }), ['8/0', '9/0', '10/0', '11/0', '100/0'])
  t.same(read(inputs, { sequenceNumber: '99' }), ['100/0'])
  t.same(read(inputs, { sequenceNumber: '100' }), [])
  const long = '49590338271490256608559692538361571095921575989136588898'
  t.same(read(at(long), { sequenceNumber: `${long.slice(0, -1)}7` }), [`${long}/0`, `${long}/1`, `${long}/2`])
  t.end()
})

t.test('a checkpoint without a sub-sequence number is the whole Kinesis record', (t) => {
  t.same(read([at('4'), at('5'), at('6')], { sequenceNumber: '5' }), ['6/0', '6/1', '6/2'])
  t.same(read([at('5')], { sequenceNumber: '5', subSequenceNumber: undefined }), [])
  t.end()
})

t.test('inside an aggregate', (t) => {
  t.same(read([at('4'), at('5'), at('6')], { sequenceNumber: '5', subSequenceNumber: 0 }), ['5/1', '5/2', '6/0', '6/1', '6/2'])
  t.same(read([at('5'), at('6')], { sequenceNumber: '5', subSequenceNumber: 1 }), ['5/2', '6/0', '6/1', '6/2'])
  t.same(read(at('5'), { sequenceNumber: '5', subSequenceNumber: 1 }), ['5/2'])
  t.end()
})

t.test('an aggregate whose user records all lie behind it gives nothing', (t) => {
  for (const subSequenceNumber of [2, 3, 1000, Number.MAX_SAFE_INTEGER]) {
    t.same(read([at('5'), at('6', Buffer.from('plain'))], { sequenceNumber: '5', subSequenceNumber }), ['6/0'], String(subSequenceNumber))
  }
  t.end()
})

t.test('a plain record has the sub-sequence number 0', (t) => {
  t.same(read(at('5', Buffer.from('plain')), { sequenceNumber: '5', subSequenceNumber: 0 }), [])
  t.end()
})

t.test('the rest is what it would have been: numbers, last, bytes', (t) => {
  t.same(lines(at('5'), { after: { sequenceNumber: '5', subSequenceNumber: 0 } }), ['5/1 a#5=y (aggregated)', '5/2 a#5=z (aggregated last)'])
  t.end()
})

t.test('a user record is a checkpoint of itself: going on behind each of them loses and repeats nothing', (t) => {
  const inputs = [at('8'), at('9', Buffer.from('plain')), at('10'), at('11', frame(bytes(1, 'a'))), at('12')]
  const all = [...deaggregate(inputs)]
  t.equal(all.length, 10)
  for (const [n, record] of all.entries()) t.same(lines(inputs, { after: record }), lines(inputs).slice(n + 1), `after ${n}`)
  t.end()
})

t.test('what lies wholly behind is not opened: garbage there is no error, and nothing is hidden', (t) => {
  const unread = ['4', '5'].flatMap((number) => [
    at(number, malformed),
    at(number, withWrongDigest(three)),
    at(number, 'no base64'),
    at(number, aggregateOf([{ partitionKey: 'a', explicitHashKey: 'none', data: '' }])),
    { SequenceNumber: number, Data: undefined },
  ])
  const options = {
    digestMismatch: 'error',
    hashKeyRange: { startingHashKey: '0', endingHashKey: '0' },
    onHidden: () => t.fail('hidden'),
    onRejected: () => t.fail('rejected'),
  } as const
  t.same(read(unread, { sequenceNumber: '5' }, options), [])
  t.end()
})

t.test('what must be opened can fail, though nothing of it would be given', (t) => {
  const after = { sequenceNumber: '5', subSequenceNumber: 1000 }
  t.equal(caught(() => read(at('5', malformed), after)).code, 'ERR_KPL_MALFORMED')
  t.equal(caught(() => read(at('5', 'no base64'), after)).code, 'ERR_KPL_INVALID_BASE64')
  t.equal(caught(() => read(at('6', malformed), { sequenceNumber: '5' })).code, 'ERR_KPL_MALFORMED')
  t.end()
})

t.test('an input without a sequence number, or with one that is none, is refused: it has no place in the order', (t) => {
  const inputs: KinesisInput[] = [
    three,
    { Data: three },
    at(''),
    at('TRIM_HORIZON'),
    at('05'),
    at('-5'),
    at('1'.repeat(130)),
    { kinesis: { data: 'eA==' } },
    { recordId: '1', data: 'eA==' },
  ]
  for (const input of inputs) {
    const { given, error } = readUntilError(deaggregate<KinesisInput>([at('7'), input], { after: { sequenceNumber: '5' } }))
    t.equal(given.length, 3)
    t.match(error, { code: 'ERR_KPL_INVALID_INPUT', message: /sequence number/ })
    t.equal((error as { input: unknown }).input, input)
  }
  t.equal(lines(inputs).length, 7 * 3 + 2, 'without after they are read')
  t.end()
})

t.test('the range is decided on the whole aggregate, before after', (t) => {
  const mixed = (...keys: string[]) => aggregateOf(keys.map((explicitHashKey, n) => ({ partitionKey: 'a', explicitHashKey, data: String(n) })))
  const hidden: string[] = []
  const options: DeaggregateOptions = {
    hashKeyRange: { startingHashKey: '5', endingHashKey: '7' },
    onHidden: (records) => hidden.push(records.map((r) => `${r.sequenceNumber}/${r.subSequenceNumber}`).join(' ')),
  }
  const after = { sequenceNumber: '5', subSequenceNumber: 0 }
  t.same(read([at('5', mixed('9', '6', '7')), at('6', mixed('6'))], after, options), ['6/0'], 'only the one behind is out of range')
  t.same(hidden, ['5/0 5/1 5/2'], 'all of it is told')
  t.same(read([at('5', mixed('5', '6', '7'))], after, options), ['5/1', '5/2'])
  t.match(caught(() => read(at('5', mixed('none', '6')), after, options)), { code: 'ERR_KPL_MALFORMED' }, 'a bad hash key behind it counts')
  t.end()
})
