import { createHash } from 'node:crypto'
import t from 'tap'
import { hashKey } from '../../lib/index.js'
import { caught } from '../../fixtures/reading.js'
import { LAST_HASH_KEY } from '../../fixtures/writing.js'

t.test("the MD5 of the partition key's UTF-8, as a big-endian number", (t) => {
  t.equal(hashKey('a'), 0x0cc175b9c0f1b6a831c399e269772661n)
  t.equal(hashKey('abc'), 0x900150983cd24fb0d6963f7d28e17f72n)
  for (const key of ['é', '水', '😀', '\0', '__proto__', 'k'.repeat(256)]) {
    t.equal(hashKey(key), BigInt(`0x${createHash('md5').update(Buffer.from(key)).digest('hex')}`), key.slice(0, 10))
  }
  t.end()
})

t.test('else the explicit hash key, whatever the partition key', (t) => {
  const table: [string, bigint][] = [
    ['0', 0n],
    ['7', 7n],
    ['007', 7n],
    ['0'.repeat(500) + '7', 7n],
    ['0'.repeat(500), 0n],
    ['340282366920938463463374607431768211455', LAST_HASH_KEY],
    [`000${LAST_HASH_KEY}`, LAST_HASH_KEY],
  ]
  for (const [text, value] of table) t.equal(hashKey('a', text), value, text.slice(-40))
  t.equal(hashKey('a', undefined), hashKey('a'))
  t.end()
})

// The KPL also takes blanks and a sign.
const none = [
  '', ' ', ' 5', '5 ', '5\n', '+5', '-1', '-0', '5.0', '1e3', '0x10', '1_000', '٥', '５', '5n', 'none', String(LAST_HASH_KEY + 1n), '9'.repeat(39), '1'.repeat(40), `${'9'.repeat(100_000)}`, `${'0'.repeat(100_000)}x`,
]

t.test('an explicit hash key is ASCII digits, 0 to 2^128-1', (t) => {
  for (const text of none) {
    const error = caught(() => hashKey('a', text))
    t.equal(error.code, 'ERR_KPL_INVALID_EXPLICIT_HASH_KEY', JSON.stringify(text.slice(0, 45)))
    t.equal(error.input, text)
  }
  for (const value of [null, 5, 5n, {}, ['5'], true]) {
    t.equal(caught(() => hashKey('a', value as unknown as string)).code, 'ERR_KPL_INVALID_EXPLICIT_HASH_KEY', `${typeof value} ${value}`)
  }
  t.end()
})

t.test('a partition key is 1 to 256 code points', (t) => {
  for (const letter of ['a', 'é', '水', '😀']) {
    t.equal(typeof hashKey(letter), 'bigint', `1 ${letter}`)
    t.equal(typeof hashKey(letter.repeat(256)), 'bigint', `256 ${letter}`)
    const error = caught(() => hashKey(letter.repeat(257)))
    t.match(error, { code: 'ERR_KPL_INVALID_PARTITION_KEY', size: 257, limit: 256 }, `257 ${letter}`)
  }
  t.match(caught(() => hashKey('')), { code: 'ERR_KPL_INVALID_PARTITION_KEY', size: 0, limit: 256 })
  t.match(caught(() => hashKey('😀'.repeat(255) + 'ab')), { size: 257 }, 'code points, not UTF-16 units')
  t.end()
})

t.test('a partition key is well-formed text', (t) => {
  for (const key of ['\ud83d', 'a\ude00', '\ude00\ud83d', undefined, null, 5, {}, ['a']]) {
    t.equal(caught(() => hashKey(key as string)).code, 'ERR_KPL_INVALID_PARTITION_KEY', JSON.stringify(key))
    t.match(caught(() => hashKey(key as string)).message, typeof key === 'string' ? /^partitionKey must be text without lone surrogates, not / : /^partitionKey must be text, not /)
    t.equal(caught(() => hashKey(key as string, '5')).code, 'ERR_KPL_INVALID_PARTITION_KEY', `${JSON.stringify(key)}, with an explicit hash key`)
  }
  t.end()
})
