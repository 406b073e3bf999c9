import t from 'tap'
import { DeaggregateStream } from '../lib/index.js'

// A writer that does not wait can queue any number of chunks. To take one from the front of a
// list moves up all others: 200,000 lists then took 70 s, and each twice as many four times that.

t.test('of a long queue no chunk is moved up for another', async (t) => {
  const CHUNKS = 20_000
  const record = { Data: Buffer.from('x'), SequenceNumber: '1' }
  const moved = counted()
  try {
    for (const chunk of [[record], record]) {
      const stream = new DeaggregateStream()
      for (let n = 0; n < CHUNKS; n++) stream.write(chunk)
      stream.end()
      let count = 0
      for await (const _ of stream) count++
      t.equal(count, CHUNKS)
    }
  } finally {
    moved.stop()
  }
  // The lists in which a few records are opened ahead are short.
  t.ok(moved.elements < 20 * CHUNKS, `${moved.elements} moved for ${2 * CHUNKS} chunks`)
})

t.test('it would be seen', (t) => {
  const moved = counted()
  const list = [1, 2, 3]
  try {
    list.shift()
  } finally {
    moved.stop()
  }
  t.equal(moved.elements, 2)
  t.same(list, [2, 3])
  t.end()
})

/** How many elements the library moves by `shift` from now on; Node's own streams keep theirs out of reach. */
function counted() {
  const { shift } = Array.prototype
  const moved = {
    elements: 0,
    stop: () => {
      Array.prototype.shift = shift
    },
  }
  Array.prototype.shift = function (this: unknown[]) {
    moved.elements += Math.max(0, this.length - 1)
    return shift.call(this)
  }
  return moved
}
