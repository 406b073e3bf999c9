// What others' code writes, read by kpl-codec: user record by user record as it was given, but for the faults that a
// writer is proven to have. PEERS_SEED and PEERS_ROUNDS repeat it and make it longer.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Draw } from '../../../fixtures/random.js'
import { whyNot } from '../peers/child.js'
import { type Given, type Likes, drawGiven } from '../peers/given.js'
import type { Read } from '../peers/reading.js'
import { differenceOf, shownRecords } from '../peers/shown.js'
import { readEach, shownWriting } from '../peers/theirs.js'
import type { Entry } from '../peers/writers/writer.js'
import { writers } from '../peers/writers/writers.js'

const seed = Number(process.env.PEERS_SEED ?? 1)
const rounds = Number(process.env.PEERS_ROUNDS ?? 40)

/** One user record, a few, many, and more than one aggregate can hold. */
const LIKES: readonly Likes[] = [
  { count: 1, size: 100 },
  { count: 10, size: 4 },
  { count: 300, size: 200 },
  { count: 2_000, size: 2_000 },
].map((likes) => ({ ...likes, tags: false, nested: true }))

for (const { name, toolchain, start, faults } of writers) {
  test(name, { skip: toolchain && whyNot(toolchain) }, async (t) => {
    const writer = start()
    t.after(() => writer.stop())

    await t.test('kpl-codec reads what it writes as it was given, but for its faults', async (t) => {
      t.diagnostic(`seed ${seed}, ${rounds} rounds`)
      const draw = new Draw(seed)
      let full = 0
      for (let round = 0; round < rounds; round++) {
        const given = drawGiven(draw, LIKES[round % LIKES.length]!).filter((record) => !faults.some(({ avoids }) => avoids?.(record)))
        const taken = given.filter((record) => !faults.some(({ refuses }) => refuses?.(record)))
        const written = await writer.write(given)
        const entries = written.filter((one): one is Entry => !('refused' in one))
        assert.equal(written.length - entries.length, given.length - taken.length, `round ${round}: how many are refused`)
        full += Math.max(entries.length - 1, 0)
        for (const [n, read] of readEach(entries).entries()) {
          const group = taken.splice(0, read.length)
          const expected = faults.reduce<readonly Given[]>((made, { of }) => of?.(made) ?? made, group).map(readOf)
          const difference = differenceOf(read, expected)
          assert.equal(difference, undefined, `round ${round}, Kinesis record ${n}: ${difference}`)
        }
        assert.equal(taken.length, 0, `round ${round}: how many are missing`)
      }
      assert.ok(full > 0, 'some aggregates were full')
    })

    for (const { what, given, gives } of faults) {
      await t.test(`it still has its fault: ${what}`, async () => {
        assert.equal(shownWriting(await writer.write(given)), gives)
        assert.notEqual(gives, shownRecords(given))
      })
    }
  })
}

function readOf({ partitionKey, explicitHashKey, data }: Given, subSequenceNumber: number): Read {
  return { aggregated: true, partitionKey, explicitHashKey, subSequenceNumber, data }
}
