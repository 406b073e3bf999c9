import { runInNewContext } from 'node:vm'
import t from 'tap'
import { asBuffer, copyOf, isBytes, toBuffer } from '../lib/bytes.js'
import { goneBytes } from '../fixtures/gone.js'
import { hex } from '../fixtures/hex.js'
import { draw } from '../fixtures/random.js'
import { caught } from '../fixtures/reading.js'

t.test('bytes are a Uint8Array: a Buffer too, one of a class of its own, one of another realm', (t) => {
  for (const bytes of [new Uint8Array(2), Buffer.alloc(2), new (class Own extends Uint8Array {})(2), runInNewContext('new Uint8Array(2)')]) t.equal(isBytes(bytes), true)
  const liar = { [Symbol.toStringTag]: 'Uint8Array', length: 2 }
  for (const value of [undefined, null, 'text', 5, [1], {}, liar, new ArrayBuffer(2), new DataView(new ArrayBuffer(2)), new Uint8ClampedArray(2), new Int8Array(2), new Uint16Array(2)]) {
    t.equal(isBytes(value), false, Object.prototype.toString.call(value))
  }
  t.end()
})

t.test('as a Buffer they are the same memory', (t) => {
  const bytes = new Uint8Array([1, 2, 3, 4]).subarray(1, 3)
  const buffer = asBuffer(bytes)
  t.ok(Buffer.isBuffer(buffer))
  t.same(buffer, hex('0203'))
  bytes[0] = 9
  t.equal(buffer[0], 9)
  const own = Buffer.from('x')
  t.equal(asBuffer(own), own, 'a Buffer is what it is')
  t.end()
})

t.test('a copy has memory of its own, exactly as much as it needs', (t) => {
  for (const length of [0, 1, 100, 10_000]) {
    const bytes = Buffer.alloc(length, 7)
    const copy = copyOf(bytes)
    t.same(copy, bytes)
    t.equal(copy.buffer.byteLength, length)
    bytes.fill(8)
    t.notOk(copy.includes(8))
  }
  t.end()
})

t.test('data to read: bytes as they are', (t) => {
  const bytes = Buffer.from('x')
  t.equal(toBuffer(bytes), bytes)
  t.same(toBuffer(runInNewContext('new Uint8Array([1, 2])')), hex('0102'))
  t.end()
})

t.test('data to read: bytes whose memory is gone are refused, and not taken to be empty', (t) => {
  for (const bytes of goneBytes()) t.match(caught(() => toBuffer(bytes)), { code: 'ERR_KPL_INVALID_INPUT', input: bytes })
  for (const empty of [new Uint8Array(), Buffer.alloc(0), new Uint8Array(new ArrayBuffer(8), 8)]) t.same(toBuffer(empty), Buffer.alloc(0))
  t.end()
})

t.test('data to read: base64, padded, in both alphabets', (t) => {
  const random = draw(t, 30)
  const wrong: number[] = []
  for (let length = 0; length < 200; length++) {
    const bytes = random.bytes(length)
    const text = bytes.toString('base64')
    for (const variant of [text, text.replaceAll('+', '-').replaceAll('/', '_')]) if (!toBuffer(variant).equals(bytes)) wrong.push(length)
  }
  t.same(wrong, [])
  t.end()
})

t.test('text whose length does not fit what it decodes to is refused', (t) => {
  for (const text of ['=', '==', '====', 'A', 'AA', 'AAA', 'A===', '=AAA', 'AA=A', 'AA==AAAA', 'AAAAA', 'AA\n==', 'AAA A', 'AAA!', 'Zm9v Zg==', '\0\0\0\0']) {
    const error = caught(() => toBuffer(text))
    t.equal(error.code, 'ERR_KPL_INVALID_BASE64', JSON.stringify(text))
    t.equal(error.input, text)
  }
  t.end()
})

t.test('anything else is no data', (t) => {
  for (const data of [undefined, null, 5, {}, [1], new ArrayBuffer(2)]) {
    const error = caught(() => toBuffer(data))
    t.equal(error.code, 'ERR_KPL_INVALID_INPUT', String(data))
    t.equal(error.input, data)
  }
  t.end()
})
