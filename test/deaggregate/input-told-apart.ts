import t from 'tap'
import { type KinesisInput, deaggregate } from '../../lib/index.js'
import { aggregateOf } from '../../fixtures/aggregates.js'
import { caught, lines, readUntilError } from '../../fixtures/reading.js'

// Shapes are told apart by the members that an input has, in a fixed order, and
// never by whether a member's value happens to be empty.

const code = 'ERR_KPL_INVALID_INPUT'
const as = (value: unknown) => value as KinesisInput

t.test('empty data is data', (t) => {
  const empty = [{ Data: '' }, { Data: Buffer.alloc(0) }, { data: '' }, { data: Buffer.alloc(0) }, { kinesis: { data: '' } }, Buffer.alloc(0)]
  for (const input of empty) t.same(lines<KinesisInput>(input), ['/0 = (last)'])
  t.end()
})

t.test('a member without a value still tells the shape: what stands behind it is not looked at', (t) => {
  const other = { data: 'eA==', partitionKey: 'x' }
  const inputs: [unknown, RegExp][] = [
    [{ Data: undefined, kinesis: other, ...other }, /data.*undefined/],
    [{ Data: null, ...other }, /data.*null/],
    [{ Data: 0, ...other }, /data.*0/],
    [{ kinesis: null, ...other }, /kinesis.*null/],
    [{ kinesis: undefined, ...other }, /kinesis.*undefined/],
    [{ kinesis: '', ...other }, /kinesis.*""/],
    [{ kinesis: {}, ...other }, /data.*undefined/],
    [Object.assign([{ Data: 'eA==' }], { data: undefined }), /data.*undefined/],
    [{ data: null }, /data.*null/],
  ]
  for (const [input, message] of inputs) t.match(caught(() => lines(as(input))), { code, message, input })
  t.end()
})

t.test('the order: bytes, Data, kinesis, data, iterable', (t) => {
  const kinesis = { data: 'a2luZXNpcw==', partitionKey: 'kinesis' }
  const data = { data: 'ZGF0YQ==', partitionKey: 'data' }
  const Data = { Data: 'RGF0YQ==', PartitionKey: 'Data' }
  t.same(lines(as(Object.assign(Buffer.from('bytes'), { Data: 'eA==', data: 'eA==', kinesis }))), ['/0 =bytes (last)'])
  t.same(lines(as({ ...data, kinesis, ...Data })), ['/0 Data=Data (last)'])
  t.same(lines(as({ ...data, kinesis })), ['/0 kinesis=kinesis (last)'])
  t.same(lines(as(Object.assign([Buffer.from('element')], data))), ['/0 data=data (last)'])
  t.same(lines([Buffer.from('element')]), ['/0 =element (last)'])
  t.end()
})

t.test('inherited members and accessors count like own ones', (t) => {
  class Received {
    get data() {
      return Buffer.from('inherited')
    }
    get partitionKey() {
      return 'accessor'
    }
  }
  t.same(lines(new Received()), ['/0 accessor=inherited (last)'])
  t.same(lines(as(Object.assign(Object.create(null), { Data: 'eA==' }))), ['/0 =x (last)'], 'an object without a prototype')
  t.end()
})

t.test('any iterable of records of any shape, in its order', (t) => {
  const records: KinesisInput[] = [
    { Data: Buffer.from('sdk'), SequenceNumber: '1' },
    Buffer.from('bytes'),
    { kinesis: { data: aggregateOf([{ partitionKey: 'a', data: 'x' }, { partitionKey: 'a', data: 'y' }]), sequenceNumber: '2' } },
    { recordId: '9', data: 'ZmlyZWhvc2U=' },
  ]
  const expected = ['1/0 =sdk (last)', '/0 =bytes (last)', '2/0 a=x (aggregated)', '2/1 a=y (aggregated last)', '/0 =firehose (last)']
  const iterables: [string, Iterable<KinesisInput>][] = [
    ['an array', records],
    ['a Set', new Set(records)],
    ["a Map's values", new Map(records.entries()).values()],
    ['a generator', (function* () { yield* records })()],
    ['an object of its own', { [Symbol.iterator]: () => records.values() }],
    ['a function', Object.assign(() => {}, { [Symbol.iterator]: () => records.values() })],
  ]
  for (const [name, iterable] of iterables) t.same(lines(iterable), expected, name)
  for (const nothing of [[], new Set<KinesisInput>()]) t.same(lines(nothing), [], 'of no records')
  t.end()
})

t.test('an element is a record, not an iterable of records: refused in its turn', (t) => {
  const { given, error } = readUntilError(deaggregate([Buffer.from('first'), as([Buffer.from('nested')]), Buffer.from('last')]))
  t.same(given.map((record) => record.text()), ['first'])
  t.match(error, { code })
  t.end()
})
