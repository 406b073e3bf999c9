import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { kplCodec, sink } from '../../fixtures/cli.js'
import { root } from '../../fixtures/readme.js'
import { run } from '../../lib/cli/run.js'

// Help, version, and what becomes of wrong usage: one line on standard error, exit code 2.

const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const commands = ['decode', 'inspect', 'encode', 'hash-key']

t.test('--version', async (t) => {
  for (const flag of ['--version', '-V']) t.same(await kplCodec([flag]), { code: 0, stdout: `${version}\n`, stderr: '', bytes: Buffer.from(`${version}\n`) })
})

t.test('--help tells of every command', async (t) => {
  const { stdout, code } = await kplCodec(['--help'])
  for (const name of commands) t.match(stdout, new RegExp(`^  ${name} `, 'm'))
  t.equal(code, 0)
  for (const args of [['-h'], ['help']]) t.equal((await kplCodec(args)).stdout, stdout)
})

t.test('--help of each command: usage, options, examples, exit codes; in no terminal wider than it is', async (t) => {
  for (const name of commands) {
    const { stdout, code } = await kplCodec([name, '--help'])
    t.match(stdout, new RegExp(`^Usage: kpl-codec ${name} `))
    t.match(stdout, /\nOptions:\n.*\n  -h, --help +this text\n/s)
    t.match(stdout, new RegExp(`\nExamples:\n.*  .*kpl-codec ${name}.*\n      `))
    t.match(stdout, /\nExit code 0: .*; 1: .*; 2: wrong usage\.\n$/)
    t.equal(code, 0)
    for (const args of [[name, '-h'], ['help', name]]) t.equal((await kplCodec(args)).stdout, stdout)
    for (const columns of [60, 80, 200]) {
      const lines = (await kplCodec([name, '--help'], { columns, env: { NO_COLOR: '1' } })).stdout.split('\n')
      // Command lines are shown as they are typed.
      const isCommand = (line: string) => /^  \S.*kpl-codec|^Usage:|^  kpl-codec/.test(line)
      t.same(lines.filter((line) => line.length > Math.min(columns, 100) && !isCommand(line)), [], `${columns} columns`)
    }
  }
})

const wrong: [args: string[], told: RegExp][] = [
  [[], /^a command is missing: decode, inspect, encode, hash-key; see kpl-codec --help$/],
  [['decod'], /^there is no command "decod"; see kpl-codec --help$/],
  [['__proto__'], /^there is no command "__proto__"/],
  [['toString'], /^there is no command "toString"/],
  [['a\x1b[2J\nb'], /^there is no command "a\\x1b\[2J\\nb"/],
  [['--nothing'], /^there is no command "--nothing"/],
  [['decode', '--nothing'], /^Unknown option '--nothing'; see kpl-codec decode --help$/],
  [['decode', '--format'], /^Option '.*--format <value>' argument missing; see kpl-codec decode --help$/],
  [['decode', '--base64=yes'], /^Option '--base64' does not take an argument; see/],
  [['decode', '--format', 'xml'], /^--format must be one of ndjson, table, json, raw, not "xml"; see kpl-codec decode --help$/],
  [['decode', '--input', 'x\ny'], /^--input must be one of .*, not "x\\ny"; see/],
  [['decode', '--join'], /^--join needs --format raw$/],
  [['decode', '--base64', '-f', 'table'], /^--base64 needs --format ndjson or json$/],
  [['decode', '--base64', '-f', 'raw'], /^--base64 needs --format ndjson or json$/],
  [['inspect', '--record', 'first'], /^--record must be a whole number, not "first"; see/],
  [['inspect', '--record', '0'], /^--record counts from 1$/],
  [['encode', '--aggregation-max-size', '0'], /^ERR_KPL_INVALID_ARGUMENT: --aggregation-max-size must be an integer from 1 to 1048576, not 0$/],
  [['encode', '--group-by', 'shard'], /^--group-by shard needs --shards FILE$/],
  [['encode', '--shards', '-'], /^standard input can hold the shards or the records, not both$/],
  [['encode', '--shards', '-', 'x', '-'], /^standard input can hold the shards or the records, not both$/],
  [['hash-key'], /^hash-key needs a KEY$/],
]

for (const [args, told] of wrong) {
  t.test(`wrong usage: ${JSON.stringify(args)}`, async (t) => {
    const { code, stdout, stderr } = await kplCodec(args, { stdin: '' })
    t.equal(stdout, '')
    t.match(stderr.replace(/^kpl-codec: |\n$/g, ''), told)
    t.equal(stderr.split('\n').length, 2, 'one line')
    t.equal(code, 2)
  })
}

t.test('a fault that nobody foresaw is thrown, not told as a fault of the user', async (t) => {
  const stdin = { [Symbol.asyncIterator]: () => { throw new RangeError('oops') } }
  await t.rejects(run(['decode'], { stdin, stdout: sink(), stderr: sink(), env: {} }), { message: 'oops' })
})

t.test('main takes the arguments of the process and sets its exit code', async (t) => {
  const { argv } = process
  const written = t.capture(process.stderr, 'write')
  t.teardown(() => {
    process.argv = argv
    process.exitCode = 0
  })
  process.argv = ['node', 'kpl-codec', 'nothing']
  await import('../../lib/cli/main.js')
  t.equal(process.exitCode, 2)
  t.match(written().map(({ args }) => String(args[0])).join(''), 'there is no command "nothing"')
  process.exitCode = 0
})

