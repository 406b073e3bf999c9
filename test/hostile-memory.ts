import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import t from 'tap'
import { type DeaggregateOptions, KplError, type UserRecord, deaggregate } from '../lib/index.js'
import { bytes, frame, number, record, varint } from '../fixtures/aggregates.js'
import { turn } from '../fixtures/streams.js'

// 10 MiB, the most that Kinesis takes, of the worst that can be in them: reading
// comes to its end, and what it keeps stays within a few times the input.

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

const SIZE = 10 * 2 ** 20
/** What may be alive at the worst moment, in sizes of the input. Tags, which are handed out as objects, take the most: 11. */
const MOST = 16

const key = bytes(1, 'a')
const empty = record(number(1, 0), bytes(3, ''))

/** As many of one thing as go into the size. */
function many(unit: Buffer, size = SIZE - 200): Buffer {
  const count = Math.floor(size / unit.length)
  return Buffer.alloc(count * unit.length, unit)
}

const text = (count: number, byte: number) => Buffer.alloc(count, byte)
const explicit = record(number(1, 0), number(2, 0), bytes(3, ''))
const range = { startingHashKey: '0', endingHashKey: String(2n ** 128n - 1n) }

type Kind = [name: string, message: Buffer, expected: number | string, options?: DeaggregateOptions]
const kinds: Kind[] = [
  ['empty user records', Buffer.concat([key, many(empty)]), Math.floor((SIZE - 200) / empty.length)],
  ['empty user records, their fields in another order', Buffer.concat([key, many(record(bytes(3, ''), number(1, 0)))]), Math.floor((SIZE - 200) / 6)],
  ['empty user records under a range', Buffer.concat([key, bytes(2, '5'), many(explicit)]), Math.floor((SIZE - 200) / explicit.length), { hashKeyRange: range }],
  ['hidden user records', Buffer.concat([key, bytes(2, '5'), many(explicit)]), 0, { hashKeyRange: { startingHashKey: '6', endingHashKey: '6' } }],
  ['unknown fields', Buffer.concat([key, empty, many(number(4, 0))]), 1],
  ['unknown fields in a user record', Buffer.concat([key, record(number(1, 0), bytes(3, ''), many(number(5, 0)))]), 1],
  ['nested groups', Buffer.concat([key, empty, many(Buffer.concat([text(100, 0x23), text(100, 0x24)]))]), 1],
  ['empty partition keys', Buffer.concat([many(bytes(1, '')), empty]), 1],
  ['short partition keys', Buffer.concat([many(bytes(1, 'ab')), empty]), 1],
  ['short explicit hash keys', Buffer.concat([key, many(bytes(2, '12')), empty]), 1, { hashKeyRange: range }],
  ['one long partition key that is no UTF-8', Buffer.concat([bytes(1, text(SIZE - 200, 0xff)), empty]), 1],
  ['tags', Buffer.concat([key, record(number(1, 0), bytes(3, ''), many(bytes(4, bytes(1, ''))))]), 1],
  ['the same field again and again', Buffer.concat([key, record(number(1, 0), many(bytes(3, '')))]), 1],
  ['lengths that lie', many(Buffer.concat([Buffer.from([0x1a]), varint(2 ** 32 - 1)])), 'ERR_KPL_MALFORMED'],
  ['a good length, then nothing but records without data', Buffer.concat([key, many(record(number(1, 0)))]), 'ERR_KPL_MALFORMED'],
]

function alive(): number {
  collect()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

for (const [name, message, expected, options] of kinds) {
  t.test(`10 MiB of ${name}`, async (t) => {
    await turn()
    const data = frame(message)
    t.ok(data.length > SIZE - 500 && data.length <= SIZE, `${data.length} bytes`)
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
