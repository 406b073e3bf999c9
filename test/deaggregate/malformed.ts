import t from 'tap'
import { type KinesisInput, type KplError, deaggregate, decodeAggregate, isAggregated } from '../../lib/index.js'
import { bytes, frame, group, messageOf, number, record, varint } from '../../fixtures/aggregates.js'
import { caught, lines, readUntilError } from '../../fixtures/reading.js'

// A right MD5 over a body that is not valid: by `malformed`. The error tells the
// user record and the offset, counted from the first byte of the data.

const key = bytes(1, 'a')
const good = record(number(1, 0), bytes(3, 'x'))
const hex = (text: string) => Buffer.from(text, 'hex')

/** The bad bytes, what stands before and behind them in the message, and which user record they are in. */
type Case = [name: string, before: Buffer[], bad: Buffer, behind?: Buffer[], subSequenceNumber?: number]
const cases: Case[] = [
  ['a body of garbage', [], Buffer.from('garbage')],
  ['truncated inside a tag', [key], hex('80')],
  ['truncated inside a length', [key], hex('1a80'), [], 0],
  ['truncated inside a field', [key, good], hex('1a05080061'), [], 1],
  ['a key longer than what is left', [], hex('0a0561')],
  ['a record that ends inside its index', [key], record(hex('0880')), [], 0],
  ['data longer than its record', [key], record(number(1, 0), hex('1a0561')), [good], 0],
  ['an unknown fixed64 cut short', [key], hex('2101020304050607')],
  ['an unknown fixed32 cut short', [key], hex('25010203')],
  ['a varint of more than 10 bytes', [key], number(9, 0, 11), [good]],
  ['an index of more than 10 bytes', [key], record(number(1, 0, 11), bytes(3, 'x')), [], 0],
  ['a length of more than 32 bits', [key], Buffer.concat([hex('0a'), varint(2n ** 32n)]), [hex('61')]],
  ['a length of 64 bits whose low 32 would do', [key], Buffer.concat([hex('0a'), varint(2n ** 63n + 1n)]), [hex('61')]],
  ['a tag of more than 32 bits', [key], varint(2n ** 32n + 8n), [hex('00')]],
  ['field number 0', [key], hex('0000')],
  ['field number 0, padded', [key], hex('808000'), [hex('00')]],
  ['wire type 6', [key], varint(9 * 8 + 6), [good]],
  ['wire type 7', [key], varint(9 * 8 + 7), [good]],
  ['wire type 6 in a record', [key, good], record(number(1, 0), bytes(3, 'x'), varint(9 * 8 + 6)), [], 1],
  ['a group that is not closed', [key], varint(9 * 8 + 3)],
  ['a group closed under another number', [key], hex('4b44'), [good]],
  ['a group closed that was not opened', [key], hex('4c'), [good]],
  ['groups that overlap', [key], hex('4b534c54')],
  ['a group that a record cuts off', [key], record(number(1, 0), bytes(3, 'x'), hex('4b')), [hex('4c')], 0],
  ['groups 101 deep', [key], nest(101)],
  ['groups 101 deep in a record', [key], record(nest(101), number(1, 0), bytes(3, 'x')), [], 0],
  ['an empty record', [key, good], record(), [], 1],
  ['no partition key index', [key, good], record(bytes(3, 'x')), [good], 1],
  ['no data', [key, good], record(number(1, 0)), [good], 1],
  ['an index of the wrong wire type', [key], record(bytes(1, hex('00')), bytes(3, 'x')), [], 0],
  ['data of the wrong wire type', [key], record(number(1, 0), number(3, 5)), [], 0],
  ['a tag without a key', [key], record(number(1, 0), bytes(3, 'x'), bytes(4, bytes(2, 'v'))), [], 0],
  ['an empty tag', [key], record(number(1, 0), bytes(3, 'x'), bytes(4)), [], 0],
  ['a tag cut short', [key], record(number(1, 0), bytes(3, 'x'), hex('22020a05')), [good], 0],
  ['a partition key index outside its table', [key, good], record(number(1, 1), bytes(3, 'x')), [good], 1],
  ['an index into no table', [], good, [], 0],
  ['an explicit hash key index outside its table', [key], record(number(1, 0), number(2, 0), bytes(3, 'x')), [], 0],
  ['an index of 2^31', [key], record(number(1, 2 ** 31), bytes(3, 'x')), [], 0],
  ['an index of 2^32, which is not 0', [key], record(number(1, 2 ** 32), bytes(3, 'x')), [], 0],
  ['an index of 2^53 + 1', [key], record(number(1, 2n ** 53n + 1n), bytes(3, 'x')), [], 0],
  ['an index of 2^64 - 1', [key], record(number(1, 2n ** 64n - 1n), bytes(3, 'x')), [], 0],
  ['an explicit index of 2^32', [key, bytes(2, '5')], record(number(1, 0), number(2, 2 ** 32), bytes(3, 'x')), [], 0],
  ['the last of several indexes outside', [key], record(number(1, 0), number(1, 7), bytes(3, 'x')), [], 0],
]

function nest(depth: number): Buffer {
  return depth === 0 ? Buffer.alloc(0) : group(9, nest(depth - 1))
}

for (const [name, before, bad, behind = [], subSequenceNumber] of cases) {
  t.test(`${name} is malformed`, (t) => {
    const data = frame(...before, bad, ...behind)
    const from = 4 + Buffer.concat(before).length
    const isThere = (offset?: number) => offset !== undefined && offset >= from && offset <= from + bad.length
    const input = { Data: data, PartitionKey: 'outer', SequenceNumber: '49' }
    for (const malformed of [undefined, 'error'] as const) {
      const { given, error } = readUntilError(deaggregate([Buffer.from('before'), input], { malformed }))
      t.equal(given.length, 1, 'nothing of it is given out, but all before it')
      const { code, message, offset, ...rest } = error as KplError
      t.equal(code, 'ERR_KPL_MALFORMED')
      t.ok(isThere(offset) && message.includes(String(offset)), `offset ${offset} is among the bad bytes, which begin at ${from}`)
      t.same(rest, { sequenceNumber: '49', ...(subSequenceNumber !== undefined && { subSequenceNumber }) })
      t.equal((error as KplError).input, input)
    }
    const [record, ...others] = deaggregate<KinesisInput>(input, { malformed: 'passthrough' })
    t.match(record, { partitionKey: 'outer', aggregated: false, last: true, subSequenceNumber: 0 }, 'passed through, it is one plain record')
    t.ok(record!.data.equals(data) && isAggregated(record!.data), 'which shows by the look of its data')
    t.equal(others.length, 0)
    const strict = caught(() => decodeAggregate(data))
    t.ok(strict.code === 'ERR_KPL_MALFORMED' && isThere(strict.offset), 'decodeAggregate agrees')
    t.end()
  })
}

t.test('all is decoded before the first user record is given: a bad last one spoils all', (t) => {
  const many = Array.from({ length: 500 }, (_, n) => ({ partitionKey: `key ${n % 7}`, data: `data ${n}` }))
  const { given, error } = readUntilError(deaggregate(frame(messageOf(many), record(number(1, 7), bytes(3, 'x')))))
  t.equal(given.length, 0)
  t.match(error, { code: 'ERR_KPL_MALFORMED', subSequenceNumber: 500 })
  t.end()
})

t.test('the offset counts from the first byte of the data, wherever that lies in memory', (t) => {
  const data = frame(key, record())
  const memory = Buffer.concat([Buffer.alloc(100), data])
  for (const input of [data, memory.subarray(100), { data: data.toString('base64') }]) {
    t.match(caught(() => lines<KinesisInput>(input)), { offset: caught(() => decodeAggregate(data)).offset })
  }
  t.end()
})
