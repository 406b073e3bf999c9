import t from 'tap'
import { decodeAggregate } from '../../lib/index.js'
import { readMessage } from '../../lib/format/message-reader.js'
import { bytes, frame, number, record } from '../../fixtures/aggregates.js'
import { arrays } from '../../fixtures/collect.js'
import { hex } from '../../fixtures/hex.js'
import { caught } from '../../fixtures/reading.js'

// Canonical records are read a short way as long as their numbers are short: on both
// sides of every length of a varint the same must come out.

t.test('lengths of data and record around 128, 16,384 and 2,097,152', (t) => {
  const wrong: number[] = []
  for (const edge of [128, 16_384, 2_097_152]) {
    for (let length = edge - 10; length <= edge + 1; length++) {
      const data = Buffer.alloc(length, length & 0xff)
      const records = decodeAggregate(frame(bytes(1, 'a'), record(number(1, 0), bytes(3, data)), record(number(1, 0), bytes(3, 'next')))).records
      if (records.length !== 2 || !records[0]!.data.equals(data) || records[1]!.data.toString() !== 'next') wrong.push(length)
    }
  }
  t.same(wrong, [])
  t.end()
})

t.test('indexes around 128 and 16,384, of keys and of explicit hash keys', (t) => {
  const names = Array.from({ length: 16_500 }, (_, n) => `k${n}`)
  const tables = Buffer.concat([...names.map((name) => bytes(1, name)), ...names.map((name) => bytes(2, name))])
  const indexes = [0, 1, 126, 127, 128, 129, 255, 256, 16_382, 16_383, 16_384, 16_385, 16_499]
  const pairs = indexes.flatMap((key) => [undefined, ...indexes].map((explicit) => ({ key, explicit })))
  const records = pairs.map(({ key, explicit }) => record(number(1, key), ...(explicit === undefined ? [] : [number(2, explicit)]), bytes(3, `${key}`)))
  const read = decodeAggregate(frame(tables, ...records)).records
  t.same(
    read.map(({ partitionKey, explicitHashKey, data }) => [partitionKey, explicitHashKey, data.toString()]),
    pairs.map(({ key, explicit }) => [`k${key}`, explicit === undefined ? undefined : `k${explicit}`, `${key}`]),
  )
  t.end()
})

t.test('padded varints in an otherwise canonical record', (t) => {
  // Each number of a record in 1 to 10 bytes, the others minimal.
  const wrong: string[] = []
  for (let field = 0; field < 4; field++) {
    for (let size = 1; size <= 10; size++) {
      const pad = (n: number, value: number) => hex(field === n && size > 1 ? (value | 0x80).toString(16) + '80'.repeat(size - 2) + '00' : value.toString(16).padStart(2, '0'))
      const body = Buffer.concat([hex('08'), pad(0, 0), hex('10'), pad(1, 0), hex('1a'), pad(2, 3), hex('616263')])
      const data = frame(bytes(1, 'a'), bytes(2, '7'), hex('1a'), pad(3, body.length), body, record(number(1, 0), bytes(3, 'next')))
      const shown = decodeAggregate(data).records.map((member) => `${member.partitionKey} ${member.explicitHashKey} ${member.data.toString()}`)
      if (shown.join() !== 'a 7 abc,a undefined next') wrong.push(`field ${field}, ${size} bytes: ${shown.join()}`)
    }
  }
  t.same(wrong, [])
  t.end()
})

t.test('a record that is longer or shorter than its fields is no canonical one', (t) => {
  for (const body of ['08 00 1a 01 61 00', '08 00 1a 02 61', '08', '08 00', '08 00 10 00', '08 00 10', '08 80', '1a 01 61', '']) {
    const message = [bytes(1, 'a'), bytes(2, '7'), record(hex(body)), record(number(1, 0), bytes(3, 'next'))]
    t.match(caught(() => decodeAggregate(frame(...message))), { code: 'ERR_KPL_MALFORMED', subSequenceNumber: 0 }, body)
    t.match(caught(() => decodeAggregate(frame(...message.slice(0, -1)))), { code: 'ERR_KPL_MALFORMED', subSequenceNumber: 0 }, `${body}, at the end`)
  }
  t.end()
})

t.test('thousands of user records in one aggregate, in order: canonical, with an odd field, with a padded tag, and all by turns', (t) => {
  const canonical = (n: number) => record(number(1, 0), bytes(3, `${n}`))
  const odd = (n: number) => record(number(1, 0), bytes(3, `${n}`), hex('2a00'))
  const padded = (n: number) => Buffer.concat([hex('9a00'), canonical(n).subarray(1)])
  for (const ways of [[canonical], [odd], [padded], [canonical, odd, padded], [canonical, canonical, padded]]) {
    const records = Array.from({ length: 5000 }, (_, n) => ways[n % ways.length]!(n))
    const read = decodeAggregate(frame(bytes(1, 'a'), ...records)).records
    t.equal(read.length, 5000)
    t.same(read.flatMap(({ data }, n) => (data.toString() === `${n}` ? [] : [n])), [])
  }
  t.end()
})

t.test('user records of very unequal lengths, the long ones first and the short ones first', (t) => {
  const long = Array.from({ length: 20 }, (_, n) => record(number(1, 0), bytes(3, `${n} `.padEnd(9000, 'x'))))
  const short = Array.from({ length: 3000 }, (_, n) => record(number(1, 0), bytes(3, `${n} `)))
  for (const records of [[...long, ...short], [...short, ...long], [...short, ...long, ...short]]) {
    const data = frame(bytes(1, 'a'), ...records)
    const index = readMessage(data)
    const read = Array.from({ length: index.count }, (_, n) => data.subarray(index.start(n), index.end(n)))
    t.same(read.flatMap((bytes, n) => (records[n]!.subarray(-bytes.length).equals(bytes) ? [] : [n])), [])
    t.equal(index.count, records.length)
  }
  t.end()
})

t.test('what an index says of one message stands when others were read', (t) => {
  const shown = (...fields: Buffer[]) => {
    const data = frame(...fields)
    const index = readMessage(data)
    return () => Array.from({ length: index.count }, (_, n) => [index.partitionKey(n), index.explicitHashKey(n), data.toString('utf8', index.start(n), index.end(n)), index.tags(n, data)])
  }
  const tagged = record(number(1, 0), number(2, 0), bytes(3, 'x'), bytes(4, bytes(1, 'k')))
  const first = shown(bytes(1, 'a'), bytes(2, '7'), tagged, tagged)
  const second = shown(bytes(1, 'b'), record(number(1, 0), bytes(3, 'y')))
  t.equal(caught(() => shown(bytes(1, 'c'), record(number(1, 0), bytes(3, 'z')), record(number(1, 0)))).code, 'ERR_KPL_MALFORMED')
  const third = shown(bytes(1, 'd'), record(bytes(3, 'w'), number(1, 0)))
  t.same(first(), Array(2).fill(['a', '7', 'x', [{ key: 'k', value: undefined }]]))
  t.same(second(), [['b', undefined, 'y', undefined]])
  t.same(third(), [['d', undefined, 'w', undefined]])
  t.same(shown()(), [])
  t.end()
})

const tiny = record(number(1, 0), bytes(3, ''))

t.test('what is kept of many small messages shares memory', (t) => {
  const small = frame(bytes(1, 'a'), tiny)
  const before = arrays()
  const indexes = Array.from({ length: 1000 }, () => readMessage(small))
  t.ok(arrays() - before < 100_000, `${arrays() - before} bytes`)
  t.equal(indexes.reduce((sum, { count }) => sum + count, 0), 1000)
  t.end()
})

t.test('what is kept of a small message does not keep a large one', (t) => {
  const large = frame(bytes(1, 'a'), ...Array<Buffer>(20_000).fill(tiny))
  const small = frame(bytes(1, 'a'), tiny)
  const before = arrays()
  t.equal(readMessage(large).count, 20_000)
  const index = readMessage(small)
  t.ok(arrays() - before < 100_000, `${arrays() - before} bytes`)
  t.equal(index.count, 1)
  t.end()
})

t.test('a few small user records before a large one do not make room for as many as would fill it', (t) => {
  const data = frame(bytes(1, 'a'), ...Array<Buffer>(500).fill(tiny), record(number(1, 0), bytes(3, Buffer.alloc(2 ** 20))))
  const before = arrays()
  const index = readMessage(data)
  t.ok(arrays() - before < 1_000_000, `${arrays() - before} bytes`)
  t.equal(index.count, 501)
  t.end()
})

t.test('user records with tags, each of them, in thousands behind a long table', (t) => {
  const tagged = Array.from({ length: 5000 }, (_, n) => record(number(1, 0), bytes(3, `${n}`), bytes(4, bytes(1, `${n}`))))
  const data = frame(bytes(1, 'k'.repeat(100_000)), ...tagged)
  const index = readMessage(data)
  t.equal(index.count, 5000)
  t.same(tagged.flatMap((_, n) => (index.tags(n, data)![0]!.key === `${n}` ? [] : [n])), [])
  t.end()
})
