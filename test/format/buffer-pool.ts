import t from 'tap'
import { BufferPool } from '../../lib/format/buffer-pool.js'

// A few aggregates get at once what the last one needed; many small ones do not sit in large buffers.

const KIB = 1024
const NONE = Buffer.alloc(0)

/** A pool that an aggregate of so many bytes has just left, `around` of them not of its records. */
const poolAfter = (size: number, memory = size, around = 0): BufferPool => {
  const pool = new BufferPool()
  pool.release(pool.take(memory, NONE), size, around)
  return pool
}

t.test('the next aggregate gets as much at once as the last one filled', (t) => {
  for (const size of [5 * KIB, 64 * KIB, KIB * KIB]) t.equal(poolAfter(size).take(20, NONE).length, size, `${size} bytes`)
  t.end()
})

t.test('before any has left, and where more is needed, it is as much as is needed', (t) => {
  for (const length of [1, 20, 4 * KIB, 64 * KIB]) t.equal(new BufferPool().take(length, NONE).length, length)
  t.equal(poolAfter(64 * KIB).take(65 * KIB, NONE).length, 65 * KIB)
  t.end()
})

t.test('after one that did not fill its buffer, it is what that needed, or a little more: so too before the records', (t) => {
  for (const size of [20, 1000, 55 * KIB]) {
    const { length } = poolAfter(size, 64 * KIB).take(1, NONE)
    t.ok(length >= size && 8 * length <= 9 * size, `${length} for ${size}`)
    const { headroom } = poolAfter(size, 64 * KIB, size >> 1)
    t.ok(2 * headroom >= size && 16 * headroom <= 9 * size, `${headroom} for ${size >> 1}`)
  }
  t.end()
})

t.test('a buffer is filled by seven eighths, and one that is cut from a slab never: it would keep all of that alive', (t) => {
  const pool = new BufferPool()
  for (const [length, size, isFilled] of [[64 * KIB, 56 * KIB, true], [64 * KIB, 56 * KIB - 1, false], [4 * KIB, 4 * KIB, true], [4 * KIB - 1, 4 * KIB - 1, false]] as const) {
    t.equal(pool.isFilled(pool.take(length, NONE), size), isFilled, `${size} of ${length}`)
  }
  t.end()
})

t.test('while 8 are in use, what needs less than half of that gets no more than it needs', (t) => {
  const pool = poolAfter(64 * KIB)
  const taken = Array.from({ length: 9 }, () => pool.take(20, NONE))
  t.same(taken.map(({ length }) => length), [...Array<number>(8).fill(64 * KIB), 20])
  t.equal(pool.take(32 * KIB, taken[8]!).length, 64 * KIB, 'half, in place of a smaller one')
  t.equal(pool.take(32 * KIB - 1, NONE).length, 32 * KIB - 1, 'less')
  for (const buffer of taken.slice(0, 2)) pool.release(buffer, 64 * KIB, 0)
  t.equal(pool.take(20, NONE).length, 20, '8, and now 9')
  for (const buffer of taken.slice(2, 4)) pool.release(buffer, 64 * KIB, 0)
  t.equal(pool.take(20, NONE).length, 64 * KIB, '7')
  t.end()
})

t.test('small buffers do not overlap, and lie in few others', (t) => {
  const pool = new BufferPool()
  const buffers = Array.from({ length: 1000 }, (_, n) => pool.take(1 + (n % 300), NONE).fill(n))
  t.ok(buffers.every((buffer, n) => buffer.every((byte) => byte === n % 256)))
  t.ok(new Set(buffers.map(({ buffer }) => buffer)).size < 15)
  t.end()
})
