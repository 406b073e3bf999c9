import t from 'tap'
import { decodeAggregate } from '../../lib/index.js'
import { bytes, frame, group, number, record, varint } from '../../fixtures/aggregates.js'
import { hex } from '../../fixtures/hex.js'
import { caught } from '../../fixtures/reading.js'

// A right digest and a wrong message: ERR_KPL_MALFORMED, with the byte offset (from the
// first byte of the data, so the magic's 4 bytes count) and, inside a record, its number.

const table = bytes(1, 'a')
const good = record(number(1, 0), bytes(3, 'x'))
const FRONT = 4 + table.length + good.length

const nest = (depth: number) => hex('2b'.repeat(depth) + '2c'.repeat(depth))

/** What is behind a good record. Offsets count from its first byte. */
const failure = (...fields: Buffer[]) => {
  const { code, offset, subSequenceNumber, message } = caught(() => decodeAggregate(frame(table, good, ...fields)))
  return { code, offset: offset! - FRONT, subSequenceNumber, message }
}

t.test('outside the records', (t) => {
  const cases: [string, Buffer, number, RegExp][] = [
    ['field number 0', hex('00 00'), 0, /field number 0/],
    ['wire type 6', hex('2e'), 0, /wire type 6/],
    ['wire type 7', hex('2f'), 0, /wire type 7/],
    ['a tag of more than 32 bits', hex('8a80808010 00'), 0, /tag of more than 32 bits/],
    ['a tag of 11 bytes', hex('8a 80808080808080808080 00'), 0, /more than 10 bytes/],
    ['a cut tag', hex('8a'), 0, /truncated/],
    ['a key cut', hex('0a 02 61'), 2, /truncated/],
    ['a key without length', hex('0a'), 1, /truncated/],
    ['a length of more than 32 bits', hex('0a 8080808010 61'), 1, /length of more than 32 bits/],
    ['a hash key cut', hex('12 05 31'), 2, /truncated/],
    ['an unknown field cut', hex('2a 02 61'), 2, /truncated/],
    ['an unknown varint of 11 bytes', hex('28 8080808080808080808000'), 1, /more than 10 bytes/],
    ['the end of no group', hex('2c'), 1, /not open/],
    ['a group left open', hex('2b'), 1, /truncated/],
    ['101 groups deep', nest(101), 101, /100 deep/],
  ]
  for (const [name, field, offset, message] of cases) t.match(failure(field), { code: 'ERR_KPL_MALFORMED', offset, subSequenceNumber: undefined, message }, name)
  t.end()
})

t.test('inside a record', (t) => {
  // A record's tag and length are its first two bytes here.
  const cases: [string, Buffer, number, RegExp][] = [
    ['the record cut', hex('1a 05 0800'), 2, /truncated/],
    ['no length', hex('1a'), 1, /truncated/],
    ['a length of 11 bytes', hex('1a 8080808080808080808000'), 1, /more than 10 bytes/],
    ['field number 0', record(hex('00')), 2, /field number 0/],
    ['wire type 7', record(number(1, 0), hex('0f')), 4, /wire type 7/],
    ['a key index cut', record(hex('08')), 3, /truncated/],
    ['a key index that goes on behind the record', record(hex('08 80')), 3, /truncated/],
    ['a hash key index cut', record(number(1, 0), hex('10')), 5, /truncated/],
    ['data longer than the record', record(number(1, 0), hex('1a 02 61')), 6, /truncated/],
    ['data without length', record(number(1, 0), hex('1a')), 5, /truncated/],
    ['an unknown field cut', record(number(1, 0), bytes(3, 'x'), hex('2d 010203')), 8, /truncated/],
    ['a group left open', record(number(1, 0), bytes(3, 'x'), hex('2b')), 8, /truncated/],
    ['a tag cut', record(number(1, 0), bytes(3, 'x'), hex('22 03 0a01')), 9, /truncated/],
    ['100 groups deep: a record is one of 100 too', record(number(1, 0), bytes(3, 'x'), nest(100)), 108, /100 deep/],
    ['99 groups deep in a tag: that is another', record(number(1, 0), bytes(3, 'x'), bytes(4, bytes(1, 'k'), nest(99))), 113, /100 deep/],
    ["a tag's key cut", record(number(1, 0), bytes(3, 'x'), hex('22 02 0a01')), 11, /truncated/],
    ["a tag's value cut", record(number(1, 0), bytes(3, 'x'), bytes(4, bytes(1, 'k'), hex('12'))), 13, /truncated/],
    ['wire type 6 in a tag', record(number(1, 0), bytes(3, 'x'), bytes(4, bytes(1, 'k'), hex('26'))), 12, /wire type 6/],
  ]
  for (const [name, field, offset, message] of cases) t.match(failure(field), { code: 'ERR_KPL_MALFORMED', offset, subSequenceNumber: 1, message }, name)
  t.end()
})

t.test('what a record must have, and what its indexes must point to: the offset is in that record', (t) => {
  const cases: [string, Buffer, RegExp][] = [
    ['an empty record', record(), /partition key index/],
    ['no key index', record(bytes(3, 'x')), /partition key index/],
    ['a key index of another wire type', record(bytes(1, 'a'), bytes(3, 'x')), /partition key index/],
    ['no data', record(number(1, 0)), /no data/],
    ['data of another wire type', record(number(1, 0), number(3, 0)), /no data/],
    ['a tag without key', record(number(1, 0), bytes(3, 'x'), bytes(4, bytes(2, 'v'))), /tag without a key/],
    ['an empty tag', record(number(1, 0), bytes(3, 'x'), bytes(4)), /tag without a key/],
    ["a tag's key of another wire type", record(number(1, 0), bytes(3, 'x'), bytes(4, number(1, 5))), /tag without a key/],
    ['a key index behind the table', record(number(1, 1), bytes(3, 'x')), /partition key index 1 .*table of 1/],
    ['a hash key index without table', record(number(1, 0), number(2, 0), bytes(3, 'x')), /explicit hash key index 0 .*table of 0/],
    ['a hash key index without table, in a record with tags', record(number(1, 0), number(2, 0), bytes(3, 'x'), bytes(4, bytes(1, 'k'))), /explicit hash key index 0/],
  ]
  for (const [name, field, message] of cases) {
    const error = failure(field, good)
    t.match(error, { code: 'ERR_KPL_MALFORMED', subSequenceNumber: 1, message }, name)
    t.ok(error.offset >= 0 && error.offset <= field.length, `${name}: offset ${error.offset} of ${field.length}`)
  }
  t.end()
})

t.test('no index is cut to 32 or 31 bits, nor rounded', (t) => {
  for (const index of [2n ** 31n - 1n, 2n ** 31n, 2n ** 32n - 1n, 2n ** 32n, 2n ** 53n + 1n, 2n ** 63n, 2n ** 64n - 1n]) {
    t.match(failure(record(number(1, index), bytes(3, 'x'))), { code: 'ERR_KPL_MALFORMED', subSequenceNumber: 1 }, `partition key index ${index}`)
    t.match(failure(record(number(1, 0), number(2, index), bytes(3, 'x')), bytes(2, '0')), { code: 'ERR_KPL_MALFORMED', subSequenceNumber: 1 }, `hash key index ${index}`)
  }
  const past = Buffer.concat([varint(8), hex('80808080808080808002')])
  t.equal(decodeAggregate(frame(table, record(past, bytes(3, 'x')))).records[0]!.partitionKey, 'a', 'but bits past the 64th are ignored')
  t.end()
})

t.test('every truncation of a message, digested anew, is an error or a shorter message', (t) => {
  const message = Buffer.concat([table, bytes(2, '5'), good, record(number(1, 0), number(2, 0), bytes(3, 'yy'), bytes(4, bytes(1, 'k'), bytes(2, 'v'))), group(9, number(1, 1))])
  const ends = [table.length, table.length + 3, table.length + 3 + good.length, message.length - 4, message.length]
  const wrong: string[] = []
  for (let end = 1; end <= message.length; end++) {
    const whole = ends.includes(end)
    let outcome = 'whole'
    try {
      decodeAggregate(frame(message.subarray(0, end)))
    } catch (error) {
      const { code, offset } = error as { code: string; offset: number }
      outcome = code === 'ERR_KPL_MALFORMED' && offset >= 4 && offset <= 4 + end ? 'malformed' : `${code} at ${offset}`
    }
    if (outcome !== (whole ? 'whole' : 'malformed')) wrong.push(`${end}: ${outcome}`)
  }
  t.same(wrong, [])
  t.end()
})
