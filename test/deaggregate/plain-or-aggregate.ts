import t from 'tap'
import { deaggregate } from '../../lib/index.js'
import { MAGIC, aggregateOf, bytes, frame, number, withWrongDigest } from '../../fixtures/aggregates.js'
import { caught, lines, readUntilError } from '../../fixtures/reading.js'

// The second table of "Reading": what data becomes, by its magic and its digest.

const right = aggregateOf([{ partitionKey: 'a', data: 'one' }, { partitionKey: 'b', data: 'two' }])
const strict = { digestMismatch: 'error', malformed: 'error' } as const

t.test('no magic, or 16 bytes or fewer after it: one plain record, however strict', (t) => {
  const plain = [
    Buffer.alloc(0),
    Buffer.from('x'),
    Buffer.alloc(100),
    MAGIC.subarray(0, 3),
    right.subarray(1),
    Buffer.concat([Buffer.from([0]), right]),
    ...[0, 1, 2, 3].map((n) => withOtherByte(right, n)),
    ...Array.from({ length: 17 }, (_, n) => Buffer.concat([MAGIC, Buffer.alloc(n)])),
    frame(),
  ]
  for (const data of plain) {
    const records = [...deaggregate({ Data: data, PartitionKey: 'p' }, strict)]
    t.match(records, [{ aggregated: false, last: true, subSequenceNumber: 0, partitionKey: 'p' }], data.toString('hex'))
    t.ok(records[0]!.data.equals(data))
  }
  t.end()
})

function withOtherByte(data: Buffer, position: number): Buffer {
  const other = Buffer.from(data)
  other[position]! ^= 0x40
  return other
}

t.test('magic and a wrong digest: by default one plain record, the very bytes', (t) => {
  const wrong = [withWrongDigest(right), Buffer.concat([MAGIC, Buffer.alloc(17)]), Buffer.concat([right, Buffer.from([0])]), right.subarray(0, -1)]
  for (const data of wrong) {
    for (const options of [undefined, { digestMismatch: 'passthrough', malformed: 'error' } as const]) {
      const records = [...deaggregate({ Data: data, PartitionKey: 'p' }, options)]
      t.match(records, [{ aggregated: false, last: true, subSequenceNumber: 0, partitionKey: 'p' }])
      t.ok(records[0]!.data.equals(data))
    }
  }
  t.end()
})

t.test("magic and a wrong digest with digestMismatch: 'error': corruption, in its turn", (t) => {
  const data = withWrongDigest(right)
  const { given, error } = readUntilError(deaggregate([right, { Data: data, SequenceNumber: '49' }, right], strict))
  t.equal(given.length, 2)
  t.match(error, { code: 'ERR_KPL_DIGEST_MISMATCH', sequenceNumber: '49', offset: data.length - 16 })
  t.equal(caught(() => lines(data, { digestMismatch: 'error', malformed: 'passthrough' })).code, 'ERR_KPL_DIGEST_MISMATCH', 'malformed says nothing of it')
  t.end()
})

t.test('a right digest and a valid body: its user records', (t) => {
  t.same(lines(right, strict), ['/0 a=one (aggregated)', '/1 b=two (aggregated last)'])
  t.same(lines({ data: right.toString('base64') }, strict), ['/0 a=one (aggregated)', '/1 b=two (aggregated last)'], 'of text')
  t.end()
})

t.test('an aggregate without user records gives nothing, and is no error', (t) => {
  for (const empty of [frame(bytes(1, 'a')), frame(bytes(1, 'a'), bytes(2, '5')), frame(number(9, 1))]) {
    t.same(lines([Buffer.from('before'), empty, Buffer.from('behind')], strict), ['/0 =before (last)', '/0 =behind (last)'])
    t.same(lines(empty, { ...strict, hashKeyRange: { startingHashKey: '0', endingHashKey: '0' }, onHidden: () => t.fail('nothing to hide') }), [])
  }
  t.end()
})

t.test('unwrapping happens once: an aggregate inside an aggregate is a payload', (t) => {
  const [record, ...others] = deaggregate(aggregateOf([{ partitionKey: 'a', data: right }]))
  t.ok(record!.data.equals(right))
  t.equal(others.length, 0)
  t.end()
})
