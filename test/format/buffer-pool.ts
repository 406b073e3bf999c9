import t from 'tap'
import { BufferPool } from '../../lib/format/buffer-pool.js'

// Aggregates get at once what others needed, but small ones by the thousand do not sit in large buffers.

const KIB = 1024

/** A pool in which an aggregate of so many bytes has just left. */
const poolAfter = (size: number, head = 0): BufferPool => {
  const pool = new BufferPool()
  pool.isFilled(pool.take(size), size, head)
  pool.leave()
  return pool
}

t.test('the next aggregate gets as much at once as filled the buffer before', (t) => {
  for (const size of [5 * KIB, 64 * KIB, KIB * KIB]) t.equal(poolAfter(size).take(20).length, size, `${size} bytes`)
  t.end()
})

t.test('before any has left, and where more is needed, it is as much as is needed', (t) => {
  for (const length of [1, 20, 4 * KIB, 64 * KIB]) t.equal(new BufferPool().take(length).length, length)
  t.equal(poolAfter(64 * KIB).take(65 * KIB).length, 65 * KIB)
  t.end()
})

t.test('what fills less than seven eighths does not leave in its buffer, and the next gets an eighth more than it needed', (t) => {
  const pool = new BufferPool()
  const buffer = pool.take(64 * KIB)
  t.ok(pool.isFilled(buffer, 56 * KIB, 80))
  t.equal(pool.headroom, 90, 'before the records too')
  t.notOk(pool.isFilled(buffer, 56 * KIB - 8, 0))
  t.equal(pool.take(20).length, 63 * KIB - 9)
  t.end()
})

t.test('nothing leaves in what is cut from a slab: it would keep all of that alive', (t) => {
  for (const [size, leaves] of [[4 * KIB - 1, false], [4 * KIB, true]] as const) {
    const pool = new BufferPool()
    t.equal(pool.isFilled(pool.take(size), size, 0), leaves)
  }
  t.end()
})

t.test('while 8 are in use, what needs less than a 16th gets no more than it needs', (t) => {
  const pool = poolAfter(64 * KIB)
  const lengths = Array.from({ length: 10 }, () => pool.take(20).length)
  t.same(lengths, [...Array<number>(8).fill(64 * KIB), 20, 20])
  t.equal(pool.take(4 * KIB).length, 64 * KIB, 'a 16th')
  for (let n = 0; n < 3; n++) pool.leave()
  t.equal(pool.take(4 * KIB - 1).length, 4 * KIB - 1, 'less')
  for (let n = 0; n < 2; n++) pool.leave()
  t.equal(pool.take(20).length, 64 * KIB, 'and when fewer are in use it does')
  t.end()
})

t.test('small buffers do not overlap, and lie in few others', (t) => {
  const pool = new BufferPool()
  const buffers = Array.from({ length: 1000 }, (_, n) => pool.take(1 + (n % 300)).fill(n))
  t.ok(buffers.every((buffer, n) => buffer.every((byte) => byte === n % 256)))
  t.ok(new Set(buffers.map(({ buffer }) => buffer)).size < 15)
  t.end()
})
