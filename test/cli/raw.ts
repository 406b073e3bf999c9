import t from 'tap'
import { MAGIC, aggregateOf, bytes, frame, group, number, withWrongDigest } from '../../fixtures/aggregates.js'
import { loadKplCase } from '../../fixtures/load.js'
import { splitRaw } from '../../lib/cli/input/split-raw.js'

// Raw aggregates back to back, without lengths: where one ends is found by its digest.

const pieces = (...parts: Buffer[]) => {
  const whole = Buffer.concat(parts)
  return [...splitRaw(whole)].map(([start, end]) => whole.subarray(start, end))
}
const a = aggregateOf([{ partitionKey: 'a', data: 'one' }, { partitionKey: 'b', explicitHashKey: '5', data: 'two' }])
const b = aggregateOf([{ partitionKey: 'c', data: '' }])
const plain = Buffer.from('{"plain":1}')

t.test('genuine aggregates are found again, each to its last byte', (t) => {
  for (const name of ['default-1shard', 'ehk-4shards', 'small-100B', 'reshard']) {
    const aggregates = loadKplCase(name).records.map(({ data }) => data).filter((data) => data.length > 20 && data.indexOf(MAGIC) === 0)
    t.ok(aggregates.length > 3)
    t.strictSame(pieces(...aggregates), aggregates, name)
  }
  t.end()
})

t.test('what stands between them is a piece of its own', (t) => {
  const cases: [string, Buffer[], Buffer[]?][] = [
    ['nothing', [a, b, a]],
    ['a plain record between', [a, plain, b]],
    ['one before', [plain, a]],
    ['one behind', [a, plain]],
    ['one behind that is one byte', [a, Buffer.of(0)]],
    ['a damaged one between', [a, withWrongDigest(b), a]],
    ['a damaged one at the end', [a, withWrongDigest(b)]],
    ['a cut one between', [a, b.subarray(0, 12), a]],
    ['the magic alone between', [a, MAGIC, b]],
    ['unknown fields and groups', [frame(bytes(9, 'x'), group(8, number(1, 5)), number(7, 1)), plain, b]],
    ['an aggregate in an aggregate', [aggregateOf([{ partitionKey: 'k', data: a }]), b]],
    ['plain alone', [plain]],
    ['a damaged one alone', [withWrongDigest(a)]],
    ['a line end alone', [Buffer.from('\n')]],
    ['nothing at all', [Buffer.alloc(0)]],
  ]
  for (const [name, parts] of cases) t.strictSame(pieces(...parts), parts, name)
  t.end()
})

t.test('line ends between them are left out', (t) => {
  const end = Buffer.from('\n')
  t.strictSame(pieces(a, end, b, Buffer.from('\r\n\r\n'), a, end), [a, b, a])
  t.strictSame(pieces(end, a), [a])
  t.strictSame(pieces(a, end, plain, end), [a, Buffer.concat([end, plain, end])], 'but not those of other records')
  t.end()
})

t.test('magics in magics are given up in time, and cost nothing but what stands behind them', (t) => {
  const nested = Buffer.concat([MAGIC, ...Array<Buffer>(160_000).fill(Buffer.from('0a04f3899ac2', 'hex'))])
  t.strictSame(pieces(a, nested, b), [a, Buffer.concat([nested, b])])
  // Every field of it seems to be the last of an aggregate: 16 bytes behind it a magic begins.
  const field = Buffer.concat([Buffer.from([0x0a, 20]), Buffer.alloc(14), MAGIC, Buffer.alloc(2)])
  const seeming = Buffer.concat([MAGIC, ...Array<Buffer>(200_000).fill(field)])
  t.strictSame(pieces(a, seeming, b), [a, Buffer.concat([seeming, b])])
  t.end()
})

t.test('broken aggregates of the smallest user records do not use up what may be spent', (t) => {
  const empty = aggregateOf(Array.from({ length: 20_000 }, () => ({ partitionKey: '', data: '' })))
  const broken = withWrongDigest(empty)
  t.strictSame(pieces(broken, a, broken, b), [broken, a, broken, b])
  t.end()
})

t.test('no record is larger than Kinesis takes: an end behind that is not looked for', (t) => {
  const large = aggregateOf([{ partitionKey: 'k', data: Buffer.alloc(10_485_800) }])
  t.equal(pieces(large, a).length, 2, 'the rest is one piece, up to the next aggregate')
  t.equal(pieces(large)[0]!.length, large.length)
  t.end()
})
