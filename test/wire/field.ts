import t from 'tap'
import { headSize, writeHead } from '../../lib/wire/field.js'

// A minimal varint takes one byte for every 7 bits; both sides of every boundary.
const sizes: [number, number, string][] = [
  [0, 1, '00'],
  [1, 1, '01'],
  [0x7f, 1, '7f'],
  [0x80, 2, '8001'],
  [0x3fff, 2, 'ff7f'],
  [0x4000, 3, '808001'],
  [0x1f_ffff, 3, 'ffff7f'],
  [0x20_0000, 4, '80808001'],
  [0xfff_ffff, 4, 'ffffff7f'],
  [0x1000_0000, 5, '8080808001'],
  [0xffff_ffff, 5, 'ffffffff0f'],
]

t.test('a number is written behind its tag as the smallest varint, and the size of both is known before', (t) => {
  for (const [value, size, hex] of sizes) {
    const bytes = Buffer.alloc(8, 0xee)
    t.equal(headSize(value), 1 + size, `size of ${value}`)
    t.equal(writeHead(bytes, 1, 0x1a, value), 2 + size, `end of ${value}`)
    t.equal(bytes.toString('hex', 1, 2 + size), `1a${hex}`, `bytes of ${value}`)
    t.equal(bytes[0], 0xee, `nothing before ${value}`)
    t.equal(bytes[2 + size], 0xee, `nothing behind ${value}`)
  }
  t.end()
})
