import { gzipSync } from 'node:zlib'
import t from 'tap'
import { aggregateOf, withWrongDigest } from '../../fixtures/aggregates.js'
import { kplCodec, ndjson, sink, source } from '../../fixtures/cli.js'
import { Messages } from '../../lib/cli/messages.js'
import { paintFor } from '../../lib/cli/paint.js'
import { Progress, sized } from '../../lib/cli/progress.js'
import { run } from '../../lib/cli/run.js'
import { table, widthsOf } from '../../lib/cli/table.js'
import { counted, cut, grouped, jsonLine, preview, textOf, visible, widthOf } from '../../lib/cli/text.js'

// What is shown on a terminal: it fits, it is coloured where that is wanted, and nothing in a record can steer it.

/** What keys and payloads may hold: escape sequences, new lines, marks that turn the direction of text around, letters that nobody sees. */
const HOSTILE = ['\x1b[31mred\x1b[0m', '\x9b2J', '\x1b]0;title\x07', 'a\nb\r\tc', '\u202eright to left', '\u2028\u2066\u200b\ufeff', '\x7f\b\0', '\u{e0001}']
const STEERING = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}]/u
const hostile = aggregateOf(HOSTILE.map((text) => ({ partitionKey: text, data: text, explicitHashKey: text, tags: [{ key: text, value: text }] })))
const plain = aggregateOf([{ partitionKey: 'key', data: 'text' }, { partitionKey: 'key', data: Buffer.of(1) }])

t.test('nothing that steers a terminal comes out of a record', async (t) => {
  const broken = Buffer.concat([hostile.subarray(0, 40), hostile.subarray(60)])
  for (const data of [hostile, withWrongDigest(hostile), broken]) {
    const stdin = ndjson([{ kinesis: { data: data.toString('base64'), partitionKey: HOSTILE.join(), sequenceNumber: HOSTILE.join() }, eventID: `${HOSTILE.join('').replaceAll(':', '')}:1` }])
    for (const args of [['decode'], ['decode', '-f', 'json'], ['decode', '-f', 'table'], ['inspect', '--hex', '--all']]) {
      const { stdout, stderr } = await kplCodec(args, { stdin, columns: 120, isTold: true, env: { NO_COLOR: '1' } })
      t.ok(stdout.length > 50)
      t.notMatch(stdout.replaceAll('\n', ''), STEERING, args.join(' '))
      t.notMatch(stderr.replaceAll('\n', ''), STEERING, args.join(' '))
    }
  }
  const { stdout } = await kplCodec(['decode'], { stdin: hostile })
  t.same(stdout.trim().split('\n').map((line) => JSON.parse(line).partitionKey), HOSTILE, 'and JSON gives all of it back')
  t.match((await kplCodec(['hash-key', ...HOSTILE])).stdout, '\\x1b[31mred\\x1b[0m')
})

t.test('text is shown as it is, all else written out', async (t) => {
  t.equal(visible('a\n\t\r\x1b\x9b\u202e\\"é漢🎉\u{e0001}'), 'a\\n\\t\\r\\x1b\\x9b\\u{202e}\\"é漢🎉\\u{e0001}')
  t.equal(jsonLine({ a: '\x7f\x80\u2028\u202e' }), '{"a":"\\u007f\\u0080\\u2028\\u202e"}')
  t.equal(preview(Buffer.from('text'), 10), 'text')
  t.equal(preview(Buffer.from('longer text'), 10), 'longer te…')
  t.equal(preview(Buffer.from([1, 2]), 10), '<01 02>')
  t.equal(preview(Buffer.alloc(50), 10), '<00 00 00…')
  t.equal(textOf(Buffer.from('a\tb\r\n')), 'a\tb\r\n')
  for (const bytes of [[0xff], [0], [0x1b], [0x7f], [0xc3]]) t.equal(textOf(Buffer.from(bytes)), undefined)
  t.equal(grouped(1234567), '1,234,567')
  t.same([counted(1, 'byte'), counted(0, 'byte'), counted(1000, 'byte')], ['1 byte', '0 bytes', '1,000 bytes'])
  t.same([0, 1023, 1024, 1.5 * 2 ** 20, 2 ** 40, 2 ** 55].map(sized), ['0 B', '1023 B', '1.0 KiB', '1.5 MiB', '1.0 TiB', '32768.0 TiB'])
})

t.test('columns are counted as a terminal does', async (t) => {
  t.same(['abc', '漢字', 'é', '🎉', 'ｗ', ''].map(widthOf), [3, 4, 1, 2, 2, 0])
  t.same([cut('漢字漢字', 5), cut('abcdef', 5), cut('abcde', 5)], ['漢字…', 'abcd…', 'abcde'])
})

t.test('a table: the widest columns are cut first, numbers stand at the right, nothing is wider than it may be', async (t) => {
  const columns = [{ title: 'n', isRight: true }, { title: 'key', least: 5 }, { title: 'fixed' }, { title: 'data', least: 6 }]
  const rows = [['1', 'x'.repeat(30), '12345678', 'y'.repeat(50)], ['22', 'short', '1', 'z']]
  const plain = paintFor({}, {})
  t.same(table(columns, rows, Infinity, plain), [
    `${'n'.padStart(2)}  ${'key'.padEnd(30)}  ${'fixed'.padEnd(8)}  data`,
    ` 1  ${'x'.repeat(30)}  12345678  ${'y'.repeat(50)}`,
    `22  ${'short'.padEnd(30)}  ${'1'.padEnd(8)}  z`,
  ])
  for (const width of [29, 40, 60, 90]) t.ok(table(columns, rows, width, plain).every((line) => widthOf(line) <= width), `${width}`)
  t.same(widthsOf(columns, rows, 50), [2, 17, 8, 17])
  t.same(widthsOf(columns, rows, 5), [2, 5, 8, 6], 'no column below its least')
})

t.test('tables of decode and inspect fit into a terminal of any width', async (t) => {
  const long = aggregateOf(Array.from({ length: 9 }, (_, n) => ({ partitionKey: `${n}漢`.repeat(50), explicitHashKey: '9'.repeat(38), data: `🎉${n}`.repeat(90) })))
  for (const columns of [60, 80, 100, 200]) {
    for (const args of [['decode', '-f', 'table'], ['inspect', '--hex']]) {
      const { stdout } = await kplCodec(args, { stdin: ndjson([{ data: long.toString('base64'), sequenceNumber: '1'.repeat(56) }]), columns, env: { NO_COLOR: '1' } })
      const facts = /^sequence number/
      t.same(stdout.split('\n').filter((line) => widthOf(line) > columns && !facts.test(line)), [], `${args[0]} ${columns}`)
      t.equal(/sequence number  partition/.test(stdout), args[0] === 'decode' && columns >= 90)
    }
  }
})

t.test('colours: on a terminal, unless NO_COLOR or TERM say no; standard output and standard error each for itself', async (t) => {
  const colour = /\x1b\[\d+m/
  for (const args of [['--help'], ['decode', '--help'], ['decode', '-f', 'table'], ['inspect'], ['hash-key', 'a']]) {
    const ran = async (setting: object) => (await kplCodec(args, { stdin: plain, ...setting })).stdout
    t.match(await ran({ columns: 80 }), colour, args.join(' '))
    t.notMatch(await ran({}), colour)
    t.notMatch(await ran({ columns: 80, env: { NO_COLOR: '1' } }), colour)
    t.notMatch(await ran({ columns: 80, env: { TERM: 'dumb' } }), colour)
    t.match(await ran({ columns: 80, env: { NO_COLOR: '' } }), colour, 'an empty NO_COLOR is none')
  }
  t.match((await kplCodec(['nothing'], { isTold: true })).stderr, /^\x1b\[31mkpl-codec:\x1b\[39m there/)
  t.notMatch((await kplCodec(['nothing'], { columns: 80 })).stderr, colour)
  t.notMatch((await kplCodec(['decode'], { stdin: plain, columns: 80 })).stdout, colour, 'JSON is never coloured')
})

t.test('progress: only after a second, four times a second, with a share where the size is known', async (t) => {
  const shown = (total: number | undefined, isShown = true) => {
    const stderr = sink(50)
    let now = 0
    const messages = new Messages({ stderr, env: {} })
    const progress = new Progress(messages, isShown, () => now)
    progress.total = total
    for (let n = 0; n < 24; n++) {
      now += 100
      progress.userRecord()
      progress.read(1_048_576)
    }
    messages.note(undefined, 'by the way')
    messages.status('')
    messages.status('')
    stderr.end()
    return new Promise<string[]>((resolve) => stderr.on('finish', () => resolve(stderr.bytes.toString().split('\r'))))
  }
  const lines = await shown(48 * 1_048_576)
  t.same(lines.slice(0, 3), ['', '10.0 MiB of 48.0 MiB (20 %), 10.0 MiB/s, 10 user…\x1b[K', '13.0 MiB of 48.0 MiB (27 %), 10.0 MiB/s, 13 user…\x1b[K'])
  t.equal(lines.filter((line) => line.includes('MiB/s')).length, 6, 'and after a message once more')
  t.same(lines.slice(-3), ['\x1b[K\x1b[33mkpl-codec:\x1b[39m by the way\n', '22.0 MiB of 48.0 MiB (45 %), 10.0 MiB/s, 22 user…\x1b[K', '\x1b[K'], 'it makes way for a message')
  t.match((await shown(undefined))[1], /^10.0 MiB, 10.0 MiB\/s, 10 user records\x1b\[K$/)
  t.same((await shown(undefined, false)).length, 1, 'nothing where it is not wanted')
})

t.test('progress of a long input is on standard error, if that is a terminal and standard output is none', async (t) => {
  const record = `${JSON.stringify({ data: gzipSync(plain).toString('base64') })}\n`
  async function* slow() {
    for (let n = 0; n < 14; n++) {
      yield Buffer.from(record)
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
  const shown = async (stdout: ReturnType<typeof sink>, columns: number | undefined) => {
    const stderr = sink(columns)
    t.equal(await run(['decode'], { stdin: slow(), stdout, stderr, env: {} }), 0)
    return stderr.bytes.toString()
  }
  const [told, onOneTerminal, unseen] = await Promise.all([shown(sink(), 100), shown(sink(80), 100), shown(sink(), undefined)])
  t.match(told, /^\r[\d.]+ K?i?B, [\d.]+ K?i?B\/s, \d+ user records\x1b\[K/)
  t.match(told, /\r\x1b\[K$/)
  t.equal(onOneTerminal, '')
  t.equal(unseen, '')
})

t.test('a terminal that does not tell its width has 80 columns', async (t) => {
  const stdout = Object.assign(sink(), { isTTY: true })
  await run(['decode', '-f', 'table'], { stdin: source(aggregateOf([{ partitionKey: 'k', data: 'x'.repeat(500) }])), stdout, stderr: sink(), env: { NO_COLOR: '1' } })
  t.equal(Math.max(...stdout.bytes.toString().split('\n').map(widthOf)), 80)
  const stderr = Object.assign(sink(), { isTTY: true })
  new Messages({ stderr, env: {} }).status('x'.repeat(100))
  t.equal(stderr.bytes.toString().length, 79 + '\r\x1b[K'.length)
})
