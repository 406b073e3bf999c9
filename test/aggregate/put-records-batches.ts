import { runInNewContext } from 'node:vm'
import t from 'tap'
import { Aggregator, putRecordsBatches } from '../../lib/index.js'
import { goneBytes } from '../../fixtures/gone.js'
import { draw } from '../../fixtures/random.js'
import { caught, readUntilError } from '../../fixtures/reading.js'

const MIB = 1 << 20
/** An entry of so many bytes, data and partition key together. */
const entry = (size: number, PartitionKey = 'k') => ({ Data: Buffer.alloc(size - Buffer.byteLength(PartitionKey)), PartitionKey })
const entries = (count: number, size = 10) => Array.from({ length: count }, () => entry(size))
const lengths = (batches: Iterable<unknown[]>) => Array.from(batches, (batch) => batch.length)

t.test('by default 500 entries a request', (t) => {
  t.same(lengths(putRecordsBatches([])), [])
  t.same(lengths(putRecordsBatches(entries(1))), [1])
  t.same(lengths(putRecordsBatches(entries(499))), [499])
  t.same(lengths(putRecordsBatches(entries(500))), [500])
  t.same(lengths(putRecordsBatches(entries(501))), [500, 1])
  t.same(lengths(putRecordsBatches(entries(1234))), [500, 500, 234])
  t.end()
})

t.test('maxCount', (t) => {
  t.same(lengths(putRecordsBatches(entries(7), { maxCount: 3 })), [3, 3, 1])
  t.same(lengths(putRecordsBatches(entries(3), { maxCount: 1 })), [1, 1, 1])
  t.end()
})

t.test('by default 5 MiB a request, partition keys in UTF-8 bytes included', (t) => {
  t.same(lengths(putRecordsBatches(entries(5, MIB))), [5])
  t.same(lengths(putRecordsBatches([...entries(4, MIB), entry(MIB - 1), entry(1)])), [6], 'exactly')
  t.same(lengths(putRecordsBatches([...entries(4, MIB), entry(MIB), entry(1)])), [5, 1], 'one byte more')
  const key = '水'.repeat(256)
  t.same(lengths(putRecordsBatches([...entries(4, MIB), entry(MIB, key)])), [5])
  t.same(lengths(putRecordsBatches([...entries(4, MIB), entry(MIB + 1, key)])), [4, 1])
  t.end()
})

t.test('maxSize: one byte under, at and over it', (t) => {
  for (const [last, expected] of [[49, [2]], [50, [2]], [51, [1, 1]]] as const) {
    t.same(lengths(putRecordsBatches([entry(50), entry(last)], { maxSize: 100 })), expected)
  }
  t.same(lengths(putRecordsBatches([entry(50), entry(49), entry(50), entry(50), entry(50), entry(51)], { maxSize: 100 })), [2, 2, 1, 1])
  t.end()
})

t.test('an entry above maxSize goes alone', (t) => {
  t.same(lengths(putRecordsBatches([entry(10), entry(500), entry(10), entry(10)], { maxSize: 100 })), [1, 1, 2])
  t.same(lengths(putRecordsBatches([entry(6 * MIB), entry(6 * MIB)])), [1, 1])
  t.end()
})

t.test('an entry above 10 MiB is refused in its turn, whatever maxSize says', (t) => {
  const large = entry(10 * MIB + 1)
  t.same(lengths(putRecordsBatches([entry(10 * MIB)])), [1], '10 MiB are taken')
  for (const limits of [{}, { maxSize: 10 * MIB }, { maxSize: 1 }]) {
    const { given, error } = readUntilError(putRecordsBatches([entry(1), large, entry(1)], limits))
    t.same(lengths(given as unknown[][]), [1], 'after what came before it')
    t.match(error, { code: 'ERR_KPL_RECORD_TOO_LARGE', size: 10 * MIB + 1, limit: 10 * MIB, input: large })
  }
  t.end()
})

t.test('what is no entry is refused in its turn', (t) => {
  for (const bad of [undefined, null, 5, 'text', {}, { Data: Buffer.alloc(1) }, { PartitionKey: 'a' }, { Data: 'eA==', PartitionKey: 'a' }, { Data: [1], PartitionKey: 'a' }, { Data: Buffer.alloc(1), PartitionKey: 5 }]) {
    const { given, error } = readUntilError(putRecordsBatches([entry(1), bad as never]))
    t.same(lengths(given as unknown[][]), [1])
    t.match(error, { code: 'ERR_KPL_INVALID_INPUT' }, JSON.stringify(bad))
    t.equal((error as { input: unknown }).input, bad)
  }
  t.same(lengths(putRecordsBatches([{ Data: runInNewContext('new Uint8Array(3)') as Uint8Array, PartitionKey: 'a' }])), [1], 'bytes of another realm are bytes')
  t.end()
})

t.test('an entry whose data is gone is refused, and not put as an empty one', (t) => {
  for (const Data of goneBytes()) {
    const bad = { Data, PartitionKey: 'a' }
    const { given, error } = readUntilError(putRecordsBatches([entry(1), bad]))
    t.same(lengths(given as unknown[][]), [1])
    t.match(error, { code: 'ERR_KPL_INVALID_INPUT', message: 'data must be bytes that are still there in an entry' })
    t.equal((error as { input: unknown }).input, bad)
  }
  t.same(lengths(putRecordsBatches([{ Data: Buffer.alloc(0), PartitionKey: 'a' }])), [1], 'empty data is as good as any')
  t.end()
})

t.test('the very entries, in order', (t) => {
  const aggregator = new Aggregator()
  for (let n = 0; n < 700; n++) aggregator.add({ partitionKey: `${n}`, data: '' })
  const given = aggregator.flush()
  const back = [...putRecordsBatches(given)].flat()
  t.equal(back.length, 700)
  t.same(back.flatMap((entry, n) => (entry === given[n] ? [] : [n])), [])
  t.end()
})

t.test('no request breaks a limit, and none has room for the next entry', (t) => {
  const random = draw(t, 15)
  const wrong: number[] = []
  const sizeOf = (batch: readonly { Data: Buffer; PartitionKey: string }[]) => batch.reduce((sum, { Data, PartitionKey }) => sum + Data.length + Buffer.byteLength(PartitionKey), 0)
  for (let round = 0; round < 200; round++) {
    const [maxCount, maxSize] = [random.between(1, 10), random.between(10, 300)]
    const batches = [...putRecordsBatches(Array.from({ length: 50 }, () => ({ Data: random.bytes(random.below(100)), PartitionKey: random.text(3) })), { maxCount, maxSize })]
    for (const [n, batch] of batches.entries()) {
      const next = batches[n + 1]?.[0]
      const room = next !== undefined && batch.length < maxCount && sizeOf([...batch, next]) <= maxSize
      if (batch.length > maxCount || (batch.length > 1 && sizeOf(batch) > maxSize) || room) wrong.push(round)
    }
  }
  t.same(wrong, [])
  t.end()
})

t.test('limits are integers, at most the service\'s; arguments are checked at the call', (t) => {
  for (const limits of [null, 5, 'text', { maxCount: 0 }, { maxCount: 501 }, { maxCount: 1.5 }, { maxCount: '5' }, { maxCount: null }, { maxSize: 0 }, { maxSize: 10 * MIB + 1 }, { maxSize: NaN }, { maxSize: Infinity }]) {
    t.equal(caught(() => putRecordsBatches([], limits as never)).code, 'ERR_KPL_INVALID_ARGUMENT', JSON.stringify(limits))
  }
  for (const given of [undefined, null, 5, 'text', entry(1)]) t.equal(caught(() => putRecordsBatches(given as never)).code, 'ERR_KPL_INVALID_ARGUMENT', String(given))
  t.same(lengths(putRecordsBatches(entries(2), { maxCount: undefined, maxSize: undefined })), [2])
  t.end()
})

t.test('lazy, every pass a fresh one, one pass over what can be read only once', (t) => {
  let read = 0
  const input = { *[Symbol.iterator]() { for (const entry of entries(10)) { read++; yield entry } } }
  const batches = putRecordsBatches(input, { maxCount: 2 })
  t.equal(read, 0)
  t.equal(batches[Symbol.iterator]().next().value.length, 2)
  t.equal(read, 3)
  for (const _ of [1, 2]) t.same(lengths(batches), [2, 2, 2, 2, 2])
  const once = putRecordsBatches(entries(3).values())
  t.same(lengths(once), [3])
  t.equal(caught(() => [...once]).code, 'ERR_KPL_INVALID_ARGUMENT')
  t.end()
})
