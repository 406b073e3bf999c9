import { Readable, Writable } from 'node:stream'
import t from 'tap'
import { aggregateOf } from '../../fixtures/aggregates.js'
import { Sink, ndjson, sink, source } from '../../fixtures/cli.js'
import { turn } from '../../fixtures/streams.js'
import { Output } from '../../lib/cli/output.js'
import { run } from '../../lib/cli/run.js'

// Output waits for its reader and ends quietly where there is none any more; input is never read far ahead of it.

const line = Buffer.from(ndjson([{ data: Buffer.alloc(3000, 'x').toString('base64') }]))

/** Takes so many bytes, then has nobody that reads it. */
class Closed extends Writable {
  taken = 0
  constructor(readonly most: number, readonly code = 'EPIPE') {
    super()
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error) => void): void {
    this.taken += chunk.length
    if (this.taken > this.most) done(Object.assign(new Error(`write ${this.code}`), { code: this.code, errno: -1, syscall: 'write' }))
    else setImmediate(done)
  }
}

/** An input without end, that tells how much of it was read and whether it was closed. */
function endless(piece: Buffer) {
  const state = { read: 0, isClosed: false }
  async function* pieces() {
    try {
      for (;;) {
        state.read++
        yield piece
        await turn()
      }
    } finally {
      state.isClosed = true
    }
  }
  return { state, pieces: pieces() }
}

for (const args of [['decode'], ['decode', '-f', 'raw'], ['decode', '-f', 'table'], ['inspect']]) {
  t.test(`${args.join(' ')}: nobody reads any more: it ends, without a word, and closes its input`, async (t) => {
    const { state, pieces } = endless(line)
    const stderr = sink()
    t.equal(await run(args, { stdin: pieces, stdout: new Closed(200_000), stderr, env: {} }), 0)
    t.equal(stderr.bytes.toString(), '')
    t.equal(state.isClosed, true)
  })
}

t.test('encode too; and what was wrong before is in the exit code', async (t) => {
  const { state, pieces } = endless(Buffer.from(ndjson([{ partitionKey: 'k', text: 'x'.repeat(3000) }, { partitionKey: '' }])))
  t.equal(await run(['encode'], { stdin: pieces, stdout: new Closed(200_000), stderr: sink(), env: {} }), 1)
  t.equal(state.isClosed, true)
})

t.test('nobody reads from the first byte on', async (t) => {
  for (const args of [['--help'], ['--version'], ['hash-key', 'a'], ['decode'], ['decode', '-f', 'json']]) {
    t.equal(await run(args, { stdin: source(line), stdout: new Closed(0), stderr: sink(), env: {} }), 0, args.join(' '))
  }
})

t.test('any other fault of the output is told', async (t) => {
  const stderr = sink()
  t.equal(await run(['decode'], { stdin: source(line), stdout: new Closed(0, 'ENOSPC'), stderr, env: {} }), 1)
  t.equal(stderr.bytes.toString(), 'kpl-codec: write ENOSPC\n')
})

t.test('nobody reads standard error: the work goes on', async (t) => {
  const stdout = sink()
  t.equal(await run(['decode'], { stdin: source(`oops\n${line}oops {}\n`), stdout, stderr: new Closed(0), env: {} }), 0)
  t.equal(await run(['decode', '-i', 'ndjson'], { stdin: source(`oops\n${line}`), stdout, stderr: new Closed(0), env: {} }), 1)
  t.match(stdout.bytes.toString(), 'xxxx')
})

t.test('a reader that takes nothing: input is read so far and no further', async (t) => {
  for (const args of [['decode'], ['decode', '-f', 'raw'], ['inspect'], ['encode', '--no-aggregation', '-f', 'ndjson']]) {
    const { state, pieces } = endless(args[0] === 'encode' ? Buffer.from(ndjson([{ partitionKey: 'k', text: 'x'.repeat(3000) }])) : line)
    const stuck = new Writable({ write() {} })
    void run(args, { stdin: pieces, stdout: stuck, stderr: sink(), env: {} })
    // What it needs until it has 64 KiB to write, and as much time again.
    let before = -1
    for (let n = 0; n < 20 && before !== state.read; n++) {
      before = state.read
      await new Promise((resolve) => setTimeout(resolve, 500))
    }
    t.equal(state.read, before, `${args.join(' ')}: it has come to a stand`)
    t.ok(state.read < 150, `after ${state.read} pieces of 4 kB`)
  }
})

t.test('small pieces are gathered, and seen at once where no more comes', async (t) => {
  const stdout = new Sink()
  const output = new Output(stdout)
  for (let n = 0; n < 1000; n++) t.equal(output.write('line\n'), undefined)
  t.equal(stdout.chunks.length, 0)
  await turn()
  await turn()
  t.equal(stdout.chunks.length, 1)
  t.equal(stdout.bytes.length, 5000)
  await output.write(Buffer.alloc(65_536))
  t.equal(stdout.chunks.length, 2)
  output.write('end')
  await output.flush()
  t.equal(stdout.bytes.toString().slice(-3), 'end')
  await output.flush()
  t.equal(stdout.chunks.length, 3)
})

t.test('a line that comes is given out before the next one comes', async (t) => {
  const stdout = sink()
  const stdin = new Readable({ read() {} })
  const running = run(['decode', '-f', 'raw'], { stdin, stdout, stderr: sink(), env: {} })
  for (const text of ['one', 'two']) {
    stdin.push(ndjson([{ data: aggregateOf([{ partitionKey: 'k', data: text }]).toString('base64') }]))
    while (!stdout.bytes.toString().endsWith(`${text}\n`)) await turn()
  }
  stdin.push(null)
  t.equal(await running, 0)
  t.equal(stdout.bytes.toString(), 'one\ntwo\n')
})
