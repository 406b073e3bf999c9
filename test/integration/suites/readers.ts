// What kpl-codec writes, read by others' code: user record by user record as it was given, but for the faults that a
// reader is proven to have. PEERS_SEED and PEERS_ROUNDS repeat it and make it longer.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { aggregate } from 'kpl-codec'
import { Draw } from '../../../fixtures/random.js'
import { whyNot } from '../peers/child.js'
import { type Written, SHARDS, drawWritten, writtenAtTheLimits } from '../peers/ours.js'
import { type Outcome, outcomeOf, readingOf } from '../peers/reading.js'
import { messageIn } from '../peers/readers/protobuf.js'
import { libraries, readers, shardReaders } from '../peers/readers/readers.js'
import { differenceOf, shownOutcome, shownRecords } from '../peers/shown.js'

const seed = Number(process.env.PEERS_SEED ?? 1)
const rounds = Number(process.env.PEERS_ROUNDS ?? 120)

const draw = new Draw(seed)
const atTheLimits = writtenAtTheLimits(draw)
const drawn: Written[] = []
for (let round = 0; round < rounds; round++) drawn.push(...(await drawWritten(draw)))
const all = [...atTheLimits, ...drawn]

test('what is written has 28 bytes to 10 MiB, 1 to 100,000 user records, plain ones and such as are for a shard', (t) => {
  tell(t)
  assert.deepEqual(
    atTheLimits.map(({ data: { length }, right }) => [length < 10_000_000 ? length : 10_485_760 - length, right.length]),
    [
      [28, 1],
      [0, 5_001],
      [1, 1],
      [atTheLimits[3]!.data.length, 100_000],
    ],
  )
  assert.ok(drawn.some(({ right }) => !right[0]!.aggregated))
  assert.ok(drawn.some(({ shardId }) => shardId !== undefined))
})

for (const { name, toolchain, start, faults } of readers) {
  test(name, { skip: toolchain && whyNot(toolchain) }, async (t) => {
    const reader = started(t, start)

    await t.test('reads what kpl-codec writes as it was given, but for its faults', async (t) => {
      tell(t)
      for (const batch of batches(all)) {
        const readings = await reader.read(batch.map(({ data }) => data))
        assert.equal(readings.length, batch.length)
        for (const [n, { how, right }] of batch.entries()) {
          const expected = faults.reduce<Outcome>((made, { of }) => (made === 'error' ? made : of(made)), right)
          same(readings[n]!, expected, how)
        }
      }
    })

    for (const { what, given, options, gives } of faults) {
      await t.test(`still has its fault: ${what}`, async () => {
        const readings = await reader.read(Array.from(aggregate(given, options), ({ Data }) => Data))
        assert.deepEqual(readings.map((reading) => shownOutcome(outcomeOf(reading))), [gives])
        assert.notEqual(gives, shownRecords(given))
      })
    }
  })
}

for (const { name, toolchain, start } of shardReaders) {
  const skip = toolchain && whyNot(toolchain)
  test(`${name} hides nothing that was written for the shard that it reads, and all the rest`, { skip }, async (t) => {
    const reader = started(t, start)
    const written = drawn.filter(({ shardId, right }) => shardId !== undefined && right[0]!.aggregated)
    for (const { ShardId, HashKeyRange } of SHARDS.shards) {
      assert.ok(written.some(({ shardId }) => shardId === ShardId))
      const { StartingHashKey: first, EndingHashKey: last } = HashKeyRange
      const readings = await reader.readInRange(written.map(({ data }) => data), first, last)
      for (const [n, { how, right, shardId }] of written.entries()) same(readings[n]!, shardId === ShardId ? right : [], how)
    }
  })
}

for (const { name, toolchain, start } of libraries) {
  const skip = toolchain && whyNot(toolchain)
  test(`${name} sees the tags that were given, and serialises a message to the same bytes again`, { skip }, async (t) => {
    const aggregates = drawn.filter(({ right }) => right[0]!.aggregated)
    const seen = await started(t, start).see(aggregates.map(({ data }) => data))
    for (const [n, { how, data, userRecords }] of aggregates.entries()) {
      const given = userRecords.map(({ tags = [] }) => tags.map(({ key, value = null }) => [key, value]))
      assert.deepEqual(seen[n]!.tags, given, how)
      assert.deepEqual(seen[n]!.again, messageIn(data), how)
    }
  })
}

function same(reading: Buffer, expected: Outcome, how: string): void {
  // What is the same has the same bytes; only what is not has to be taken apart.
  if (expected !== 'error' && reading.equals(readingOf(expected))) return
  const difference = differenceOf(outcomeOf(reading), expected)
  assert.equal(difference, undefined, `${how}: ${difference}`)
}

/** Not more than 32 MiB and 10,000 Kinesis records at once. */
function* batches(written: readonly Written[]): Iterable<Written[]> {
  let batch: Written[] = []
  let size = 0
  for (const one of written) {
    if (size + one.data.length > 2 ** 25 || batch.length === 10_000) {
      yield batch
      batch = []
      size = 0
    }
    batch.push(one)
    size += one.data.length
  }
  yield batch
}

function started<R extends { stop(): void }>(t: TestContext, start: () => R): R {
  const peer = start()
  t.after(() => peer.stop())
  return peer
}

function tell(t: TestContext): void {
  t.diagnostic(`seed ${seed}, ${rounds} rounds: ${all.length} Kinesis records`)
}
