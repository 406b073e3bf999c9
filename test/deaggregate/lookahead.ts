import crypto from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'
import t from 'tap'
import { type DeaggregateOptions, type KinesisInput, deaggregate } from '../../lib/index.js'
import { md5Many } from '../../lib/digest/md5-many.js'
import { aggregateOf, frame, withWrongDigest } from '../../fixtures/aggregates.js'
import { lines, readUntilError } from '../../fixtures/reading.js'

// Of a list some records are looked at before their turn, so that their aggregates are
// digested together: at most 16, or as many as have about 8 MiB. Nothing else is.

const MIB = 2 ** 20
const aggregate = aggregateOf([{ partitionKey: 'a', data: 'x' }, { partitionKey: 'a', data: 'y' }])

/** Records that tell how often each was looked at. */
function watched(datas: readonly (Buffer | string)[], looks: number[] = []) {
  const inputs = datas.map((Data, n): KinesisInput => {
    looks[n] = 0
    return {
      get Data() {
        looks[n]!++
        return Data
      },
      SequenceNumber: String(n + 1),
    }
  })
  return { inputs, looks, furthest: () => looks.findLastIndex((times) => times > 0) }
}
/** How far was looked ahead at each record's turn. */
function distances(datas: readonly (Buffer | string)[], wrap: (inputs: KinesisInput[]) => Iterable<KinesisInput> = (inputs) => inputs, options?: DeaggregateOptions) {
  const { inputs, furthest, looks } = watched(datas)
  const ahead: number[] = []
  for (const { source, subSequenceNumber } of deaggregate(wrap(inputs), options)) if (subSequenceNumber === 0) ahead.push(furthest() - inputs.indexOf(source))
  return { ahead, looks }
}

// From here on messages are digested side by side.
md5Many([Buffer.alloc(2 * MIB), Buffer.alloc(2 * MIB), Buffer.alloc(2 * MIB)])

t.test('16 records are looked at together, each once, and the next ones only in their turn', (t) => {
  for (const data of [aggregate, aggregate.toString('base64'), Buffer.from('plain'), Buffer.alloc(0), withWrongDigest(aggregate)]) {
    const { ahead, looks } = distances(Array<Buffer | string>(40).fill(data))
    const steps = (count: number) => Array.from({ length: count }, (_, n) => count - 1 - n)
    t.same(ahead, [...steps(16), ...steps(16), ...steps(8)])
    t.same(new Set(looks), new Set([1]))
  }
  t.end()
})

t.test('no further than until they have 8 MiB; the one that makes them so many is among them', (t) => {
  const big = (size: number) => Buffer.alloc(size)
  t.same(distances(Array<Buffer>(10).fill(big(MIB))).ahead, [7, 6, 5, 4, 3, 2, 1, 0, 1, 0])
  t.same(distances(Array<Buffer>(10).fill(big(MIB + 1))).ahead, [7, 6, 5, 4, 3, 2, 1, 0, 1, 0])
  t.same(distances(Array<Buffer>(10).fill(big(MIB - 1))).ahead, [8, 7, 6, 5, 4, 3, 2, 1, 0, 0])
  t.same(distances(Array<Buffer>(5).fill(big(10 * MIB))).ahead, [0, 0, 0, 0, 0])
  t.same(distances([big(1), big(9 * MIB), big(1), big(1)]).ahead, [1, 0, 1, 0])
  t.same(distances(Array<string>(5).fill(big(3 * MIB).toString('base64'))).ahead, [2, 1, 0, 1, 0], 'by the bytes, not by the text')
  t.end()
})

t.test('nothing is looked at before the first step, nor behind the end of the list', (t) => {
  const { inputs, looks } = watched([aggregate, aggregate, aggregate])
  const pass = deaggregate(inputs)[Symbol.iterator]()
  t.same(looks, [0, 0, 0])
  pass.next()
  t.same(looks, [1, 1, 1])
  t.end()
})

t.test('what is behind the checkpoint is not opened, and takes no room', (t) => {
  // Its base64 is wrong: that would be told if it were opened.
  const datas: (Buffer | string)[] = [...Array<string>(5).fill(`!${'x'.repeat(4 * MIB)}`), ...Array<Buffer>(30).fill(aggregate)]
  const after = { sequenceNumber: '5' }
  t.equal(distances(datas, (inputs) => inputs, { after }).ahead[0], 10, '16 with those skipped')
  t.equal(lines(watched(datas).inputs, { after }).length, 60)
  t.match(readUntilError(deaggregate(watched(datas).inputs, { after: { sequenceNumber: '4' } })), { given: [], error: { code: 'ERR_KPL_INVALID_BASE64', sequenceNumber: '5' } })
  t.end()
})

const lazy: [string, (inputs: KinesisInput[]) => Iterable<KinesisInput>][] = [
  ['a generator', function* (inputs) { yield* inputs }],
  ['an iterator', (inputs) => inputs.values()],
  ['a Set', (inputs) => new Set(inputs)],
  ['an array with an iterator of its own', (inputs) => Object.defineProperty([...inputs], Symbol.iterator, { value: () => inputs.values() })],
  ['an object like an array', (inputs) => ({ ...inputs, length: inputs.length, [Symbol.iterator]: () => inputs.values() })],
]
for (const [name, wrap] of lazy) {
  t.test(`${name} is never looked ahead into`, (t) => {
    const { ahead, looks } = distances(Array<Buffer>(40).fill(aggregate), wrap)
    t.same(ahead, Array(40).fill(0))
    t.same(new Set(looks), new Set([1]))
    t.end()
  })
}

t.test('one record is read as it is', (t) => {
  const { inputs, looks } = watched([aggregate])
  t.equal([...deaggregate(inputs[0]!)].length, 2)
  t.same(looks, [1])
  t.end()
})

t.test('the aggregates of a list, and only they, are digested side by side', (t) => {
  const { hash } = crypto
  t.teardown(() => void (crypto.hash = hash, syncBuiltinESMExports()))
  let oneByOne = 0
  crypto.hash = ((...of: Parameters<typeof hash>) => (oneByOne++, hash(...of))) as typeof hash
  syncBuiltinESMExports()
  const digested = (inputs: Iterable<KinesisInput>, options?: DeaggregateOptions) => {
    oneByOne = 0
    const { given } = readUntilError(deaggregate(inputs, options))
    return [given.length, oneByOne]
  }
  const list = Array<Buffer>(40).fill(aggregate)
  t.same(digested(list), [80, 0])
  t.same(digested(list.values()), [80, 40], 'of a lazy input one by one')
  t.same(digested(list.slice(0, 2)), [4, 0])
  t.same(digested(list.slice(0, 17)), [34, 1], 'the last has none beside it')
  t.same(digested(Array<Buffer>(40).fill(Buffer.from('plain'))), [40, 0])
  t.same(digested(list.map(withWrongDigest)), [40, 0])
  const read = (Data: Buffer) => ({ data: Data, sequenceNumber: '7', subSequenceNumber: 0 })
  const skipped = (Data: Buffer) => ({ Data, SequenceNumber: '7' })
  // One would be digested by itself.
  for (const count of [1, 40]) {
    t.same(digested(list.slice(0, count).map(read)), [count, 0], 'deaggregated already: not digested at all')
    t.same(digested(list.slice(0, count).map(skipped), { after: { sequenceNumber: '7' } }), [0, 0], 'skipped: not digested at all')
  }
  t.end()
})

t.test('what is wrong with a record is told in its turn, behind all before it', (t) => {
  const own = new Error('of an accessor')
  const wrong: [unknown, unknown][] = [
    [{ Data: '!' }, { code: 'ERR_KPL_INVALID_BASE64' }],
    [{ Data: 5 }, { code: 'ERR_KPL_INVALID_INPUT' }],
    [5, { code: 'ERR_KPL_INVALID_INPUT' }],
    [NaN, { code: 'ERR_KPL_INVALID_INPUT' }],
    [undefined, { code: 'ERR_KPL_INVALID_INPUT' }],
    [null, { code: 'ERR_KPL_INVALID_INPUT' }],
    [frame(Buffer.from('garbage')), { code: 'ERR_KPL_MALFORMED' }],
    [{ get Data() { throw own } }, own],
  ]
  for (const [bad, error] of wrong) {
    for (const at of [0, 1, 5, 15, 16, 17]) {
      const list = Array<KinesisInput>(20).fill(aggregate)
      list.splice(at, 0, bad as KinesisInput)
      const read = readUntilError(deaggregate(list))
      t.equal(read.given.length, 2 * at)
      t.match(read.error, error as object)
      if (error === own) continue
      const rejected: unknown[] = []
      t.equal([...deaggregate(list, { onRejected: (_, source) => rejected.push(source) })].length, 40, 'what is behind it is read nevertheless')
      t.same(rejected, [bad])
    }
  }
  t.end()
})
