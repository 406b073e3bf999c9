import t from 'tap'
import { BufferPool } from '../../lib/format/buffer-pool.js'

// A few aggregates get at once what the last one needed; many small ones do not sit in large buffers.

const KIB = 1024
const MIB = KIB * KIB

/** What is given where so many bytes are needed. */
const got = (pool: BufferPool, needed: number, wanted = needed): number => pool.take(needed, wanted).length

/** A pool that an aggregate of so many bytes has just left, `around` of them not of its records. */
const poolAfter = (size: number, memory = size, around = 0): BufferPool => {
  const pool = new BufferPool()
  pool.learn(pool.take(memory, memory), 2, size, around)
  return pool
}

t.test('the next aggregate gets as much at once as the last one filled', (t) => {
  for (const size of [5 * KIB, 64 * KIB, MIB]) t.equal(got(poolAfter(size), 20), size, `${size} bytes`)
  t.end()
})

t.test('before any has left, and where more is needed, it is as much as is wanted', (t) => {
  for (const length of [1, 20, 4 * KIB, 64 * KIB]) t.equal(got(new BufferPool(), length, 2 * length), length === 20 ? 64 : 2 * length, 'a small one in powers of two')
  t.equal(got(poolAfter(64 * KIB), 64 * KIB + 1, 100 * KIB), 100 * KIB)
  t.end()
})

t.test('after one that did not fill its buffer, it is what that needed, or a little more: so too before the records', (t) => {
  for (const size of [20, 1000, 3000, 55 * KIB]) {
    const length = got(poolAfter(size, 64 * KIB), 1)
    t.ok(length >= size && (length <= 2048 ? length < 2.25 * size : 8 * length <= 9 * size), `${length} for ${size}`)
    const { headroom } = poolAfter(size, 64 * KIB, size >> 1)
    t.ok(2 * headroom >= size && 16 * headroom <= 9 * size, `${headroom} for ${size >> 1}`)
  }
  t.end()
})

t.test('of a record alone it is learned that less is enough, not that more is needed', (t) => {
  const pool = poolAfter(64 * KIB)
  pool.learn(pool.take(MIB, MIB), 1, MIB, 0)
  t.equal(got(pool, 20), 64 * KIB)
  pool.learn(pool.take(64 * KIB, 64 * KIB), 1, 5 * KIB, 0)
  t.ok(got(pool, 20) < 6 * KIB)
  t.end()
})

t.test('a buffer is filled by seven eighths, and one that is cut from a slab never: it would keep all of that alive', (t) => {
  const pool = new BufferPool()
  for (const [length, size, isFilled] of [[64 * KIB, 56 * KIB, true], [64 * KIB, 56 * KIB - 1, false], [4 * KIB, 4 * KIB, true], [4 * KIB - 1, 4 * KIB - 1, false]] as const) {
    t.equal(pool.isFilled(pool.take(length, length), size), isFilled, `${size} of ${length}`)
  }
  t.end()
})

t.test('while 4 MiB are in use like that, what needs less than half gets no more than it wants', (t) => {
  for (const [usual, count] of [[64 * KIB, 64], [MIB, 4], [4 * MIB, 1], [4 * MIB + 1, 0]] as const) {
    const pool = poolAfter(usual)
    for (; pool.inUse < count; pool.inUse++) t.equal(got(pool, 20), usual, `${pool.inUse} of ${usual}`)
    t.equal(got(pool, 32), 32, 'one more')
    const half = Math.ceil(usual / 2)
    t.equal(got(pool, half), usual, 'half')
    t.equal(got(pool, half - 1), half - 1, 'less')
    pool.headroom = 1
    t.equal(got(pool, usual), usual, 'as wanted')
    t.equal(got(pool, usual, usual + 1), usual + 1, 'there is no room for what stands before the records')
  }
  t.end()
})

t.test('small buffers do not overlap, and lie in few others', (t) => {
  const pool = new BufferPool()
  const buffers = Array.from({ length: 1000 }, (_, n) => pool.take(1 + (n % 300), 1 + (n % 300)).fill(n))
  t.ok(buffers.every((buffer, n) => buffer.every((byte) => byte === n % 256)))
  t.ok(new Set(buffers.map(({ buffer }) => buffer)).size < 15)
  t.end()
})

t.test('a small buffer that was given back is given out again, once; 1 MiB of all lengths is kept, with what each takes beside, and no large one', (t) => {
  const pool = new BufferPool()
  const first = pool.take(100, 100)
  const second = pool.take(100, 100)
  pool.giveBack(first)
  t.equal(pool.take(90, 90), first)
  t.not(pool.take(100, 100), first)
  t.not(second, first)
  const many = [16, 1000].flatMap((length) => Array.from({ length: 2000 }, () => pool.take(length, length)))
  const kept = (length: number) => many.filter(() => many.includes(pool.take(length, length))).length
  for (const time of ['first', 'second']) {
    for (const buffer of many) pool.giveBack(buffer)
    t.equal(kept(16), 2000, time)
    t.equal(kept(1000), Math.ceil((2 ** 20 - 2000 * 116) / 1124), time)
  }
  for (const length of [2049, 4096, 64 * KIB]) {
    const large = pool.take(length, length)
    pool.giveBack(large)
    t.not(pool.take(length, length), large)
  }
  t.end()
})
