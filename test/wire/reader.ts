import t, { type Test } from 'tap'
import { Reader } from '../../lib/wire/reader.js'
import { hex } from '../../fixtures/hex.js'
import { caught } from '../../fixtures/reading.js'

// Every reading starts at byte 2 of a longer buffer and may not look past `end`, behind
// which more bytes stand: offsets count from the buffer's first byte.
const FRONT = 2
const reader = (text: string) => {
  const bytes = hex(text)
  return new Reader(Buffer.concat([hex('ffff'), bytes, hex('0101 0101 0101 0101 0101 0101')]), FRONT, FRONT + bytes.length)
}

/** The offset, from the first byte read, of the error that an action throws. */
const failsAt = (t: Test, action: () => unknown, offset: number, message: RegExp, name: string) => {
  const error = caught(action)
  t.match(error.message, message, name)
  t.match(error, { code: 'ERR_KPL_MALFORMED', offset: FRONT + offset }, name)
  t.ok(error.message.endsWith(`at byte ${FRONT + offset}`), `${name}: told in the message`)
}

t.test('varints: hex and value, at the edges', (t) => {
  const table: [string, number][] = [
    ['00', 0],
    ['01', 1],
    ['7f', 127],
    ['8001', 128],
    ['ff7f', 16_383],
    ['808001', 16_384],
    ['ffffffff07', 2 ** 31 - 1],
    ['8080808008', 2 ** 31],
    ['ffffffff0f', 2 ** 32 - 1],
    ['8080808010', 2 ** 32],
    ['ffffffffffffff0f', 2 ** 53 - 1],
    ['8080808080808010', 2 ** 53],
    ['80808080808080808001', 2 ** 63],
    ['ffffffffffffffffff01', 2 ** 64],
  ]
  for (const [text, value] of table) {
    const it = reader(text)
    t.equal(it.varint(), value, text)
    t.equal(it.pos, it.end, `${text}: all of it`)
  }
  t.end()
})

t.test('a varint may be padded, up to 10 bytes', (t) => {
  for (let bytes = 1; bytes <= 10; bytes++) {
    t.equal(reader(bytes === 1 ? '05' : `85${'80'.repeat(bytes - 2)}00`).varint(), 5, `${bytes} bytes`)
  }
  failsAt(t, () => reader(`85${'80'.repeat(9)}00`).varint(), 0, /more than 10 bytes/, '11 bytes')
  t.end()
})

t.test('bits past the 64th are ignored', (t) => {
  t.equal(reader('80808080808080808002').varint(), 0, 'bit 64 alone')
  t.equal(reader('8580808080808080807e').varint(), 5, 'all bits above the 63rd but the 63rd')
  t.equal(reader('8080808080808080807f').varint(), 2 ** 63, 'bit 63 with them')
  t.end()
})

t.test('a varint ends before the end of what is read', (t) => {
  failsAt(t, () => reader('').varint(), 0, /truncated/, 'nothing')
  for (let bytes = 1; bytes <= 9; bytes++) failsAt(t, () => reader('80'.repeat(bytes)).varint(), 0, /truncated/, `${bytes} bytes`)
  t.end()
})

t.test('tags: field numbers 1 to 2^29-1, wire types 0 to 5', (t) => {
  const table: [string, number][] = [
    ['08', 8],
    ['0a', 10],
    ['0d', 13],
    ['7d', 125],
    ['8001', 128],
    ['8800', 8],
    ['fdffffff0f', 2 ** 32 - 3],
  ]
  for (const [text, tag] of table) t.equal(reader(text).tag(), tag, text)
  for (let type = 0; type < 8; type++) failsAt(t, () => reader(`0${type}`).tag(), 0, /field number 0/, `field number 0, wire type ${type}`)
  for (const text of ['0e', '0f', 'feffffff0f', 'ffffffff0f']) failsAt(t, () => reader(text).tag(), 0, /wire type [67]/, text)
  for (const text of ['8080808010', '8a80808010', '80808080808080808001']) failsAt(t, () => reader(text).tag(), 0, /32 bits/, text)
  t.end()
})

t.test('a length is read up to the end and no further', (t) => {
  const it = reader('03 616263')
  t.equal(it.delimited(), FRONT + 4)
  t.equal(it.pos, FRONT + 1, 'the position is that of the first byte')
  t.equal(reader('00').delimited(), FRONT + 1, 'a length of 0 at the end')
  failsAt(t, () => reader('04 616263').delimited(), 1, /truncated: 4 bytes where 3 are left/, 'one byte missing')
  failsAt(t, () => reader('ffffffff0f').delimited(), 5, /truncated: 4294967295 bytes where 0 are left/, 'the longest length')
  failsAt(t, () => reader('8080808010').delimited(), 0, /32 bits/, 'a longer one')
  t.end()
})

t.test('text: bytes that are no UTF-8 become U+FFFD, a byte order mark stays', (t) => {
  const table: [string, string][] = [
    ['00', ''],
    ['03 e6b0b4', '水'],
    ['04 f09f9880', '😀'],
    ['04 efbbbf61', '\ufeffa'],
    ['01 ff', '\ufffd'],
    ['03 eda080', '\ufffd\ufffd\ufffd'],
    ['02 0061', '\0a'],
  ]
  for (const [text, value] of table) {
    const it = reader(text)
    t.equal(it.text(), value, text)
    t.equal(it.pos, it.end, `${text}: all of it`)
  }
  t.end()
})

t.test('unknown fields of every wire type are passed over', (t) => {
  const table: [string, string][] = [
    ['varint', '28 8001'],
    ['64 bits', '29 0102030405060708'],
    ['length and bytes', '2a 03 616263'],
    ['an empty group', '2b 2c'],
    ['a group of all', '2b 08 01 11 0102030405060708 1a 01 61 25 01020304 2c'],
    ['groups in a group', '2b 33 3b 3c 34 2b 2c 2c'],
    ['32 bits', '2d 01020304'],
    ['a group of the largest field number', 'fbffffff0f fcffffff0f'],
  ]
  for (const [name, text] of table) {
    const it = reader(text)
    it.skip(it.tag())
    t.equal(it.pos, it.end, name)
  }
  t.end()
})

t.test('a field that is passed over must be whole', (t) => {
  const table: [string, string, number, RegExp][] = [
    ['varint', '28 80', 1, /truncated/],
    ['64 bits', '29 01020304050607', 1, /truncated: 8 bytes where 7 are left/],
    ['length', '2a', 1, /truncated/],
    ['bytes', '2a 02 61', 2, /truncated: 2 bytes where 1 are left/],
    ['32 bits', '2d 010203', 1, /truncated: 4 bytes where 3 are left/],
    ['open group', '2b 08 01', 3, /truncated/],
    ['group in a group', '2b 33 34', 3, /truncated/],
    ['field 0 in a group', '2b 00 2c', 1, /field number 0/],
    ['wire type 6 in a group', '2b 0e 2c', 1, /wire type 6/],
  ]
  for (const [name, text, offset, message] of table) {
    failsAt(t, () => { const it = reader(text); it.skip(it.tag()) }, offset, message, name)
  }
  t.end()
})

t.test('groups are balanced', (t) => {
  failsAt(t, () => { const it = reader('2c'); it.skip(it.tag()) }, 1, /group 5 that is not open/, 'an end alone')
  failsAt(t, () => { const it = reader('2b 34'); it.skip(it.tag()) }, 2, /group 6 that is not open/, 'the end of another')
  failsAt(t, () => { const it = reader('2b 33 2c 34'); it.skip(it.tag()) }, 3, /group 5 that is not open/, 'ends in the wrong order')
  t.end()
})

t.test('groups may be 100 deep, not 101', (t) => {
  const nested = (depth: number) => reader('2b'.repeat(depth) + '2c'.repeat(depth))
  const deep = nested(100)
  deep.skip(deep.tag())
  t.equal(deep.pos, deep.end)
  failsAt(t, () => { const it = nested(101); it.skip(it.tag()) }, 101, /more than 100 deep/, '101')
  const row = reader('2b 2c'.repeat(200))
  while (row.pos < row.end) row.skip(row.tag())
  t.equal(row.pos, row.end, '200 beside each other')
  t.end()
})
