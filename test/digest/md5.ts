import { createHash } from 'node:crypto'
import t from 'tap'
import { md5, md5Hex } from '../../lib/digest/md5.js'

// RFC 1321, A.5.
const vectors: [string, string][] = [
  ['', 'd41d8cd98f00b204e9800998ecf8427e'],
  ['a', '0cc175b9c0f1b6a831c399e269772661'],
  ['abc', '900150983cd24fb0d6963f7d28e17f72'],
  ['message digest', 'f96b697d7cb7938d525a2f31aaf161d0'],
  ['abcdefghijklmnopqrstuvwxyz', 'c3fcd3d76192e4007dfb496cca67e13b'],
  ['ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789', 'd174ab98d277d9f5a5611c2c9f419d9f'],
  ['1234567890'.repeat(8), '57edf4a22be3c955ac49da2e2107b67a'],
]

t.test('the vectors of RFC 1321, as bytes and as hexadecimal', (t) => {
  for (const [text, digest] of vectors) {
    t.equal(md5(Buffer.from(text)).toString('hex'), digest, `bytes of "${text}"`)
    t.equal(md5(text).toString('hex'), digest, `"${text}"`)
    t.equal(md5Hex(text), digest, `"${text}" in hexadecimal`)
  }
  t.end()
})

t.test('a text is digested as its UTF-8', (t) => {
  for (const text of ['é', '水', '😀']) t.equal(md5Hex(text), createHash('md5').update(Buffer.from(text)).digest('hex'), text)
  t.end()
})

t.test('of a view only the bytes that it shows are digested', (t) => {
  t.equal(md5(Buffer.from('xabcx').subarray(1, 4)).toString('hex'), '900150983cd24fb0d6963f7d28e17f72')
  t.end()
})
