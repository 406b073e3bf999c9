// Time and memory of reading are linear in the input, whatever it is.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Figures, figuresOf } from '../hostile/figures.js'
import kinds from '../hostile/kinds.js'

const TIMES = 8
/** What is quadratic takes 64 times as much; what is linear 8 times, and up to twice that where it outgrows the caches. */
const MOST = 3 * TIMES
/** Less than this is lost among what a process does by itself. */
const LEAST_MS = 3
const LEAST_MEMORY = 16 * 2 ** 20

for (const { name } of kinds) {
  test(`${name}: ${TIMES} times the bytes take at most ${MOST} times as much`, async (t) => {
    let isLinear = false
    // Best of three, for other work on the machine only makes it worse.
    for (let attempt = 1; attempt <= 3 && !isLinear; attempt++) {
      const [small, large] = (await figuresOf(name, [(10 * 2 ** 20) / TIMES, 10 * 2 ** 20])) as [Figures, Figures]
      t.diagnostic(`${small.ms} and ${large.ms} ms, ${small.memory} and ${large.memory} bytes: ${large.outcome}`)
      // Where memory is not told, time alone is compared.
      const isMemoryLinear = (large.memory ?? 0) <= MOST * Math.max(small.memory ?? 0, LEAST_MEMORY)
      isLinear = isMemoryLinear && large.ms <= MOST * Math.max(small.ms, LEAST_MS)
    }
    assert.ok(isLinear, 'not linear in three attempts')
  })
}
