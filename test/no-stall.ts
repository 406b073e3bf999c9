// A pipeline goes on wherever an aggregate ends: also where its last user record is the
// one that fills the readable side. (A stream that stalls leaves this test pending.)
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import t from 'tap'
import { DeaggregateStream, encodeAggregate } from '../lib/index.js'

const aggregates = new Map<number, Buffer>()

function aggregateOf(count: number): Buffer {
  const known = aggregates.get(count)
  if (known !== undefined) return known
  const data = encodeAggregate(Array.from({ length: count }, () => ({ partitionKey: 'k', data: 'x' })))
  aggregates.set(count, data)
  return data
}

async function readThrough(counts: readonly number[], highWaterMark: number): Promise<number> {
  let seen = 0
  const sink = new Transform({
    objectMode: true,
    highWaterMark,
    transform(record, _encoding, done) {
      seen++
      done(null, record)
    },
  })
  await pipeline(Readable.from(counts.map(aggregateOf)), new DeaggregateStream({ highWaterMark }), sink.resume())
  return seen
}

for (const highWaterMark of [1, 2, 16]) {
  t.test(`highWaterMark ${highWaterMark}`, async (t) => {
    for (let count = 1; count <= 2 * highWaterMark + 2; count++) {
      for (const number of [1, 2, 3, 20, 40]) {
        const counts = Array<number>(number).fill(count)
        t.equal(await readThrough(counts, highWaterMark), number * count, `${number} aggregates of ${count}`)
      }
    }
    t.equal(await readThrough([201, ...Array<number>(40).fill(1), 17, 16, 15], highWaterMark), 289, 'of mixed sizes')
  })
}
