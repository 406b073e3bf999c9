import { runInNewContext } from 'node:vm'
import t from 'tap'
import { isAggregated } from '../../lib/index.js'
import { aggregateOf, withWrongDigest } from '../../fixtures/aggregates.js'
import { hex } from '../../fixtures/hex.js'
import { caught } from '../../fixtures/reading.js'

// The magic and more than 16 bytes after it; the digest is not looked at.

const aggregate = aggregateOf([{ partitionKey: 'a', data: 'x' }])
const magic = 'f3899ac2'

t.test('an aggregate is one, its digest right or wrong', (t) => {
  t.ok(isAggregated(aggregate))
  t.ok(isAggregated(withWrongDigest(aggregate)))
  t.ok(isAggregated(new Uint8Array(aggregate)))
  t.end()
})

t.test('bytes and base64 agree: 16 bytes after the magic are too few, 17 are enough', (t) => {
  for (let length = 0; length < 30; length++) {
    const bytes = hex(magic + '00'.repeat(length))
    t.equal(isAggregated(bytes), length > 16, `${length} bytes`)
    t.equal(isAggregated(bytes.toString('base64')), length > 16, `${length} bytes in base64`)
    t.equal(isAggregated(bytes.toString('base64url')), length > 16, `${length} bytes in base64 without padding`)
  }
  t.end()
})

t.test('every bit of the magic counts, in bytes and in base64', (t) => {
  const taken: number[] = []
  for (let bit = 0; bit < 32; bit++) {
    const bytes = Buffer.from(aggregate)
    bytes[bit >> 3]! ^= 0x80 >> (bit & 7)
    if (isAggregated(bytes) || isAggregated(bytes.toString('base64'))) taken.push(bit)
  }
  t.same(taken, [])
  t.end()
})

t.test('whatever follows the magic, its base64 is known', (t) => {
  const missed: number[] = []
  for (let byte = 0; byte < 256; byte++) {
    if (!isAggregated(hex(magic + byte.toString(16).padStart(2, '0') + '00'.repeat(16)).toString('base64'))) missed.push(byte)
  }
  t.same(missed, [])
  t.end()
})

t.test('it never throws for a text', (t) => {
  for (const text of ['', '=', '84mawg', '84mawg==', '84maw', 'not base64 at all, but long enough', ' 84mawgAAAAAAAAAAAAAAAAAAAAAA', '\ud800'.repeat(40)]) {
    t.equal(isAggregated(text), false, text)
  }
  t.equal(isAggregated('84mawg'.padEnd(28, '!')), true, 'only the beginning and the length of a text are looked at')
  t.end()
})

t.test('bytes of another realm are bytes', (t) => {
  t.ok(isAggregated(runInNewContext(`new Uint8Array([${aggregate.join()}])`) as Uint8Array))
  t.end()
})

t.test('anything but bytes and text is refused', (t) => {
  for (const data of [undefined, null, 0, true, {}, [], new ArrayBuffer(40), new DataView(new ArrayBuffer(40)), new Uint16Array(40)]) {
    const error = caught(() => isAggregated(data as unknown as string))
    t.equal(error.code, 'ERR_KPL_INVALID_INPUT', String(data))
    t.equal(error.input, data)
  }
  t.equal(caught(() => isAggregated(null as unknown as string)).message, 'data must be bytes or base64 text, not null')
  t.end()
})
