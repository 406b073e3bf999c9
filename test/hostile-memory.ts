import t from 'tap'
import { KplError, type UserRecord, deaggregate } from '../lib/index.js'
import { collect } from '../fixtures/collect.js'
import { turn } from '../fixtures/streams.js'
import { worstMessages } from '../fixtures/worst-messages.js'

// 10 MiB, the most that Kinesis takes, of the worst that can be in them: reading
// comes to its end, and what it keeps stays within a few times the input.

const SIZE = 10 * 2 ** 20
/** What may be alive at the worst moment, in sizes of the input. Tags, which are handed out as objects, take the most: 12. */
const MOST = 16

function alive(): number {
  collect()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

for (const { name, options, make } of worstMessages) {
  t.test(`10 MiB: ${name}`, async (t) => {
    const { data, expected } = make(SIZE)
    collect()
    // What it was made of is gone by then.
    await turn()
    t.ok(data.length > 0.8 * SIZE && data.length <= SIZE, `${data.length} bytes`)
    const before = alive()
    const pass = deaggregate(data, options)[Symbol.iterator]()
    const held: (UserRecord | KplError | undefined)[] = []
    let count = 0
    try {
      // The first user record comes when all of them have been read.
      for (let step = pass.next(); step.done !== true; step = pass.next()) {
        if (count++ === 0) held.push(step.value)
        if (count === 1) t.ok(alive() - before < MOST * SIZE, `${((alive() - before) / SIZE).toFixed(1)} times the input are alive`)
      }
      t.equal(count, expected)
    } catch (error) {
      if (!(error instanceof KplError)) throw error
      held.push(error)
      t.equal(error.code, expected)
    }
    t.ok(alive() - before < MOST * SIZE, `${((alive() - before) / SIZE).toFixed(1)} times the input in the end`)
    held.length = 0
  })
}
