import t from 'tap'
import { lines } from '../../fixtures/reading.js'
import { bytes, frame, group, number, record, varint } from '../../fixtures/aggregates.js'

// Whatever protobuf allows is read, though no known writer writes it so.

const keyA = bytes(1, 'a')
const keyB = bytes(1, 'b')
const hashKey = bytes(2, '5')
const hex = (text: string) => Buffer.from(text, 'hex')
const one = record(number(1, 0), bytes(3, 'one'))
const A1 = '/0 a=one (aggregated last)'
const unknown = [number(9, 2n ** 64n - 1n), hex('490102030405060708'), bytes(9, 'unknown'), group(9, number(1, 7), bytes(3, 'x'), group(9)), hex('4d01020304')]

const nest = (depth: number) => Buffer.concat([Buffer.alloc(depth, 0x4b), Buffer.alloc(depth, 0x4c)])

const cases: [name: string, message: Buffer[], expected: string[]][] = [
  ['the tables behind the records', [one, keyA], [A1]],
  ['records between the entries of a table', [keyA, record(number(1, 1), bytes(3, 'x')), keyB], ['/0 b=x (aggregated last)']],
  ['hash keys before keys', [hashKey, record(number(1, 0), number(2, 0), bytes(3, 'x')), keyA], ['/0 a#5=x (aggregated last)']],
  ['the fields of a record in any order', [keyA, hashKey, record(bytes(3, 'x'), number(2, 0), number(1, 0))], ['/0 a#5=x (aggregated last)']],
  ['of a repeated field the last counts', [keyA, keyB, hashKey, bytes(2, '6'), record(number(1, 9), number(2, 9), bytes(3, 'x'), number(1, 1), number(2, 1), bytes(3, 'y'))], ['/0 b#6=y (aggregated last)']],
  ['padded indexes', [keyA, keyB, record(number(1, 1, 5), bytes(3, 'x'))], ['/0 b=x (aggregated last)']],
  ['indexes padded to ten bytes', [keyA, keyB, record(number(1, 1, 10), bytes(3, 'x'))], ['/0 b=x (aggregated last)']],
  ['bits past the 64th are ignored', [keyA, keyB, record(hex('0881808080808080808002'), bytes(3, 'x'))], ['/0 b=x (aggregated last)']],
  ['a padded tag and a padded length', [hex('8a00'), hex('8100'), Buffer.from('a'), one], [A1]],
  ['a padded record length', [keyA, hex('1a'), varint(7, 4), number(1, 0), bytes(3, 'one')], [A1]],
  ['a padded data length', [keyA, record(number(1, 0), hex('1a'), varint(3, 4), Buffer.from('one'))], [A1]],
  ['unknown fields in the message', [...unknown, keyA, ...unknown, one, ...unknown], [A1]],
  ['unknown fields in a record', [keyA, record(...unknown, number(1, 0), ...unknown, bytes(3, 'one'), ...unknown)], [A1]],
  ['unknown fields in a tag', [keyA, record(number(1, 0), bytes(3, 'one'), bytes(4, ...unknown, bytes(1, 'k'), ...unknown))], [A1]],
  ['the largest field number', [keyA, one, number(2 ** 29 - 1, 1)], [A1]],
  ['known fields of another wire type are unknown fields', [number(1, 5), number(2, 5), number(3, 5), keyA, record(bytes(1, 'x'), bytes(2, 'x'), number(3, 1), number(4, 1), number(1, 0), bytes(3, 'one'))], [A1]],
  ['groups under known numbers are unknown fields', [group(1, number(1, 1)), group(3, bytes(3, 'x')), keyA, record(group(3, number(1, 5)), number(1, 0), bytes(3, 'one'))], [A1]],
  ['groups 100 deep', [keyA, one, nest(100)], [A1]],
  ['groups 99 deep in a record', [keyA, record(number(1, 0), bytes(3, 'one'), nest(99))], [A1]],
  ['groups 98 deep in a tag', [keyA, record(number(1, 0), bytes(3, 'one'), bytes(4, bytes(1, 'k'), nest(98)))], [A1]],
  ['unused and duplicate table entries', [keyB, keyA, keyA, hashKey, hashKey, record(number(1, 2), number(2, 1), bytes(3, 'x'))], ['/0 a#5=x (aggregated last)']],
  ['empty keys', [bytes(1, ''), bytes(2, ''), record(number(1, 0), number(2, 0), bytes(3, ''))], ['/0 #= (aggregated last)']],
  ['a record without a hash key beside a filled table', [keyA, hashKey, one, record(number(1, 0), number(2, 0), bytes(3, 'x'))], ['/0 a=one (aggregated)', '/1 a#5=x (aggregated last)']],
  ['explicit hash key text is handed out unchecked', [keyA, bytes(2, 'no number'), record(number(1, 0), number(2, 0), bytes(3, 'x'))], ['/0 a#no number=x (aggregated last)']],
  ['invalid UTF-8 in a key becomes U+FFFD', [bytes(1, hex('61ff')), record(number(1, 0), bytes(3, 'x'))], ['/0 a\ufffd=x (aggregated last)']],
  ['an encoded surrogate becomes three', [bytes(1, hex('eda080')), record(number(1, 0), bytes(3, 'x'))], ['/0 \ufffd\ufffd\ufffd=x (aggregated last)']],
  ['a byte order mark in a key stays', [bytes(1, hex('efbbbf61')), record(number(1, 0), bytes(3, 'x'))], ['/0 \ufeffa=x (aggregated last)']],
]

for (const [name, message, expected] of cases) {
  t.test(name, (t) => {
    t.same(lines(frame(...message)), expected)
    t.end()
  })
}
