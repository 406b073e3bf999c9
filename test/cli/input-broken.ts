import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import t from 'tap'
import { aggregateOf, withWrongDigest } from '../../fixtures/aggregates.js'
import { kplCodec, ndjson, parsedLines, sink, source } from '../../fixtures/cli.js'
import { MOST_HELD, checkHeld, reasonOf, wholeOf } from '../../lib/cli/input/files.js'
import { run } from '../../lib/cli/run.js'

// What cannot be read is told in one line, with where it stands; what can be read goes on; the exit code is 1.

const good = JSON.stringify({ data: Buffer.from('good').toString('base64') })

const cases: [name: string, input: string | Buffer, good: number, told: RegExp][] = [
  ['a line that is no JSON', `${good}\n{"data": oops}\n${good}\n`, 2, /^standard input:2: no JSON: /],
  ['a line that is cut within a text', `${good}\n{"data": "84ma\n${good}\n`, 2, /^standard input:2: no JSON: /],
  ['a first line that is cut within a text', `{"data": "84ma\n${good}\n${good}\n`, 2, /^standard input:1: no JSON: /],
  ['a first line that closes too much', `{"data": 1}}\n${good}\n`, 1, /^standard input:1: no JSON: /],
  ['a line that is cut between texts', `${good}\n{"data": "84ma", \n${good}\n`, 2, /^standard input:2: no JSON: /],
  ['printed JSON that is cut', '{\n  "Records": [\n', 0, /^standard input: the JSON value ends too early \(--input ndjson/],
  ['printed JSON that is cut within a text', `[\n  "84ma\n]\n`, 0, /^standard input: no JSON: /],
  ['printed JSON with a fault', `{\n  "Records": oops\n}\n`, 0, /^standard input: no JSON: /],
  ['printed JSON after printed JSON', `{\n  "Records": []\n}\n{\n"Records": oops\n}\n`, 0, /^standard input:4: no JSON: /],
  ['a quoted escape at the end of a line', `{"data": "\\"\n${good}\n`, 1, /^standard input:1: no JSON: /],
  ['a number', `${good}\n5\n`, 1, /^standard input:2: a Kinesis record must be an object or base64 text, not 5$/],
  ['null in an event', '{"Records":[null]}', 0, /^standard input:1 record 1: a Kinesis record must be an object or base64 text, not null$/],
  ['an object of no known shape', `{"a":1}\n${good}\n`, 1, /^standard input:1: ERR_KPL_INVALID_INPUT: a Kinesis record must be bytes or have Data.*\(--input raw reads a payload as it is\)$/],
  ['an event whose records are none', '{"Records":5}', 0, /^standard input:1: ERR_KPL_INVALID_INPUT: /],
  ['kinesis that is no object', '{"kinesis":5}', 0, /^standard input:1: ERR_KPL_INVALID_INPUT: the kinesis member must be an object, not 5$/],
  ['data that is no base64', ndjson([{ data: '84ma!' }]) + good, 1, /^standard input:1: ERR_KPL_INVALID_BASE64: /],
  ['data of numbers that are no bytes', '{"data":[256]}\n{"data":[1.5]}', 0, /^standard input:1: ERR_KPL_INVALID_INPUT: data must be bytes or base64 text/],
  ['data of numbers by names', '{"data":{"temperature":20,"humidity":55}}', 0, /^standard input:1: ERR_KPL_INVALID_INPUT: data must be bytes or base64 text, not Object/],
  ['an array deeper than any', `${'['.repeat(5)}${good}${']'.repeat(5)}`, 0, /^standard input:1 record 1: ERR_KPL_INVALID_INPUT/],
  ['an array of an absurd depth', `${'['.repeat(9999)}${']'.repeat(9999)}`, 0, /^standard input:1 record 1: ERR_KPL_INVALID_INPUT/],
  ['a line that is no base64', 'Z29vZA==\nwhat?\nZ29vZA==', 2, /^standard input:2: data must be padded base64, not plain text: /],
  ['a line that is no hexadecimal', '676f6f64\nf3x9\n676f6f64', 2, /^standard input:2: no whole bytes in hexadecimal digits$/],
  ['UTF-16 with a surrogate alone', Buffer.from(`\ufeff{"data":"QQ==","partitionKey":"\ud800"}\n${good}\n`, 'utf16le'), 0, /^standard input: it is not UTF-16, though it begins so$/],
  ['gzip that is cut', gzipSync(`${good}\n`.repeat(2)).subarray(0, -9), 2, /^standard input: the gzip data ends too early$/],
  ['gzip that is broken', Buffer.concat([gzipSync(good).subarray(0, 10), Buffer.alloc(40, 0xff)]), 0, /^standard input: invalid /],
]

for (const [name, input, goodRecords, told] of cases) {
  t.test(name, async (t) => {
    // Where content would tell another kind, the flag tells this one.
    const kind = /base64$/.test(name) && /line/.test(name) ? ['-i', 'base64'] : /hexadecimal/.test(name) ? ['-i', 'hex'] : []
    const { code, stdout, stderr } = await kplCodec(['decode', ...kind], { stdin: input })
    t.equal(parsedLines(stdout).filter(({ text }) => text === 'good').length, goodRecords)
    t.equal(stdout.split('\n').length, goodRecords + 1, 'and nothing else')
    t.match(stderr.split('\n')[0]!.replace('kpl-codec: ', ''), told)
    t.equal(code, 1)
  })
}

t.test('base64 over several lines of a usual width is one record, though its digest is wrong', async (t) => {
  const wrong = withWrongDigest(aggregateOf([{ partitionKey: 'k', data: 'x'.repeat(90) }]))
  for (const width of [60, 64, 76]) {
    const stdin = wrong.toString('base64').replace(new RegExp(`.{${width}}`, 'g'), '$&\n')
    const { bytes } = await kplCodec(['decode', '-f', 'raw', '--join'], { stdin })
    t.ok(bytes.equals(wrong), `${width}`)
  }
  const other = await kplCodec(['decode'], { stdin: wrong.toString('base64').replace(/.{40}/g, '$&\n') })
  t.ok(parsedLines(other.stdout).length > 3, 'of another width each line is one')
})

t.test('lines of one width are records of their own where the first is whole, or the next one begins as an aggregate', async (t) => {
  const lines = [aggregateOf([{ partitionKey: 'k', data: 'x' }]), Buffer.alloc(30, 'p'), withWrongDigest(aggregateOf([{ partitionKey: 'k', data: 'y' }])), aggregateOf([{ partitionKey: 'k', data: 'z' }])]
  t.same(new Set(lines.map(({ length }) => length)).size, 1)
  const { stdout } = await kplCodec(['decode'], { stdin: lines.map((line) => line.toString('base64')).join('\n') })
  t.same(parsedLines(stdout).map(({ text, data }) => text ?? data.slice(0, 6)), ['x', 'p'.repeat(30), '84mawg', 'z'])
})

t.test('so many lines of one width that no call would take them as its arguments are records too', async (t) => {
  const line = Buffer.alloc(12, 'x').toString('base64')
  const { stdout, code } = await kplCodec(['decode', '-i', 'base64'], { stdin: `84mawgAAAAAAAAAA\n${`${line}\n`.repeat(200_000)}YQ==\n` })
  t.equal(stdout.split('\n').length - 1, 200_002)
  t.equal(code, 0)
})

t.test('so it is at the widths at which programs break lines', async (t) => {
  for (const [kind, width, size] of [['base64', 76, 57], ['base64', 64, 48], ['hex', 60, 30]] as const) {
    const whole = aggregateOf([{ partitionKey: 'k', data: 'x'.repeat(size - 29) }])
    const lines = [whole, Buffer.alloc(size, 'p'), Buffer.alloc(9, 'q')].map((line) => line.toString(kind))
    t.equal(lines[0]!.length, width)
    const { stdout } = await kplCodec(['decode', '-i', kind], { stdin: lines.join('\n') })
    t.same(parsedLines(stdout).map(({ text }) => text), ['x'.repeat(size - 29), 'p'.repeat(size), 'q'.repeat(9)], `${kind} ${width}`)
  }
})

t.test('what has no lines is held only up to a limit', async (t) => {
  async function* chunks() {
    for (let n = 0; n < 5; n++) yield Buffer.alloc(10)
  }
  t.equal((await wholeOf(chunks(), 50)).length, 50)
  await t.rejects(wholeOf(chunks(), 49), { message: 'it is larger than 49 bytes; only lines (NDJSON, base64, hexadecimal) can be read without end' })
  t.doesNotThrow(() => checkHeld(MOST_HELD, 'it'))
  t.throws(() => checkHeld(MOST_HELD + 1, 'it'))
})

t.test('a line, a value or a raw input that is longer than that ends its file, with a reason', async (t) => {
  const piece = Buffer.alloc(1_048_576, ' x')
  for (const [beginning, told] of [['{"data":"', 'line 1'], ['{\n', 'line 2'], ['\x00', 'it']] as const) {
    async function* endless() {
      yield Buffer.from(beginning)
      for (;;) yield piece
    }
    const stderr = sink()
    t.equal(await run(['decode'], { stdin: endless(), stdout: sink(), stderr, env: {} }), 1)
    t.match(stderr.bytes.toString(), `kpl-codec: standard input: ${told} is larger than 268435456 bytes`)
  }
})

t.test('a fault of this program is no fault of a file', async (t) => {
  t.throws(() => reasonOf(new TypeError('oops')), { message: 'oops' })
  t.throws(() => reasonOf(Object.assign(new Error('oops'), { code: 5 })), { message: 'oops' })
  t.equal(reasonOf(Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO' })), 'EIO: i/o error, read')
  const stdin = { async *[Symbol.asyncIterator](): AsyncGenerator<Buffer> { throw new TypeError('oops') } }
  await t.rejects(run(['decode'], { stdin, stdout: sink(), stderr: sink(), env: {} }), { message: 'oops' })
})

t.test('standard input twice is wrong usage', async (t) => {
  t.same(await kplCodec(['decode', '-', '-'], { stdin: good }), { code: 2, stdout: '', bytes: Buffer.alloc(0), stderr: 'kpl-codec: standard input (-) can be read once only\n' })
})

t.test('standard input that is a terminal: a hint how to end it', async (t) => {
  const stderr = sink()
  const stdin = Object.assign(source(good), { isTTY: true })
  t.equal(await run(['decode'], { stdin, stdout: sink(), stderr, env: {} }), 0)
  t.match(stderr.bytes.toString(), /^kpl-codec: reading standard input, which Ctrl\+D ends/)
})

t.test('names and reasons are shown without what would steer a terminal', async (t) => {
  const path = join(t.testdir(), 'a\x1b[31m\nb')
  writeFileSync(path, '{"a":1}\n{"\x9b2J": x')
  const { stderr } = await kplCodec(['decode', path])
  t.match(stderr, 'a\\x1b[31m\\nb:1: ')
  t.notMatch(stderr, /[\x00-\x09\x0b-\x1f\x7f-\x9f]/)
  t.equal(stderr.split('\n').length, 3)
})
