import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import t from 'tap'
import { MAGIC, aggregateOf, bytes, frame, group, number, record, withWrongDigest } from '../../fixtures/aggregates.js'
import { kplCodec, ndjson, sink } from '../../fixtures/cli.js'
import { loadEdgeVectors, loadKplCase } from '../../fixtures/load.js'
import { run } from '../../lib/cli/run.js'
import { KplError, decodeAggregate, isAggregated } from '../../lib/index.js'

// `inspect` shows where everything is in a record, and as much of a broken one as can be read.

const aggregate = aggregateOf([
  { partitionKey: 'user-1', data: '{"n":1}' },
  { partitionKey: 'user-2', explicitHashKey: '42', data: Buffer.from('ff00', 'hex'), tags: [{ key: 'colour', value: 'red' }, { key: 'empty' }] },
  { partitionKey: 'user-1', data: '' },
])
const wrongIndex = frame(bytes(1, 'a'), record(number(1, 0), bytes(3, 'fine')), record(number(1, 7), number(2, 3), bytes(3, 'x')), record(bytes(3, 'z')))

t.test('an aggregate: parts, keys, user records, tags, and what it saves', async (t) => {
  const input = { eventID: 'shardId-000000000003:495', kinesis: { data: aggregate.toString('base64'), partitionKey: 'a', sequenceNumber: '495', approximateArrivalTimestamp: 1.7e9 } }
  const { stdout, stderr, code } = await kplCodec(['inspect'], { stdin: JSON.stringify(input) })
  t.equal(stdout, [
    'standard input:1',
    'partition key    a',
    'sequence number  495',
    'shard            shardId-000000000003',
    'arrived          2023-11-14T22:13:20.000Z',
    'aggregate of 3 user records, 93 bytes, digest right',
    '',
    '  offset   bytes  part',
    '       0       4  magic     f3 89 9a c2',
    '       4      73  message   6 fields',
    `      77      16  MD5       ${aggregate.toString('hex', 77)}`,
    '',
    'partition keys (2)',
    'index  offset  bytes  used  key',
    '    0       4      6     2  user-1',
    '    1      12      6     1  user-2',
    '',
    'explicit hash keys (1)',
    'index  offset  bytes  used  key',
    '    0      20      2     1  42',
    '',
    'user records (3)',
    'sub  offset  data at  bytes  partition key  explicit hash key  data',
    '  0      24       30      7  user-1         -                  {"n":1}',
    '  1      37       45      2  user-2         42                 <ff 00>',
    '  2      71       77      0  user-1         -',
    '',
    'tags (2)',
    'sub  key     value',
    '  1  colour  red',
    '  1  empty   -',
    '',
    'put singly: 3 Kinesis records, 27 bytes, 3 payload units',
    'as it is:   1 Kinesis record, 94 bytes, 1 payload unit',
    'spent:      67 bytes more (248 %)',
    'bytes of data and partition keys; a payload unit is 25 KiB',
    '',
  ].join('\n'))
  t.equal(stderr, '')
  t.equal(code, 0)
})

t.test('a record that is broken: code, reason, offset, a hex excerpt that points at it, and all that can be read', async (t) => {
  const { stdout, stderr, code } = await kplCodec(['inspect'], { stdin: wrongIndex })
  const error = caught(wrongIndex)
  t.match(stdout, /^standard input\nbroken aggregate, \d+ bytes: ERR_KPL_MALFORMED\nuser record 2: no partition key index, at byte 27\n\n/)
  const [above, pointer] = stdout.split('\n').slice(stdout.split('\n').findIndex((line) => line.includes('^^')) - 1) as [string, string]
  t.equal(above.slice(pointer.indexOf('^^'), pointer.indexOf('^^') + 2), wrongIndex.toString('hex', error.offset, error.offset! + 1), 'it stands below that byte')
  t.match(pointer, `^^ byte ${error.offset}`)
  t.match(stdout, '  0       7       13      4  a               -                  fine\n')
  t.match(stdout, '  1      17       25      1  (index 7 of 1)  (index 3 of 0)     x\n')
  t.match(stdout, '  2      26       30      1  (no index)      -                  z\n')
  t.notMatch(stdout, 'put singly')
  t.equal(stderr, '', 'the report says it')
  t.equal(code, 1)
})

t.test('faults inside a user record leave the others readable', async (t) => {
  const data = frame(bytes(1, 'k'), record(number(1, 0), bytes(3, 'one')), record(number(1, 0), Buffer.from('1a09', 'hex')), record(number(1, 0), bytes(3, 'three')), record(number(1, 0)))
  const { stdout } = await kplCodec(['inspect', '--hex'], { stdin: data })
  t.match(stdout, /1 +16 +- +- +k +\(truncated: 9 bytes where 0 are left, at byte 22\)\n/)
  t.match(stdout, /2 +22 +28 +5 +k +three\n/)
  t.match(stdout, /3 +33 +- +- +k +\(no data\)\n/)
  t.match(stdout, /\n      20  1a 09 {22}cannot be read: truncated: 9 bytes where 0 are left, at byte 22\n/)
})

t.test('a wrong digest: found and expected, and what can be read all the same', async (t) => {
  const wrong = withWrongDigest(aggregate)
  const { stdout, code } = await kplCodec(['inspect'], { stdin: wrong })
  t.match(stdout, 'broken aggregate, 93 bytes: ERR_KPL_DIGEST_MISMATCH\nThe MD5 is wrong, so readers hand it out whole')
  t.match(stdout, `16  MD5       ${wrong.toString('hex', 77)}\n${' '.repeat(18)}expected  ${createHash('md5').update(wrong.subarray(4, 77)).digest('hex')}\n`)
  t.notMatch(stdout, 'cannot be read')
  t.match(stdout, 'user records (3)')
  t.equal(code, 1)
  const cut = await kplCodec(['inspect'], { stdin: aggregate.subarray(0, 70) })
  t.match(cut.stdout, /The message cannot be read to its end either: user record 1: truncated: .*\n.*\n.*\^\^ byte/s)
  t.match(cut.stdout, 'user records (1)')
})

t.test('--hex: every byte once, in order, with what it says', async (t) => {
  const { stdout } = await kplCodec(['inspect', '--hex', '--all'], { stdin: aggregate })
  const dump = stdout.slice(stdout.indexOf('all bytes\n') + 10)
  t.equal(dump, [
    '       0  f3 89 9a c2              magic',
    '       4  0a 06                    partition key 0: 6 bytes',
    '       6  75 73 65 72 2d 31          user-1',
    '      12  0a 06                    partition key 1: 6 bytes',
    '      14  75 73 65 72 2d 32          user-2',
    '      20  12 02                    explicit hash key 0: 2 bytes',
    '      22  34 32                      42',
    '      24  1a 0b                    user record 0: 11 bytes',
    '      26  08 00                      partition key index: 0',
    '      28  1a 07                      data: 7 bytes',
    '      30  7b 22 6e 22 3a 31 7d         {"n":1}',
    '      37  1a 20                    user record 1: 32 bytes',
    '      39  08 01                      partition key index: 1',
    '      41  10 00                      explicit hash key index: 0',
    '      43  1a 02                      data: 2 bytes',
    '      45  ff 00                        <ff 00>',
    '      47  22 0d                      tag: 13 bytes',
    '      49  0a 06                        key: 6 bytes',
    '      51  63 6f 6c 6f 75 72              colour',
    '      57  12 03                        value: 3 bytes',
    '      59  72 65 64                       red',
    '      62  22 07                      tag: 7 bytes',
    '      64  0a 05                        key: 5 bytes',
    '      66  65 6d 70 74 79                 empty',
    '      71  1a 04                    user record 2: 4 bytes',
    '      73  08 00                      partition key index: 0',
    '      75  1a 00                      data: 0 bytes',
    `      77  ${hexOf(aggregate, 77, 85)}  MD5 of the message`,
    `      85  ${hexOf(aggregate, 85, 93)}`,
    '',
  ].join('\n'))
  for (const vector of [aggregate, withWrongDigest(aggregate), wrongIndex]) {
    const { stdout } = await kplCodec(['inspect', '--hex', '--all'], { stdin: vector })
    const rows = stdout.slice(stdout.indexOf('all bytes\n') + 10).trimEnd().split('\n')
    t.equal(rows.map((row) => row.slice(10, 34)).join('').replace(/\s/g, ''), vector.toString('hex'))
    const offsets = rows.map((row) => Number(row.slice(0, 8)))
    t.same(offsets, [...offsets].sort((a, b) => a - b))
  }
})

t.test('fields that the format has no name for', async (t) => {
  const data = frame(
    bytes(1, 'k'), number(9, 300), number(1, 5), group(8, number(1, 1)), Buffer.concat([Buffer.from('3d', 'hex'), Buffer.alloc(4)]), bytes(7, 'abc'),
    record(number(1, 0), bytes(3, 'x'), bytes(6, 'yy'), bytes(1, 'z'), number(3, 1), bytes(4, bytes(1, 't'), number(5, 1), number(2, 9))),
  )
  const { stdout, code } = await kplCodec(['inspect', '--hex'], { stdin: data })
  t.equal(code, 0)
  const table = stdout.slice(stdout.indexOf('unknown fields'), stdout.indexOf('put singly'))
  t.same(table.trim().split('\n').slice(2).map((line) => line.trim().split(/ {2,}/).slice(1)), [
    ['9', '0', '3', 'message', '48 ac 02'],
    ['1', '0', '2', 'message', '08 05'],
    ['8', '3', '4', 'message', '43 08 01 44'],
    ['7', '5', '5', 'message', '3d 00 00 00 00'],
    ['7', '2', '5', 'message', '3a 03 61 62 63'],
    ['6', '2', '4', 'user record 0', '32 02 79 79'],
    ['1', '2', '3', 'user record 0', '0a 01 7a'],
    ['3', '0', '2', 'user record 0', '18 01'],
    ['5', '0', '2', 'a tag of user record 0', '28 01'],
    ['2', '0', '2', 'a tag of user record 0', '10 09'],
  ])
  for (const words of ['unknown field 9: 300', 'unknown field 8: wire type 3', 'unknown field 7: wire type 5', 'unknown field 7: 3 bytes', 'unknown field 6: 2 bytes']) t.match(stdout, words)
})

t.test('long tables and long values are cut, and whole with --all', async (t) => {
  const large = aggregateOf(Array.from({ length: 1200 }, (_, n) => ({ partitionKey: `key-${n}`, data: 'x'.repeat(100), tags: [{ key: 'k', value: 'v' }] })))
  const some = await kplCodec(['inspect', '--hex'], { stdin: large })
  t.match(some.stdout, 'user records (1,200)')
  t.equal(some.stdout.match(/… and 1,180 more \(--all shows them\)/g)?.length, 3)
  t.match(some.stdout, '… and 68 bytes more')
  const all = await kplCodec(['inspect', '--hex', '--all'], { stdin: large })
  t.notMatch(all.stdout, '… and')
  t.match(all.stdout, 'key-1199')
  t.match(all.stdout, /saved: +[\d,]+ bytes \(\d+ %\)|spent: /)
})

t.test('what is saved: records that begin units of 25 KiB each, a key that comes again, and nothing at all', async (t) => {
  const told = async (data: Buffer) => (await kplCodec(['inspect'], { stdin: data })).stdout.split('\n').slice(-5, -2)
  const key = 'k'.repeat(200)
  t.same(await told(aggregateOf([{ partitionKey: key, data: 'x'.repeat(26_000) }, { partitionKey: key, data: '' }])), [
    'put singly: 2 Kinesis records, 26,400 bytes, 3 payload units',
    'as it is:   1 Kinesis record, 26,239 bytes, 2 payload units',
    'saved:      161 bytes (1 %)',
  ])
  t.same(await told(aggregateOf([{ partitionKey: '', data: '' }])), [
    'put singly: 1 Kinesis record, 0 bytes, 1 payload unit',
    'as it is:   1 Kinesis record, 28 bytes, 1 payload unit',
    'spent:      28 bytes more',
  ])
})

t.test('an excerpt in a narrow terminal points at its byte too, at the end of the data as well', async (t) => {
  const cut = frame(bytes(1, 'a'), Buffer.from('1a05', 'hex'))
  const { stdout } = await kplCodec(['inspect'], { stdin: cut, columns: 60, env: { NO_COLOR: '1' } })
  const lines = stdout.split('\n')
  const n = lines.findIndex((line) => line.includes('^^'))
  t.match(lines[n], '^^ byte 9')
  t.equal(lines[n - 1]!.slice(lines[n]!.indexOf('^^'), lines[n]!.indexOf('^^') + 2), cut.toString('hex', 9, 10))
  t.ok(lines.slice(n - 2, n + 2).every((line) => line.length <= 60))
})

t.test('a plain record: why it is none, its text, its first bytes', async (t) => {
  const plain = await kplCodec(['inspect'], { stdin: ndjson([{ Data: Buffer.from('{"a":"\x7e€"}').toString('base64'), PartitionKey: 'k\n' }]) })
  t.equal(plain.stdout, [
    'standard input:1',
    'partition key    k\\n',
    'plain record, 12 bytes: it does not begin with the magic',
    'text: {"a":"~€"}',
    '',
    '       0  7b 22 61 22 3a 22 7e e2 82 ac 22 7d              {"a":"~..."}',
    '',
  ].join('\n'))
  t.equal(plain.code, 0)
  t.match((await kplCodec(['inspect'], { stdin: Buffer.concat([MAGIC, Buffer.alloc(16)]) })).stdout, 'the magic, but no more than 20 bytes')
  t.match((await kplCodec(['inspect', '-i', 'raw'], { stdin: '' })).stdout, 'plain record, 0 bytes')
  t.equal((await kplCodec(['inspect'], { stdin: Buffer.alloc(1000, 0xaa) })).stdout.split('\n').length, 2 + 1 + 8 + 1, 'not all of a long one')
})

t.test('an aggregate that was read as text somewhere is recognised', async (t) => {
  const [record] = loadKplCase('small-100B').records
  t.ok(isAggregated(record!.data))
  const { stdout } = await kplCodec(['inspect'], { stdin: Buffer.from(record!.data.toString()) })
  t.match(stdout, 'it looks like an aggregate that was read as UTF-8 text somewhere')
  const twice = await kplCodec(['inspect', '-i', 'raw'], { stdin: record!.data.toString('base64') })
  t.match(twice.stdout, 'an aggregate in base64 (84mawg…) stands in it')
})

t.test('--record N reads no further than what came with it, and looks at no record behind it', async (t) => {
  const [good, broken] = [JSON.stringify({ data: 'YQ==' }), '{"data']
  const { code, stdout, stderr } = await kplCodec(['inspect', '-n', '2'], { stdin: [good, good, good, JSON.stringify({ data: '!' })].join('\n') })
  t.match(stdout, /^standard input:2\n/)
  t.same([code, stderr], [0, ''])
  let isClosed = false
  const endless = async function* () {
    try {
      for (;;) yield Buffer.from(`${good}\n`)
    } finally {
      isClosed = true
    }
  }
  const stdout2 = sink()
  t.equal(await run(['inspect', '-n', '1'], { stdin: Readable.from(endless()), stdout: stdout2, stderr: sink(), env: {} }), 0)
  t.ok(isClosed)
  t.equal((await kplCodec(['inspect', '-n', '2'], { stdin: [good, broken].join('\n') })).code, 1)
})

t.test('what was taken out of its aggregate already, and a record without anything beside its data', async (t) => {
  const { stdout } = await kplCodec(['inspect'], { stdin: ndjson([{ recordId: '1', data: '', kinesisRecordMetadata: { sequenceNumber: '5', subsequenceNumber: 3 } }]) })
  t.match(stdout, 'sub-sequence     3: taken out of its aggregate already')
})

t.test('several records: each with its place, or only the one that is asked for', async (t) => {
  const stdin = ndjson(['a', 'b', 'c'].map((text) => ({ data: Buffer.from(text).toString('base64') })))
  t.same((await kplCodec(['inspect'], { stdin })).stdout.match(/^standard input:.*$|^$/gm), ['standard input:1', '', '', 'standard input:2', '', '', 'standard input:3', '', ''])
  const one = await kplCodec(['inspect', '--record', '2'], { stdin })
  t.match(one.stdout, /^standard input:2\n.*\ntext: b\n/)
  t.notMatch(one.stdout, 'text: a')
  t.notMatch(one.stdout, 'text: c')
  t.same(await kplCodec(['inspect', '-n', '4'], { stdin }), { code: 1, stdout: '', bytes: Buffer.alloc(0), stderr: 'kpl-codec: there are only 3 records\n' })
  t.same(await kplCodec(['inspect'], { stdin: '' }), { code: 1, stdout: '', bytes: Buffer.alloc(0), stderr: 'kpl-codec: standard input: it is empty\nkpl-codec: there is no record to inspect\n' })
})

t.test('a record that cannot be read is told, and the next one shown', async (t) => {
  const { code, stdout, stderr } = await kplCodec(['inspect'], { stdin: '{"data":"!"}\n{"a":1}\n{"data":"eA=="}\n' })
  t.match(stderr, /^kpl-codec: standard input:1: ERR_KPL_INVALID_BASE64: .*\nkpl-codec: standard input:2: ERR_KPL_INVALID_INPUT: /)
  t.match(stdout, 'text: x')
  t.equal(code, 1)
})

t.test('every vector of fixtures/edge is shown as it is: whole, plain, or broken where the library says', async (t) => {
  for (const { name, data } of loadEdgeVectors()) {
    const { stdout, stderr, code } = await kplCodec(['inspect', '--hex', '--all', '-i', 'hex'], { stdin: data.length === 0 ? '' : data.toString('hex') })
    if (data.length === 0) continue
    const error = caught(data)
    t.equal(stderr, '', name)
    if (error?.code === 'ERR_KPL_NOT_AGGREGATED') t.match(stdout, 'plain record', name)
    else if (error === undefined) t.match(stdout, `aggregate of ${decodeAggregate(data).records.length} user record`.replace(/(\d)(?=(\d{3})+ )/g, '$1,'), name)
    else {
      t.match(stdout, `: ${error.code}\n`, name)
      if (error.code === 'ERR_KPL_MALFORMED') t.match(stdout, `^^ byte ${error.offset}\n`, name)
    }
    t.equal(code, error === undefined || error.code === 'ERR_KPL_NOT_AGGREGATED' ? 0 : 1, name)
    t.notMatch(stdout, /[\x00-\x09\x0b-\x1f\x7f-\x9f]/, `${name}: nothing that steers a terminal`)
  }
})

function hexOf(data: Buffer, start: number, end: number): string {
  return data.toString('hex', start, end).replace(/..(?!$)/g, '$& ')
}

function caught(data: Buffer): KplError {
  try {
    decodeAggregate(data)
    return undefined as never
  } catch (error) {
    return error as KplError
  }
}
