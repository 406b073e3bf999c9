import t from 'tap'
import { ScratchPool } from '../../lib/format/scratch-pool.js'

// Memory is used again, but small aggregates by the thousand do not sit in large buffers.

const KIB = 1024

t.test('a large buffer is lent again, whatever is needed, if it is large enough', (t) => {
  const pool = new ScratchPool()
  const large = pool.take(64 * KIB, 64 * KIB)
  pool.give(large)
  t.equal(pool.take(20, 20), large)
  pool.give(large)
  t.not(pool.take(64 * KIB + 1, 64 * KIB + 1), large)
  t.end()
})

t.test('as many as 8 are kept', (t) => {
  const pool = new ScratchPool()
  const given = Array.from({ length: 10 }, () => pool.take(64 * KIB, 64 * KIB))
  for (const buffer of given) pool.give(buffer)
  const taken = Array.from({ length: 10 }, () => pool.take(64 * KIB, 64 * KIB))
  t.equal(taken.filter((buffer) => given.includes(buffer)).length, 8)
  t.end()
})

t.test('while 8 are lent, what is small gets no large one', (t) => {
  const pool = new ScratchPool()
  const given = Array.from({ length: 16 }, () => pool.take(64 * KIB, 64 * KIB))
  for (const buffer of given.slice(0, 8)) pool.give(buffer)
  t.equal(pool.take(20, 20).length, 20)
  t.ok(given.includes(pool.take(4 * KIB, 4 * KIB)), 'what is a 16th of it does')
  const small = Array.from({ length: 20 }, () => pool.take(100, 100))
  for (const buffer of small.slice(0, 10)) pool.give(buffer)
  for (const buffer of small.slice(10)) pool.leave(buffer)
  t.equal(pool.take(20, 20).length, 20)
  for (const buffer of given.slice(8)) pool.give(buffer)
  t.equal(pool.take(20, 20).length, 64 * KIB, 'and when they are back it does')
  t.end()
})

t.test('what was outgrown is not lent again, and counts no more', (t) => {
  const pool = new ScratchPool()
  for (let n = 0; n < 20; n++) {
    const small = pool.take(5_000, 5_000)
    t.equal(small.length, 5_000)
    pool.leave(small)
  }
  const large = pool.take(64 * KIB, 64 * KIB)
  pool.give(large)
  t.equal(pool.take(20, 20), large)
  t.end()
})

t.test('the largest are not kept, and the smallest do not count', (t) => {
  const pool = new ScratchPool()
  const largest = pool.take(256 * KIB + 1, 256 * KIB + 1)
  pool.give(largest)
  t.equal(pool.take(20, 20).length, 20)
  for (let n = 0; n < 20; n++) pool.give(pool.take(100, 100))
  const large = pool.take(256 * KIB, 256 * KIB)
  pool.give(large)
  t.equal(pool.take(20, 20), large)
  t.end()
})
