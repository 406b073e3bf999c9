import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import t from 'tap'
import { aggregateOf } from '../../fixtures/aggregates.js'
import { kplCodec, ndjson, parsedLines } from '../../fixtures/cli.js'

// What an input is is told by its content: every form in which people have Kinesis records
// gives the same user records out of the same bytes, however it comes in.

const one = aggregateOf([{ partitionKey: 'a', data: 'one' }, { partitionKey: 'b', data: 'two' }])
const two = aggregateOf([{ partitionKey: 'c', data: 'three' }])
const texts = ['one', 'two', 'three']
const base64 = [one, two].map((data) => data.toString('base64'))
const hex = [one, two].map((data) => data.toString('hex'))
const sdk = base64.map((Data, n) => ({ SequenceNumber: String(n), ApproximateArrivalTimestamp: '2018-12-17T22:10:50.987Z', Data, PartitionKey: 'p' }))
const lambda = base64.map((data, n) => ({ eventID: `shardId-000000000000:${n}`, kinesis: { kinesisSchemaVersion: '1.0', partitionKey: 'p', sequenceNumber: String(n), data, approximateArrivalTimestamp: 1.5e9 } }))
const payloads = lambda.map(({ kinesis }) => kinesis)
const firehose = base64.map((data, n) => ({ recordId: String(n), data, kinesisRecordMetadata: { sequenceNumber: String(n), partitionKey: 'p', shardId: 's' } }))
const pretty = (value: unknown) => JSON.stringify(value, null, 4)
const utf16 = (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le')
const spaced = (text: string, between: string) => text.match(/../g)!.join(between)
const wrapped = (text: string, width: number) => `${text.match(new RegExp(`.{1,${width}}`, 'g'))!.join('\n')}\n`

const inputs: Record<string, string | Buffer> = {
  'a Lambda event': JSON.stringify({ Records: lambda }),
  'a Lambda event, printed': pretty({ Records: lambda }),
  'a Lambda event with a line end': `${JSON.stringify({ Records: lambda })}\n`,
  'a GetRecords reply, as aws prints it': `${pretty({ Records: sdk, NextShardIterator: 'AAA{"', MillisBehindLatest: 0 })}\n`,
  'two replies, one after the other': sdk.map((record) => `${pretty({ Records: [record] })}\n`).join(''),
  'replies as lines': ndjson(sdk.map((record) => ({ Records: [record] }))),
  'an array of replies': pretty(sdk.map((record) => ({ Records: [record] }))),
  'a Firehose event': pretty({ deliveryStreamArn: 'arn', records: firehose }),
  'an array of SDK records': pretty(sdk),
  'an array with a record in each line': `[\n${sdk.map((record) => JSON.stringify(record)).join(',\n')}\n]\n`,
  'a JSON array in one line': JSON.stringify(payloads),
  'a JSON array of base64': JSON.stringify(base64),
  'Lambda records as lines': ndjson(lambda),
  'payloads as lines': ndjson(payloads),
  'Firehose records as lines': ndjson(firehose),
  'SDK records as lines, without the last line end': ndjson(sdk).trimEnd(),
  'lines of Windows, blank ones among them': `\ufeff\r\n${ndjson(lambda).replaceAll('\n', '\r\n\r\n')}`,
  'printed JSON of Windows': pretty({ Records: lambda }).replaceAll('\n', '\r\n'),
  'records printed one after the other': lambda.map((record) => `${pretty(record)}\n`).join('\n'),
  'Buffers printed as JSON': ndjson([{ Data: one }, { Data: two }]),
  'Buffers in Lambda records': ndjson([{ kinesis: { data: one } }, { kinesis: { data: two } }]),
  'Uint8Arrays printed as JSON': ndjson([{ Data: new Uint8Array(one) }, { data: new Uint8Array(two) }]),
  "Java's signed bytes": ndjson([{ Data: [...new Int8Array(one)] }, { data: [...new Int8Array(two)] }]),
  'UTF-16': utf16(ndjson(lambda)),
  'UTF-16, big-endian': utf16(pretty({ Records: sdk })).swap16(),
  'UTF-16 of base64': utf16(base64.join('\r\n')),
  'base64': base64.join('\n'),
  'base64 with line ends of Windows': `${base64.join('\r\n')}\r\n`,
  'base64 without padding, as copies often are': base64.map((text) => text.replace(/=+$/, '')).join('\n'),
  'base64 of the URL-safe letters': base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_')).join('\n'),
  'JSON texts as lines': ndjson(base64),
  'texts cut out of JSON': base64.map((text) => `    "${text.replaceAll('=', '\\u003d').replaceAll('/', '\\/')}",`).join('\n'),
  'texts in single quotes': base64.map((text) => `'${text}'`).join('\n'),
  'base64 in lines of 76': wrapped(base64[0]!, 76) + base64[1],
  'base64 in lines of 64': wrapped(base64[0]!, 64) + wrapped(base64[1]!, 64),
  'base64 in lines of 33': wrapped(base64[0]!, 33) + wrapped(base64[1]!, 33),
  'hexadecimal': hex.join('\n'),
  'hexadecimal in capitals with a blank between': hex.map((text) => spaced(text, ' ').toUpperCase()).join('\n'),
  'hexadecimal with colons': hex.map((text) => spaced(text, ':')).join('\n'),
  'hexadecimal as C has it': hex.map((text) => `0x${spaced(text, ', 0x')},`).join('\n'),
  'hexadecimal as Python has it': hex.map((text) => `"\\x${spaced(text, '\\x')}"`).join('\n'),
  'hexadecimal in lines of 60, as xxd -p': wrapped(hex[0]!, 60) + wrapped(hex[1]!, 60),
  'raw aggregates back to back': Buffer.concat([one, two]),
  'raw aggregates with line ends between': Buffer.concat([one, Buffer.from('\n'), two, Buffer.from('\r\n')]),
}

for (const [name, input] of Object.entries(inputs)) {
  t.test(name, async (t) => {
    const bytes = Buffer.from(input)
    const ways: [string, (string | Buffer)[]][] = [
      ['at once', [bytes]],
      ['byte by byte', Array.from(bytes, (byte) => Buffer.of(byte))],
      ['gzipped', [gzipSync(bytes)]],
      ['gzipped in two members', [gzipSync(bytes.subarray(0, 40)), gzipSync(bytes.subarray(40))]],
    ]
    for (const [way, stdin] of ways) {
      const { code, stdout, stderr } = await kplCodec(['decode'], { stdin })
      t.same({ texts: parsedLines(stdout).map(({ text }) => text), stderr, code }, { texts, stderr: '', code: 0 }, way)
    }
  })
}

t.test('files: some of them, of different kinds, and standard input among them', async (t) => {
  const folder = t.testdir()
  const paths = ['event.json', 'data.b64.gz', 'data.bin'].map((name) => join(folder, name))
  const contents = [pretty({ Records: lambda }), gzipSync(base64.join('\n')), one]
  for (const [n, path] of paths.entries()) writeFileSync(path, contents[n]!)
  const { stdout, code } = await kplCodec(['decode', ...paths.slice(0, 2), '-', paths[2]!], { stdin: hex[1]! })
  t.same(parsedLines(stdout).map(({ text }) => text), [...texts, ...texts, 'three', 'one', 'two'])
  t.equal(code, 0)
})

t.test('what is no record in letters is raw: one plain record', async (t) => {
  for (const text of ['hello world', 'some {json}', 'Dear\nall of you', 'true!', '\0\x01\x02', 'ÄÖ']) {
    t.same(parsedLines((await kplCodec(['decode'], { stdin: text })).stdout).map(({ text, data }) => text ?? Buffer.from(data, 'base64').toString()), [text])
  }
})

t.test('letters that are base64 or hexadecimal by chance are told once for each file; not where a flag says so, nor of aggregates', async (t) => {
  const note = (file: string, kind: string) => `kpl-codec: ${file}: read as ${kind}, though it does not begin as an aggregate (--input raw reads a payload as it is)\n`
  const told = async (args: string[], stdin: string | string[]) => (await kplCodec(['decode', ...args], { stdin })).stderr
  t.equal(await told([], ['test\n', 'more\n', 'test']), note('standard input', 'base64'))
  t.equal(await told([], 'beef'), note('standard input', 'hex'))
  t.equal(await told(['-i', 'base64'], 'test'), '')
  t.equal(await told([], `\n${base64[0]}\ntest`), '')
  t.equal(await told([], `${hex[0]}\nbeef`), '')
  t.notMatch(await told([], '84mawg=oDY\ntest'), 'read as')
  const folder = t.testdir({ a: 'test', b: 'what' })
  t.equal((await kplCodec(['decode', join(folder, 'a'), join(folder, 'b')])).stderr, note(join(folder, 'a'), 'base64') + note(join(folder, 'b'), 'base64'))
})

t.test('nothing, or nothing but blanks: no record, and nothing at all is told', async (t) => {
  const empty = { code: 0, stdout: '', bytes: Buffer.alloc(0) }
  for (const stdin of ['\n', '\ufeff', ' \r\n \n']) t.same(await kplCodec(['decode'], { stdin }), { ...empty, stderr: '' })
  for (const stdin of ['', gzipSync('')]) t.same(await kplCodec(['decode'], { stdin }), { ...empty, stderr: 'kpl-codec: standard input: it is empty\n' })
})

t.test('a long beginning without a line end is told by as much as is there', async (t) => {
  const large = aggregateOf([{ partitionKey: 'k', data: Buffer.alloc(100_001, 'x') }])
  for (const text of [large.toString('base64'), large.toString('hex'), Buffer.alloc(70_003, 'so ').toString()]) {
    const { stdout } = await kplCodec(['decode'], { stdin: [text.slice(0, 65_537), text.slice(65_537)] })
    t.equal(parsedLines(stdout).length, 1)
    t.ok(parsedLines(stdout)[0].text.length > 70_000)
  }
})

t.test('--input forces a kind', async (t) => {
  const stdin = base64[1]!
  t.same(parsedLines((await kplCodec(['decode', '--input', 'raw'], { stdin })).stdout), [{ ...parsedLines((await kplCodec(['decode', '-i', 'raw'], { stdin: ' ' })).stdout)[0], text: stdin }])
  t.equal(parsedLines((await kplCodec(['decode', '-i', 'base64'], { stdin: 'f389' })).stdout)[0].data, 'f389')
  t.equal(parsedLines((await kplCodec(['decode', '-i', 'hex'], { stdin: 'f389' })).stdout)[0].data, '84k=')
  t.equal((await kplCodec(['decode', '-i', 'ndjson'], { stdin: pretty(sdk) })).code, 1)
  t.equal(parsedLines((await kplCodec(['decode', '-i', 'json'], { stdin: `${JSON.stringify(sdk[0])}\n${pretty(sdk[1])}` })).stdout).length, 3)
})

t.test('--input raw: a payload may be gzipped, or UTF-16, itself; only a name that ends in .gz tells that it is the file', async (t) => {
  const payload = gzipSync('inner')
  const path = join(t.testdir(), 'payload.gz')
  writeFileSync(path, gzipSync(payload))
  for (const args of [['-'], [path]]) {
    const { bytes } = await kplCodec(['decode', '-i', 'raw', '-f', 'raw', '--join', ...args], { stdin: payload })
    t.ok(bytes.equals(payload))
  }
  const marked = Buffer.from('fffe0a0b', 'hex')
  t.ok((await kplCodec(['decode', '-i', 'raw', '-f', 'raw', '--join'], { stdin: marked })).bytes.equals(marked))
  t.ok((await kplCodec(['decode', '-f', 'raw', '--join'], { stdin: marked })).bytes.equals(marked), 'nor is it changed where nothing else tells that it is text')
  t.equal((await kplCodec(['decode', '-i', 'raw'], { stdin: '' })).stdout.split('\n').length, 2, 'an empty payload is one')
})

t.test('a folder and a file that is not there are told, and the rest goes on', async (t) => {
  const folder = t.testdir()
  mkdirSync(join(folder, 'inner'))
  writeFileSync(join(folder, 'good'), one)
  const { code, stdout, stderr } = await kplCodec(['decode', join(folder, 'inner'), join(folder, 'none'), join(folder, 'good')])
  t.equal(stderr, `kpl-codec: ${folder}/inner: is a folder\nkpl-codec: ${folder}/none: there is no such file\n`)
  t.equal(parsedLines(stdout).length, 2)
  t.equal(code, 1)
})

t.test('a long row of "=" that something else follows is no base64, and is told from it in time', async (t) => {
  const stdin = `${'='.repeat(1_000_000)}x`
  t.equal((await kplCodec(['decode', '-f', 'raw', '--join'], { stdin })).stdout, stdin)
})
