import t from 'tap'
import { BufferPool } from '../../lib/format/buffer-pool.js'
import { Drafts } from '../../lib/format/draft.js'
import { AggregateEncoder } from '../../lib/format/encoder.js'
import { Key } from '../../lib/format/key-table.js'

const newKey = (text: string): Key => new Key(text)
const drafts = new Drafts(newKey, newKey)

t.test('an encoder counts as one that has a buffer, however often it grows, until it is cleared', (t) => {
  const pool = new BufferPool()
  const [first, second] = [new AggregateEncoder(pool), new AggregateEncoder(pool)]
  t.equal(pool.inUse, 0)
  for (const encoder of [first, second]) {
    for (let n = 0; n < 600; n++) encoder.append(drafts.read({ partitionKey: `${n % 3}`, data: 'x'.repeat(100) }), Infinity)
    encoder.close(600)
    encoder.assemble()
  }
  t.equal(pool.inUse, 2)
  first.clear()
  first.clear()
  t.equal(pool.inUse, 1)
  new AggregateEncoder(pool).clear()
  t.equal(pool.inUse, 1)
  t.end()
})

t.test('each buffer is given back once: when a larger one takes its place, and when the encoder is cleared', (t) => {
  const pool = new BufferPool()
  const taken: Buffer[] = []
  const back: Buffer[] = []
  const { take, giveBack } = pool
  pool.take = (needed, wanted) => {
    const buffer = take.call(pool, needed, wanted)
    taken.push(buffer)
    return buffer
  }
  pool.giveBack = (buffer) => {
    if (buffer.length > 0) back.push(buffer)
    giveBack.call(pool, buffer)
  }
  const encoder = new AggregateEncoder(pool)
  for (let n = 0; n < 100; n++) encoder.append(drafts.read({ partitionKey: 'k', data: 'x'.repeat(100) }), Infinity)
  t.ok(taken.length > 3)
  t.equal(new Set(taken).size, taken.length, 'none was still in use')
  t.same(back, taken.slice(0, -1))
  for (const _ of [1, 2]) encoder.clear()
  t.same(back, taken)
  t.end()
})
