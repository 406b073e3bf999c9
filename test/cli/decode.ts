import t from 'tap'
import { aggregateOf, frame, withWrongDigest } from '../../fixtures/aggregates.js'
import { kplCodec, ndjson, parsedLines } from '../../fixtures/cli.js'
import { kplCaseNames, loadKplCase } from '../../fixtures/load.js'
import { deaggregate } from '../../lib/index.js'

// `decode` writes what `deaggregate` gives, each payload as text where it is text.

t.test('every genuine record: the user records that the KCL gives, bit by bit', async (t) => {
  // All but the large ones, which take long, and the lookalikes, of which some are malformed: the KCL and we part there.
  for (const name of kplCaseNames().filter((name) => !/big|large|medium|tiny|lookalikes/.test(name))) {
    const { records, userRecords } = loadKplCase(name)
    const stdin = ndjson(records.map((record) => ({ ...record, data: record.data.toString('base64') })))
    const { code, stdout } = await kplCodec(['decode'], { stdin })
    t.equal(code, 0, name)
    const differing = parsedLines(stdout).filter(({ text, data, ...fields }, n) => {
      const expected = userRecords[n]!
      const bytes = text === undefined ? Buffer.from(data, 'base64') : Buffer.from(text)
      return (
        !bytes.equals(expected.data) ||
        fields.partitionKey !== expected.partitionKey ||
        fields.explicitHashKey !== expected.explicitHashKey ||
        fields.subSequenceNumber !== expected.subSequenceNumber ||
        fields.aggregated !== expected.aggregated ||
        fields.sequenceNumber !== records[expected.record]!.sequenceNumber
      )
    })
    t.same(differing, [], name)
    t.equal(parsedLines(stdout).length, userRecords.length, name)
  }
})

t.test('every lookalike: what deaggregate gives', async (t) => {
  const records = loadKplCase('lookalikes').records
  const { stdout, code } = await kplCodec(['decode', '--malformed', 'passthrough', '--base64'], { stdin: ndjson(records.map((record) => ({ ...record, data: record.data.toString('base64') }))) })
  t.strictSame(parsedLines(stdout), Array.from(deaggregate(records, { malformed: 'passthrough' }), (record) => JSON.parse(JSON.stringify(record))))
  t.equal(code, 0)
})

const aggregate = aggregateOf([
  { partitionKey: 'a', data: '{"n":1}', tags: [{ key: 'k' }, { key: 'l', value: 'm' }] },
  { partitionKey: 'b', explicitHashKey: '5', data: Buffer.from('ff00', 'hex') },
  { partitionKey: '', data: '' },
])
const record = { kinesis: { data: aggregate.toString('base64'), partitionKey: 'outer', sequenceNumber: '7', approximateArrivalTimestamp: 1.7e9 } }

t.test('ndjson: toJSON() with text in place of data, where the payload is text', async (t) => {
  const { stdout, code } = await kplCodec(['decode'], { stdin: ndjson([record]) })
  const [first, second, third] = [...deaggregate(record)].map((record) => record.toJSON())
  const { data: _, ...rest } = first!
  const { data: __, ...last } = third!
  t.strictSame(parsedLines(stdout), [{ ...rest, text: '{"n":1}' }, second, { ...last, text: '' }])
  t.equal(code, 0)
})

t.test('--base64: toJSON() as it is', async (t) => {
  const { stdout } = await kplCodec(['decode', '--base64'], { stdin: ndjson([record]) })
  t.strictSame(parsedLines(stdout), [...deaggregate(record)].map((record) => JSON.parse(JSON.stringify(record))))
})

t.test('json: one array of the same, of no records too', async (t) => {
  const { stdout } = await kplCodec(['decode', '--format', 'json'], { stdin: ndjson([record]) })
  t.strictSame(JSON.parse(stdout), parsedLines((await kplCodec(['decode'], { stdin: ndjson([record]) })).stdout))
  t.strictSame(JSON.parse((await kplCodec(['decode', '-f', 'json'])).stdout), [])
})

t.test('raw: the payloads alone, a newline behind each, or none with --join', async (t) => {
  const raw = await kplCodec(['decode', '--format', 'raw'], { stdin: aggregate })
  t.equal(raw.bytes.toString('latin1'), '{"n":1}\n\xff\x00\n\n')
  const joined = await kplCodec(['decode', '--format=raw', '--join'], { stdin: aggregate })
  t.equal(joined.bytes.toString('latin1'), '{"n":1}\xff\x00')
})

t.test('table: a row for each, with a heading where there are none too', async (t) => {
  const { stdout } = await kplCodec(['decode', '-f', 'table'], { stdin: [aggregate, '\n', aggregate] })
  t.equal(stdout, [
    'record   sub  sequence number  partition key                          bytes  data',
    '     1     0                   a                                          7  {"n":1}',
    '     1     1                   b                                          2  <ff 00>',
    '     1     2                                                              0',
    '     2     0                   a                                          7  {"n":1}',
    '     2     1                   b                                          2  <ff 00>',
    '     2     2                                                              0',
    '',
  ].join('\n'))
  t.equal((await kplCodec(['decode', '-f', 'table'])).stdout, 'record   sub  sequence number  partition key                          bytes  data\n')
  const long = await kplCodec(['decode', '-f', 'table'], { stdin: ndjson([{ data: '', partitionKey: 'p', sequenceNumber: '1234567890123456789' }]) })
  t.match(long.stdout, '1     0  …67890123456789  p', 'of a long sequence number its last digits')
})

t.test('a table tells where each record stands: its line, its number in an event, both, or the number of a raw one', async (t) => {
  const places = async (stdin: string | Buffer) => (await kplCodec(['decode', '-f', 'table'], { stdin })).stdout.split('\n').slice(1, -1).map((row) => row.slice(0, 6).trim())
  const plain = { data: 'eA==' }
  t.same(await places(ndjson([plain, plain])), ['1', '2'])
  t.same(await places(JSON.stringify([plain, plain], null, 2)), ['1', '2'])
  t.same(await places(ndjson([{ Records: [plain, plain] }, plain])), ['1.1', '1.2', '2'])
  t.same(await places(aggregate), ['1', '1', '1'])
  t.same(await places(Buffer.concat([aggregateOf([{ partitionKey: 'a', data: '' }]), Buffer.from('plain')])), ['1', '2'])
})

t.test('a broken record is told with its line and reason, the rest goes on, and the exit code is 1', async (t) => {
  const broken = aggregateOf([{ partitionKey: 'a', data: 'x' }]).subarray(0, -17)
  const malformed = frame(broken.subarray(4))
  const stdin = ndjson(['plain', malformed, 'more'].map((data) => ({ data: Buffer.from(data).toString('base64') })))
  const { code, stdout, stderr } = await kplCodec(['decode', '-f', 'raw'], { stdin })
  t.equal(stdout, 'plain\nmore\n')
  t.match(stderr, /^kpl-codec: standard input:2: ERR_KPL_MALFORMED: user record 0: truncated: .* at byte \d+, in Kinesis record without sequence number\n$/)
  t.equal(code, 1)
  const passed = await kplCodec(['decode', '-f', 'raw', '--join', '--malformed', 'passthrough'], { stdin })
  t.ok(passed.bytes.equals(Buffer.concat([Buffer.from('plain'), malformed, Buffer.from('more')])), '--malformed passthrough')
  t.match(passed.stderr, /input:2: begins as an aggregate, but is none/)
  t.equal(passed.code, 0)
})

t.test('what begins with the magic and is cut off behind it: given out as it is, with a note', async (t) => {
  for (const length of [4, 12, 20, 21, aggregate.length - 1]) {
    const cut = aggregate.subarray(0, length)
    const { bytes, code, stderr } = await kplCodec(['decode', '-f', 'raw', '--join'], { stdin: `${cut.toString('base64')}\n` })
    t.ok(bytes.equals(cut), `${length} bytes`)
    t.match(stderr, /^kpl-codec: standard input:1: begins as an aggregate, but is none/)
    t.equal(code, 0)
  }
})

t.test('a payload that was an aggregate once is given out as it is, with a note of what became of it', async (t) => {
  const encoded = (kind: string, text: string) =>
    `standard input:1: an aggregate in ${kind} (${text}…) stands in it: encoded twice, copied with what stood around it, or among lines of which one is broken (--input ${kind})?`
  const cases: [Buffer, string | undefined][] = [
    [Buffer.from(aggregate.toString()), 'standard input:1: it looks like an aggregate that was read as UTF-8 text somewhere: every byte that is no text became EF BF BD, and is lost'],
    [Buffer.from(aggregate.toString('base64')), encoded('base64', '84mawg')],
    [Buffer.from(`INFO data=${aggregate.toString('base64')}`), encoded('base64', '84mawg')],
    [Buffer.from(`INFO data=${aggregate.toString('hex')}`), encoded('hex', 'f3899ac2')],
    [Buffer.from(`INFO data=${aggregate.toString('hex').toUpperCase()}`), encoded('hex', 'F3899AC2')],
    [Buffer.from(`${' '.repeat(1_048_576 - 6)}84mawg`), encoded('base64', '84mawg')],
    [Buffer.from(`${' '.repeat(1_048_576 - 5)}84mawg`), undefined],
    [Buffer.from('\ufffd\ufffd and so on'), undefined],
  ]
  for (const [data, note] of cases) {
    const { bytes, code, stderr } = await kplCodec(['decode', '-f', 'raw', '--join'], { stdin: ndjson([{ data: data.toString('base64') }]) })
    t.ok(bytes.equals(data))
    t.equal(stderr, note === undefined ? '' : `kpl-codec: ${note}\n`)
    t.equal(code, 0)
  }
  const many = await kplCodec(['decode'], { stdin: ndjson(Array(60).fill({ data: cases[1]![0].toString('base64') })) })
  t.equal(many.stderr.split('\n').length, 10 + 1 + 1, 'told ten times, then counted')
  const [first, ...others] = (await kplCodec(['decode'], { isTold: true, stdin: ndjson(Array(60).fill({ data: cases[1]![0].toString('base64') })) })).stderr.match(/\x1b\[\d+m(?=kpl-codec:)/g)!
  t.same([...new Set(others)], [first], 'all in one colour')
  t.match(many.stderr, /\nkpl-codec: standard input:60: 50 more up to here: an aggregate in base64 .*\n$/)
  t.equal((await kplCodec(['decode'], { stdin: ndjson([{ data: aggregateOf([{ partitionKey: 'a', data: '84mawg' }]).toString('base64') }]) })).stderr, '', 'not of a user record in an aggregate')
})

t.test('aggregates in base64 or hex, one a line, the first of which has lost its beginning and is broken: one payload, with a note of how to read them', async (t) => {
  const large = aggregateOf([{ partitionKey: 'a', data: Buffer.alloc(60_000) }])
  for (const kind of ['base64', 'hex'] as const) {
    // In two chunks: nothing but the broken line is seen before it is decided what the lines are.
    const stdin = [`(…)${large.toString(kind).slice(20)}\n`, `${large.toString(kind)}\n`]
    const { bytes, stderr, code } = await kplCodec(['decode', '-f', 'raw', '--join'], { stdin })
    t.ok(bytes.equals(Buffer.from(stdin.join(''))))
    t.match(stderr, `(--input ${kind})?`)
    t.equal(code, 0)
    const read = await kplCodec(['decode', '-f', 'raw', '--join', '-i', kind], { stdin })
    t.match(read.stderr, /^kpl-codec: standard input:1: .*\n$/, 'the broken one is told')
    t.equal(read.bytes.length, 60_000)
    t.equal(read.code, 1)
  }
})

t.test('a record with a list named Records beside its data is that record', async (t) => {
  const stdin = ndjson([{ Data: 'YQ==', PartitionKey: 'k', records: [] }, { kinesis: { data: 'Yg==' }, Records: [{ Data: 'eA==' }] }, { data: 'Yw==', Records: [] }])
  t.equal((await kplCodec(['decode', '-f', 'raw'], { stdin })).stdout, 'a\nb\nc\n')
})

t.test('a list with null in place of data, or with a key beside it, is a list', async (t) => {
  const stdin = ndjson([{ Records: [{ kinesis: { data: 'YQ==' } }], data: null }, { partitionKey: 'p', records: [{ data: 'Yg==' }] }])
  t.equal((await kplCodec(['decode', '-f', 'raw'], { stdin })).stdout, 'a\nb\n')
})

t.test('a line with a record in a record in a record is one line that is broken, however deep it goes', async (t) => {
  const deep = `${'{"kinesis":'.repeat(20_000)}{}${'}'.repeat(20_000)}`
  const { code, stdout, stderr } = await kplCodec(['decode', '-f', 'raw'], { stdin: `{"data":"YQ=="}\n${deep}\n{"data":"Yg=="}\n` })
  t.equal(stdout, 'a\nb\n')
  t.match(stderr, /^kpl-codec: standard input:2: ERR_KPL_INVALID_INPUT: [^\n]*\n$/)
  t.equal(code, 1)
})

t.test('JSON that is not UTF-8 is told, and not read with other letters in its keys', async (t) => {
  const line = Buffer.from('{"partitionKey":"J\xfcrgen","text":"x"}\n', 'latin1')
  for (const command of ['decode', 'encode', 'inspect']) {
    const { code, stderr } = await kplCodec([command], { stdin: Buffer.concat([line, line]) })
    t.match(stderr, /^kpl-codec: standard input:1: no JSON: it is not UTF-8\nkpl-codec: standard input:2: no JSON: it is not UTF-8\n/)
    t.equal(code, 1)
  }
})

t.test('a line of zero bytes, as a torn log has it, is told', async (t) => {
  const { code, stdout, stderr } = await kplCodec(['decode', '-f', 'raw'], { stdin: '{"data":"YQ=="}\n\0\0\0\n \t\r\n{"data":"Yg=="}\n' })
  t.equal(stdout, 'a\nb\n')
  t.match(stderr, /^kpl-codec: standard input:2: no JSON: [^\n]*\n$/)
  t.equal(code, 1)
})

t.test('user records in place of Kinesis records are told, with what takes them', async (t) => {
  for (const command of ['decode', 'inspect']) {
    const { code, stderr } = await kplCodec([command], { stdin: ndjson([{ partitionKey: 'a', text: 'x' }]) })
    t.match(stderr, /^kpl-codec: standard input:1: this is a user record, no Kinesis record: see kpl-codec encode\n/)
    t.equal(code, 1)
  }
  const also = [{ Data: 'YQ==', text: 'x' }, { data: 'YQ==', text: 'x' }, { kinesis: { data: 'YQ==' }, text: 'x' }]
  t.equal((await kplCodec(['decode', '-f', 'raw'], { stdin: ndjson(also) })).stdout, 'a\na\na\n', 'a Kinesis record may have a field of that name too')
})

t.test('a wrong digest: given out as it is with a note, or an error on demand', async (t) => {
  const wrong = withWrongDigest(aggregate)
  const passed = await kplCodec(['decode', '--format', 'raw', '--join'], { stdin: wrong })
  t.ok(passed.bytes.equals(wrong))
  t.match(passed.stderr, /^kpl-codec: standard input: begins as an aggregate, but is none: given out as it is \(kpl-codec inspect shows why\)\n$/)
  t.equal(passed.code, 0)
  const second = await kplCodec(['decode', '-f', 'raw'], { stdin: Buffer.concat([aggregate, wrong]) })
  t.match(second.stderr, `kpl-codec: standard input record 2 at byte ${aggregate.length}: begins as an aggregate`)
  const refused = await kplCodec(['decode', '--digest-mismatch', 'error'], { stdin: wrong })
  t.equal(refused.stdout, '')
  t.match(refused.stderr, /^kpl-codec: standard input: ERR_KPL_DIGEST_MISMATCH: /)
  t.equal(refused.code, 1)
})
