import t from 'tap'
import { type KinesisInput, type UserRecord, deaggregate } from '../../lib/index.js'
import { aggregateOf, bytes, frame, number, record } from '../../fixtures/aggregates.js'

// A user record tells all that is known of it by accessors on its prototype; it
// cannot be changed, and its data is a view that is made when it is touched.

const members = [
  { partitionKey: 'a', data: 'one' },
  { partitionKey: 'b', explicitHashKey: '007', data: '', tags: [{ key: 'k', value: 'v' }, { key: '' }] },
  { partitionKey: 'a', explicitHashKey: 'no number', data: 'three' },
]
const aggregate = aggregateOf(members)
const source = { Data: aggregate, PartitionKey: 'outer', SequenceNumber: '49', ApproximateArrivalTimestamp: new Date(5) }
const read = <S extends KinesisInput>(input: S): UserRecord<S>[] => [...deaggregate(input)]

/** Everything that a record tells, by name. */
const told = ({ partitionKey, explicitHashKey, sequenceNumber, subSequenceNumber, aggregated, last, tags, approximateArrivalTimestamp }: UserRecord) =>
  ({ partitionKey, explicitHashKey, sequenceNumber, subSequenceNumber, aggregated, last, tags, approximateArrivalTimestamp })

t.test('what the user records of an aggregate tell', (t) => {
  const shared = { sequenceNumber: '49', aggregated: true, approximateArrivalTimestamp: new Date(5) }
  t.same(read(source).map(told), [
    { ...shared, partitionKey: 'a', explicitHashKey: undefined, subSequenceNumber: 0, last: false, tags: undefined },
    { ...shared, partitionKey: 'b', explicitHashKey: '007', subSequenceNumber: 1, last: false, tags: [{ key: 'k', value: 'v' }, { key: '', value: undefined }] },
    { ...shared, partitionKey: 'a', explicitHashKey: 'no number', subSequenceNumber: 2, last: true, tags: undefined },
  ])
  t.same(read(source).map((r) => r.data.toString()), ['one', '', 'three'])
  t.end()
})

t.test('what a plain record tells', (t) => {
  const [plain] = read({ ...source, Data: Buffer.from('plain') })
  t.same(told(plain!), {
    partitionKey: 'outer',
    explicitHashKey: undefined,
    sequenceNumber: '49',
    subSequenceNumber: 0,
    aggregated: false,
    last: true,
    tags: undefined,
    approximateArrivalTimestamp: new Date(5),
  })
  t.end()
})

t.test('an aggregate of one is still an aggregate', (t) => {
  t.match(read(aggregateOf([{ partitionKey: 'a', data: 'x' }])), [{ aggregated: true, last: true, subSequenceNumber: 0 }])
  t.end()
})

t.test('absent tags are undefined and an absent tag value is not an empty one', (t) => {
  const tagged = (...tags: Buffer[]) => read(frame(bytes(1, 'a'), record(number(1, 0), bytes(3, 'x'), ...tags)))[0]!.tags
  t.equal(tagged(), undefined)
  t.strictSame(tagged(bytes(4, bytes(1, 'k'))), [{ key: 'k', value: undefined }])
  t.strictSame(tagged(bytes(4, bytes(1, 'k'), bytes(2, ''))), [{ key: 'k', value: '' }])
  t.strictSame(tagged(bytes(4, bytes(2, '1'), bytes(1, 'x'), bytes(2, '2'), bytes(1, 'k'))), [{ key: 'k', value: '2' }], 'the last one counts')
  t.end()
})

t.test('nothing of it can be set', (t) => {
  for (const r of [...read(source), ...read(Buffer.from('plain'))]) {
    for (const name of [...Object.keys(told(r)), 'data', 'source']) {
      t.throws(() => Object.assign(r, { [name]: 'x' }), TypeError, name)
    }
  }
  t.equal(read(source)[0]!.partitionKey, 'a')
  t.end()
})

t.test('the accessors are on the prototype: a spread or a structured clone copies nothing', (t) => {
  const [r] = read(source)
  t.same(Reflect.ownKeys(r!), [])
  t.same({ ...r }, {})
  t.same(structuredClone(r), {})
  t.end()
})

t.test('data is a Buffer, the same object each time, and a view of the very memory that was given', (t) => {
  const memory = Buffer.alloc(aggregate.length + 7)
  aggregate.copy(memory, 7)
  const inputs = [memory.subarray(7), new Uint8Array(memory.buffer, memory.byteOffset + 7, aggregate.length)]
  for (const input of inputs) {
    for (const [n, r] of read(input).entries()) {
      t.equal(Object.getPrototypeOf(r.data), Buffer.prototype)
      t.equal(r.data, r.data)
      t.equal(r.data.buffer, memory.buffer, 'no copy')
      t.equal(r.data.toString(), members[n]!.data)
    }
  }
  const [first] = read(memory.subarray(7))
  memory.fill('X')
  t.equal(first!.data.toString(), 'XXX', 'what changes in the memory changes in the view')
  t.end()
})

t.test('keys and tags stand, whatever becomes of the memory', (t) => {
  const memory = aggregateOf([{ partitionKey: 'a', explicitHashKey: '7', data: 'x', tags: [{ key: 'k', value: 'v' }] }])
  const [first] = read(memory)
  memory.fill(0xff)
  t.equal(first!.partitionKey, 'a')
  t.equal(first!.explicitHashKey, '7')
  t.same(first!.tags, [{ key: 'k', value: 'v' }])
  t.equal(first!.tags, first!.tags)
  t.end()
})

t.test('a plain record is a view too, and equal to what was given', (t) => {
  const input = new Uint8Array([1, 2, 3, 4, 5]).subarray(1, 4)
  const [plain] = read(input)
  t.equal(Object.getPrototypeOf(plain!.data), Buffer.prototype)
  t.equal(plain!.data.buffer, input.buffer)
  t.same([...plain!.data], [2, 3, 4])
  t.end()
})

t.test('source is the input object itself', (t) => {
  const inputs: KinesisInput[] = [source, aggregate, { kinesis: { data: 'eA==' } }, { data: 'eA==' }, Buffer.from('plain')]
  for (const input of inputs) for (const r of read(input)) t.equal(r.source, input)
  const among = [...deaggregate(inputs)]
  t.same(among.map((r) => inputs.indexOf(r.source)), [0, 0, 0, 1, 1, 1, 2, 3, 4])
  t.end()
})
