import { createHash } from 'node:crypto'
import t from 'tap'
import { md5 } from '../../lib/digest/md5.js'
import { MD5_VECTORS } from '../../fixtures/md5-vectors.js'

t.test('the vectors of RFC 1321, of bytes and of text', (t) => {
  for (const [text, digest] of MD5_VECTORS) {
    t.equal(md5(Buffer.from(text)), digest, `bytes of "${text}"`)
    t.equal(md5(text), digest, `"${text}"`)
  }
  t.end()
})

t.test('a text is digested as its UTF-8', (t) => {
  for (const text of ['é', '水', '😀']) t.equal(md5(text), createHash('md5').update(Buffer.from(text)).digest('hex'), text)
  t.end()
})

t.test('of a view only the bytes that it shows are digested', (t) => {
  t.equal(md5(Buffer.from('xabcx').subarray(1, 4)), '900150983cd24fb0d6963f7d28e17f72')
  t.end()
})
