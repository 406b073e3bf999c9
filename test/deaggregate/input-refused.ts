import { Readable } from 'node:stream'
import t from 'tap'
import { type KinesisInput, deaggregate } from '../../lib/index.js'
import { goneBytes } from '../../fixtures/gone.js'
import { caught, lines, readUntilError } from '../../fixtures/reading.js'

// What is no input is refused at the call, with a word on what to give instead;
// what is no record among records, in its turn.

const code = 'ERR_KPL_INVALID_INPUT'
const as = (value: unknown) => value as KinesisInput

const refused: [name: string, value: unknown, advice?: RegExp][] = [
  ['text', '84mawgoB', /Buffer\.from\(text, 'base64'\)/],
  ['long text', 'x'.repeat(1000), /^.{0,250}$/],
  ['empty text', '', /Buffer\.from\(text, 'base64'\)/],
  ['a whole Lambda event', { Records: [{ kinesis: { data: '' } }] }, /\brecords\b/i],
  ['a whole GetRecords reply', { Records: [], MillisBehindLatest: 0 }, /\brecords\b/i],
  ['a whole Firehose event', { invocationId: '1', records: [] }, /\brecords\b/i],
  ['a stream', Readable.from(['x']), /DeaggregateStream/],
  ['an async iterable', (async function* () {})(), /DeaggregateStream/],
  ['a Uint16Array', new Uint16Array(2)],
  ['a Uint8ClampedArray', new Uint8ClampedArray(2)],
  ['a Float64Array', new Float64Array(2)],
  ['a DataView', new DataView(new ArrayBuffer(2))],
  ['an ArrayBuffer', new ArrayBuffer(2)],
  ['an object without members', {}],
  ['a promise', Promise.resolve([])],
  ['a function', () => {}],
  ['a number', 5, /5/],
  ['NaN', NaN, /NaN/],
  ['true', true],
  ['a bigint', 5n],
  ['a symbol', Symbol('s')],
  ['null', null, /null/],
  ['undefined', undefined, /undefined/],
]

for (const [name, value, message = /./] of refused) {
  t.test(`${name} is refused`, (t) => {
    const atTheCall = caught(() => deaggregate(as(value)))
    t.match(atTheCall, { code, message }, 'at the call, before the first step')
    t.ok(Object.is(atTheCall.input, value), 'it has the value')
    const { given, error } = readUntilError(deaggregate([Buffer.from('before'), as(value), Buffer.from('behind')]))
    t.match(error, { code, message }, 'among records')
    t.ok(Object.is((error as { input: unknown }).input, value), 'it has the value')
    t.equal(given.length, 1, 'in its turn')
    t.end()
  })
}

t.test('a record whose members have the wrong type is refused, not bent', (t) => {
  const wrong: [unknown, RegExp][] = [
    [{ Data: 'eA==', PartitionKey: 5 }, /partition key/],
    [{ Data: 'eA==', PartitionKey: {} }, /partition key/],
    [{ Data: 'eA==', SequenceNumber: 5 }, /sequence number/],
    [{ Data: 'eA==', SequenceNumber: 5n }, /sequence number/],
    [{ kinesis: { data: 'eA==', partitionKey: false } }, /partition key/],
    [{ data: 'eA==', sequenceNumber: [] }, /sequence number/],
    [{ data: 'eA==', kinesisRecordMetadata: { partitionKey: 0 } }, /partition key/],
    [{ data: 'eA==', kinesisRecordMetadata: { sequenceNumber: 0 } }, /sequence number/],
    [{ data: 'eA==', kinesisRecordMetadata: 'x' }, /metadata/],
    [{ data: 'eA==', kinesisRecordMetadata: 0 }, /metadata/],
    [{ data: 'eA==', kinesisStreamRecordMetadata: '' }, /metadata/],
    ...[5, [], {}, true, null, new ArrayBuffer(1), new Uint16Array(1), new DataView(new ArrayBuffer(1)), ...goneBytes()].flatMap((data): [unknown, RegExp][] => [
      [{ Data: data }, /data/],
      [{ kinesis: { data } }, /data/],
      [{ data }, /data/],
    ]),
  ]
  for (const [input, message] of wrong) t.match(caught(() => lines(as(input))), { code, message, input })
  t.end()
})

t.test('nothing but the members of its shape is looked at', (t) => {
  const strange = { Data: 'eA==', partitionKey: 5, sequenceNumber: 5, subSequenceNumber: 'x', eventID: 5 }
  t.same(lines(as(strange)), ['/0 =x (last)'])
  t.same(lines(as({ data: 'eA==', PartitionKey: 5, partitionKey: 'p', eventID: 5 })), ['/0 p=x (last)'])
  t.end()
})
