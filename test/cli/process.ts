// The built command in processes of its own: pipes, exit codes, what a shell does with it.
import { execFile, spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import t from 'tap'
import { aggregateOf } from '../../fixtures/aggregates.js'
import { ndjson, parsedLines } from '../../fixtures/cli.js'
import { root } from '../../fixtures/readme.js'

const main = join(root, 'dist/esm/cli/main.js')
const { NODE_OPTIONS: _, NODE_V8_COVERAGE: __, ...env } = process.env
const record = { data: aggregateOf([{ partitionKey: 'a', data: 'one' }, { partitionKey: 'b', data: 'two' }]).toString('base64') }

/** Runs a line of shell, in which `kpl-codec` is the command. */
function shell(line: string, input: string | Buffer = '', variables: NodeJS.ProcessEnv = {}) {
  const { status, stdout, stderr } = spawnSync('bash', ['-c', `kpl-codec() { "$NODE" "$CLI" "$@"; }; ${line}`], {
    input,
    encoding: 'utf8',
    env: { ...env, NODE: process.execPath, CLI: main, ...variables },
    maxBuffer: 1 << 28,
    timeout: 120_000,
  })
  return { status, stdout, stderr }
}

t.test('the command is run by its file: gzipped standard input, records on standard output', async (t) => {
  const { status, stdout } = spawnSync(main, ['decode'], { input: gzipSync(ndjson([record])), encoding: 'utf8', env })
  t.same(parsedLines(stdout).map(({ text }) => text), ['one', 'two'])
  t.equal(status, 0)
})

t.test('exit codes', async (t) => {
  t.equal(shell('kpl-codec decode', ndjson([record])).status, 0)
  t.equal(shell('kpl-codec decode', 'oops\n').status, 0, 'four letters are base64')
  t.equal(shell('kpl-codec decode', '{"data":5}\n').status, 1)
  t.equal(shell('kpl-codec decode --nothing').status, 2)
  t.equal(shell('kpl-codec').status, 2)
})

t.test('a reader that has seen enough: it ends at once, without a word, though the input has no end', async (t) => {
  for (const command of ['decode', 'decode -f table', 'inspect', 'decode -f raw']) {
    const { status, stdout, stderr } = shell(`set -o pipefail; (while true; do echo '${JSON.stringify(record)}'; done) 2>/dev/null | kpl-codec ${command} | head -n 2; echo "\${PIPESTATUS[1]}"`)
    t.equal(stdout.split('\n').length, 4, command)
    t.match(stdout, /\n0\n$/, 'exit code 0')
    t.equal(stderr, '')
    t.equal(status, 0)
  }
})

t.test('standard error into a pipe that nobody reads', async (t) => {
  const { stdout } = shell(`exec 3>&1; (kpl-codec decode -i ndjson 2>&1 >/dev/null; echo "code $?" >&3) | head -n 1`, 'oops\n'.repeat(20_000))
  t.match(stdout, /^kpl-codec: standard input:1: no JSON: .*\ncode 1\n$/s)
})

t.test('standard input or output that is closed', async (t) => {
  t.same(shell('kpl-codec decode <&-'), { status: 0, stdout: '', stderr: 'kpl-codec: standard input: it is empty\n' })
  t.equal(shell('kpl-codec decode >&-', ndjson([record])).status, 0)
})

t.test('a full disk', { skip: process.platform !== 'linux' && '/dev/full is of Linux' }, async (t) => {
  const { status, stderr } = shell('kpl-codec decode > /dev/full', ndjson([record]))
  t.match(stderr, /^kpl-codec: ENOSPC: no space left on device, write\n$/)
  t.equal(status, 1)
})

t.test('no colours where standard output is no terminal', async (t) => {
  t.notMatch(shell('kpl-codec --help; kpl-codec nothing').stdout, '\x1b')
})

t.test('lines are streamed: much more goes through than memory was taken', async (t) => {
  const path = join(t.testdir(), 'lines.gz')
  const line = ndjson([{ data: aggregateOf(Array.from({ length: 40 }, (_, n) => ({ partitionKey: `k${n}`, data: 'x'.repeat(1000) }))).toString('base64') }])
  const count = 8000
  const member = gzipSync(line.repeat(100))
  writeFileSync(path, Buffer.concat(Array.from({ length: count / 100 }, () => member)))
  // Told by the process itself at its end, in MB.
  const measured = `process.argv.splice(1, 0, 'kpl-codec'); process.on('exit', () => console.error(process.resourceUsage().maxRSS / 1024)); await import(${JSON.stringify(main)})`
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', measured, '--', 'decode', '-f', 'raw', path], { encoding: 'utf8', env, stdio: ['ignore', 'ignore', 'pipe'] })
  t.equal(status, 0)
  t.ok(count * line.length > 4e8)
  t.ok(Number(stderr) < 250, `${stderr.trim()} MB`)
})

t.test('it begins quickly: no command loads another one', async (t) => {
  const loaded = await new Promise<string>((resolve) => {
    const module = `
      import { register } from 'node:module'
      register('data:text/javascript,' + encodeURIComponent('import { writeSync } from "node:fs"; export async function load(url, context, next) { writeSync(2, url + "\\\\n"); return next(url, context) }'))
      process.argv = ['node', 'kpl-codec', 'hash-key', 'a']
      await import(${JSON.stringify(main)})`
    execFile(process.execPath, ['--input-type=module', '-e', module], { env }, (_error, _stdout, stderr) => resolve(stderr))
  })
  const files = Array.from(loaded.matchAll(/dist\/esm\/(\S+)/g), ([, file]) => file!)
  t.ok(files.includes('cli/hash-key.js'))
  t.same(files.filter((file) => /cli\/(?:decode|encode|inspect)|deaggregate\/|aggregate\/|index\.js/.test(file)), [])
})
