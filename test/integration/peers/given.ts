// User records to write: odd ones among them, each repeatable from its seed.
import { type UserRecordInput, encodeAggregate } from 'kpl-codec'
import type { Draw } from '../../../fixtures/random.js'

export interface Given extends UserRecordInput {
  readonly data: Buffer
}

const LAST_HASH_KEY = 2n ** 128n - 1n

/** Names that objects have, texts that look like numbers, and what UTF-8 and its many readers may stumble over. */
const ODD_KEYS = [
  ...['__proto__', 'hasOwnProperty', 'constructor', 'toString', 'length'],
  ...['10', '9', '0', '-1', '007', '1e3', '4294967295', 'NaN', 'null', 'undefined'],
  ...[' ', '\t', '\r\n', '\0', 'a\0b', '\u007f', '\u200b', '\ufeffmark', '\ufffd', '\uffff', '%s$&\\"'],
  ...['é', 'e\u0301', '水', '😀', '\u{10ffff}', '👨\u200d👩\u200d👧', 'مفتاح', '\u202eright to left', 'ก็็็'],
  ...['z'.repeat(256), 'é'.repeat(256), '水'.repeat(256), '😀'.repeat(256)],
]

const ODD_HASH_KEYS = ['0', '1', '9', '10', '007', `000${LAST_HASH_KEY}`, String(LAST_HASH_KEY), String(LAST_HASH_KEY - 1n), String(2n ** 127n)]

const NESTED = encodeAggregate([
  { partitionKey: 'inner', data: 'one' },
  { partitionKey: 'inner', explicitHashKey: '5', data: 'two' },
])

/** Payloads that begin like an aggregate, and are none. */
const LOOKALIKES = [NESTED.subarray(0, 3), NESTED.subarray(0, 4), NESTED.subarray(0, 20), NESTED.subarray(0, -1), Buffer.concat([NESTED, NESTED])]

export interface Likes {
  readonly count: number
  /** Bytes of data at the most; a few have ten times as many. */
  readonly size: number
  readonly tags: boolean
  /** Payloads that are whole aggregates. */
  readonly nested: boolean
}

export function drawGiven(draw: Draw, { count, size, tags, nested }: Likes): Given[] {
  const pool = Array.from({ length: draw.between(1, 40) }, () => (draw.oneIn(2) ? draw.pick(ODD_KEYS) : draw.text(draw.between(1, 30))))
  const explicitIn = draw.pick([1, 2, 10, Infinity])
  return Array.from({ length: count }, () => ({
    partitionKey: draw.oneIn(20) ? draw.text(draw.between(1, 256)) : draw.pick(pool),
    ...(draw.oneIn(explicitIn) && { explicitHashKey: drawHashKey(draw) }),
    ...(tags && draw.oneIn(3) && { tags: drawTags(draw) }),
    data: drawData(draw, size, nested),
  }))
}

function drawHashKey(draw: Draw): string {
  return draw.oneIn(2) ? draw.pick(ODD_HASH_KEYS) : String(BigInt(`0x${draw.bytes(draw.between(1, 16)).toString('hex')}`))
}

function drawTags(draw: Draw) {
  return Array.from({ length: draw.between(1, 3) }, () => {
    const key = draw.oneIn(4) ? '' : draw.pick(ODD_KEYS)
    return draw.oneIn(3) ? { key } : { key, value: draw.text(draw.below(5)) }
  })
}

function drawData(draw: Draw, size: number, nested: boolean): Buffer {
  if (draw.oneIn(8)) return Buffer.alloc(0)
  if (draw.oneIn(20)) return draw.pick(nested ? [NESTED, ...LOOKALIKES] : LOOKALIKES)
  return bytes(draw, draw.below((draw.oneIn(50) ? 10 : 1) * size))
}

/** Random ones in the beginning, which then come again: they are quick to make. */
export function bytes(draw: Draw, length: number): Buffer {
  return length === 0 ? Buffer.alloc(0) : Buffer.alloc(length, draw.bytes(Math.min(length, 64)))
}
