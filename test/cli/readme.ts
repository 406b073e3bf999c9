// The README's command lines are run as they are printed, by a shell; `npx` and `aws` are stand-ins.
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import t, { type Test } from 'tap'
import { aggregateOf } from '../../fixtures/aggregates.js'
import { ndjson, parsedLines } from '../../fixtures/cli.js'
import { loadKplCase } from '../../fixtures/load.js'
import { blocksOf, readme, root } from '../../fixtures/readme.js'
import { deaggregate } from '../../lib/index.js'

const aggregate = aggregateOf([{ partitionKey: 'ada', data: 'first' }, { partitionKey: 'ben', data: Buffer.of(255) }])
const half = 1n << 127n
const shards = {
  Shards: [
    { ShardId: 'low', HashKeyRange: { StartingHashKey: '0', EndingHashKey: String(half - 1n) } },
    { ShardId: 'high', HashKeyRange: { StartingHashKey: String(half), EndingHashKey: String(half * 2n - 1n) } },
  ],
}
const userRecords = Array.from({ length: 50 }, (_, n) => ({ partitionKey: `customer-${n}`, text: `order ${n}` }))

const outcomes: ((t: Test, stdout: string, folder: string) => void)[] = [
  (t, stdout) => {
    const lines = stdout.split('\n')
    t.match(parsedLines(lines.slice(0, 6).join('\n')), [1, 2, 3].flatMap(() => [{ partitionKey: 'ada', text: 'first' }, { partitionKey: 'ben', data: '/w==' }]))
    t.match(lines[6], /^record   sub/)
    t.equal(lines.filter((line) => /^ +\d+ +\d+ /.test(line)).length, loadKplCase('one-record').userRecords.length)
    t.equal(lines.at(-2), 'a read!')
  },
  (t, stdout) => {
    t.match(stdout, /^event\.json:1 record 3\n/)
    t.match(stdout, 'aggregate of 2 user records')
    t.match(stdout, /record\.bin\n.*\n       0  f3 89 9a c2 {14}magic\n/s)
  },
  (t, stdout) => {
    const [put, ...told] = stdout.split('\n')
    t.match(told.join('\n'), /^partition key .*shard\ncustomer-7 .* (?:low|high)\n$/)
    const entries = JSON.parse(put!)
    t.equal(entries.length, 2, 'one aggregate for each shard')
    t.same(Array.from(deaggregate(entries), (record) => record.text()).sort(), userRecords.map(({ text }) => text).sort())
  },
]

const blocks = blocksOf(readme).filter(({ name }) => /^Command line( \(\d+\))?$/.test(name))

t.test('every block has its outcome here', async (t) => {
  t.same(blocks.map(({ language }) => language), outcomes.map(() => 'sh'))
})

for (const [n, { name, code }] of blocks.entries()) {
  t.test(name, async (t) => {
    const folder = t.testdir()
    const event = { Records: [1, 2, 3].map((n) => ({ eventID: `shardId-0:${n}`, kinesis: { data: aggregate.toString('base64'), partitionKey: 'a', sequenceNumber: String(n) } })) }
    const { records } = loadKplCase('one-record')
    writeFileSync(join(folder, 'event.json'), JSON.stringify(event))
    writeFileSync(join(folder, 'records.ndjson.gz'), gzipSync(ndjson(records.map((record) => ({ ...record, data: record.data.toString('base64') })))))
    writeFileSync(join(folder, 'record.bin'), aggregate)
    writeFileSync(join(folder, 'user-records.ndjson'), ndjson(userRecords))
    writeFileSync(join(folder, 'listed'), JSON.stringify(shards, null, 4))
    // The AWS CLI lists the shards, and shows in one line what it was to put.
    const stands = `
      npx() { [ "$1" = kpl-codec ] && shift && "$NODE" "$CLI" "$@"; }
      aws() { case "$2" in list-shards) cat listed;; put-records) tr -d '\\n' < "\${6#file://}"; echo;; *) exit 9;; esac; }
    `
    const { NODE_OPTIONS: _, NODE_V8_COVERAGE: __, ...env } = process.env
    const stdout = execFileSync('bash', ['-euo', 'pipefail', '-c', stands + code], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...env, NODE: process.execPath, CLI: join(root, 'dist/esm/cli/main.js') },
    })
    outcomes[n]!(t, stdout, folder)
  })
}
