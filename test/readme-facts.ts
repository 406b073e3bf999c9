// What the README tells beside its examples is so: codes, options and defaults, members, links, commands, figures.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { kplCaseNames, loadKplCase, loadPeerBugs } from '../fixtures/load.js'
import { lastParameterMembersOf, literalsOf, membersOf } from '../fixtures/public-types.js'
import { type Table, anchorsOf, blocksOf, linksOf, namesIn, readme, root, tablesOf } from '../fixtures/readme.js'
import { recordMaxBufferedTimeOf, writingOptions } from '../lib/aggregate/options.js'
import { readingOptions } from '../lib/deaggregate/options.js'
import * as api from '../lib/index.js'
import * as lambda from '../lib/lambda/index.js'
import { batchOptions } from '../lib/lambda/options.js'

const tables = tablesOf(readme)
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const changelog = readFileSync(join(root, 'CHANGELOG.md'), 'utf8')

t.test('the table of error codes has every code, each once, with causes and a remedy', async (t) => {
  const { rows } = tableUnder('Errors')
  t.same(rows.flatMap(([code]) => namesIn(code!)).sort(), literalsOf('KplErrorCode').sort())
  t.same(rows.filter((cells) => cells.length !== 3 || cells.includes('')), [])
})

t.test('the tables of options have every option, each once, and no other', async (t) => {
  const both = optionsUnder('Both streams')
  t.same(optionsUnder('Reading: `deaggregate`, `DeaggregateStream`'), membersOf('DeaggregateOptions').sort())
  t.same([...optionsUnder('Reading: `deaggregate`, `DeaggregateStream`'), ...both].sort(), membersOf('DeaggregateStreamOptions').sort())
  t.same([...optionsUnder('Writing: `aggregate`, `Aggregator`, `AggregateStream`'), ...both].sort(), membersOf('AggregateStreamOptions').sort())
  t.same(optionsUnder('Lambda: `processBatch`'), membersOf('ProcessBatchOptions').sort())
  t.same(optionsUnder('`putRecordsBatches(entries, limits)`'), lastParameterMembersOf('putRecordsBatches').sort())
})

t.test('the defaults in the tables are those of the code', async (t) => {
  const { map: _, ...writing } = writingOptions()
  t.same(defaultsUnder('Reading: `deaggregate`, `DeaggregateStream`'), asText({ ...readingOptions() }))
  t.same(defaultsUnder('Writing: `aggregate`, `Aggregator`, `AggregateStream`'), asText({
    ...writing,
    onRejected: undefined,
    recordMaxBufferedTime: String(recordMaxBufferedTimeOf({})),
  }))
  const { onError: _log, ...batch } = batchOptions({})
  t.match(defaultsUnder('Lambda: `processBatch`'), asText({ ...batch, onError: 'console.error', onHidden: '' }))
  const shards = [{ ShardId: 's', HashKeyRange: { StartingHashKey: '0', EndingHashKey: String((1n << 128n) - 1n) } }]
  t.match(rowOf('groupBy')[1], `\`'${writingOptions({ shards }).groupBy}'\` with \`shards\``)
  t.equal(writingOptions({ maxRecordSize: 1000 }).aggregationMaxSize, 1000, 'the smaller one')

  const stream = new api.DeaggregateStream()
  t.same(defaultsUnder('Both streams'), asText({
    highWaterMark: new api.AggregateStream().writableHighWaterMark,
    readableHighWaterMark: stream.readableHighWaterMark,
    writableHighWaterMark: stream.writableHighWaterMark,
    signal: undefined,
    autoDestroy: true,
    emitClose: true,
  }))

  const entries = (count: number, size: number) => Array.from({ length: count }, () => ({ Data: Buffer.alloc(size - 1), PartitionKey: 'k' }))
  const limits = defaultsUnder('`putRecordsBatches(entries, limits)`')
  const [largest] = api.putRecordsBatches(entries(600, 1))
  t.equal(String(largest!.length), limits.maxCount)
  const half = Number(limits.maxSize) / 2
  t.same(Array.from(api.putRecordsBatches(entries(3, half)), (batch) => batch.length), [2, 1])
  t.same(Array.from(api.putRecordsBatches(entries(3, half + 1)), (batch) => batch.length), [1, 1, 1])
})

t.test('the table of a user record has all its members', async (t) => {
  const named = tableUnder('What can be read').rows.flatMap(([member]) => namesIn(member!))
  t.same(named.map((name) => name.replace('()', '')).sort(), membersOf('UserRecord').sort())
})

t.test('everything that the package exports is told of', async (t) => {
  t.same([...Object.keys(api), ...Object.keys(lambda)].filter((name) => !new RegExp(`\\b${name}\\b`).test(readme)), [])
})

t.test('links lead to what is there', async (t) => {
  const dead = linksOf(readme).filter((target) => {
    if (target.startsWith('https://')) return false
    const [page, anchor] = target.split('#') as [string, string?]
    const file = join(root, page || 'README.md')
    return !existsSync(file) || (anchor !== undefined && !anchorsOf(readFileSync(file, 'utf8')).includes(anchor))
  })
  t.same(dead, [])
  t.ok(linksOf(readme).length > 10, 'there are links')
})

t.test('the commands, versions and names are those of package.json', async (t) => {
  const shell = blocksOf(readme).filter(({ language }) => language === 'sh').map(({ code }) => code).join('')
  const scripts = Array.from(shell.matchAll(/npm (?:run (\S+)|(start|test))/g), ([, run, own]) => (run ?? own)!)
  t.same(scripts, ['start', 'test'])
  t.same(scripts.filter((name) => !(name in manifest.scripts)), [])
  t.match(readme, `npm install ${manifest.name}\``)
  t.match(shell, `npm install ../${manifest.name}/`)
  t.match(readme, `${manifest.name}-${manifest.version}.tgz`)
  t.match(readme, `Node.js ${manifest.engines.node.replace('>=', '')} or newer`)
  t.match(changelog, `\n## ${manifest.version}`)
})

t.test('every genuine aggregate begins as the README says', async (t) => {
  const beginnings = kplCaseNames().filter((name) => name !== 'lookalikes').flatMap((name) => {
    const { records, userRecords } = loadKplCase(name)
    const aggregates = new Set(userRecords.filter(({ aggregated }) => aggregated).map(({ record }) => records[record]!.data))
    return Array.from(aggregates, (data) => `${data.toString('base64').slice(0, 6)} ${data.toString('hex', 0, 4)} ${data.toString().slice(0, 2)}`)
  })
  t.ok(beginnings.length > 400)
  t.same([...new Set(beginnings)], ['84mawg f3899ac2 ��'])
  t.match(readme, '`84mawg` (base64), with the bytes `F3 89 9A C2` or, read as text, with `��`')
})

t.test('the figures on lost records are those of the two reshards', async (t) => {
  const lost = (name: string) => {
    const { sent, userRecordsInRange } = loadKplCase(name)
    const delivered = sent.filter(({ successful }) => successful)
    const seen = new Set(userRecordsInRange.map(textOf))
    t.equal(new Set(delivered.map(textOf)).size, delivered.length, 'each is told from the others')
    t.equal(delivered.length, sent.length, 'all were reported as delivered')
    return { delivered: delivered.length, missing: delivered.filter((record) => !seen.has(textOf(record))).length }
  }
  t.same(lost('reshard'), { delivered: 2400, missing: 12 })
  t.same(lost('kpl11-reshard'), { delivered: 2400, missing: 0 })
  t.match(readme, 'Both are 2,400 user records')
  t.match(readme, '**12 user records are missing**')
  t.match(readme, 'again: none is missing')
})

t.test('the faults of aws-kinesis-agg are among the fixtures', async (t) => {
  const bugs = loadPeerBugs().filter(({ writer }) => writer === 'node-4.2.8')
  const told = ['integer-like partition keys', '__proto__', 'hasOwnProperty', 'UTF-16 units']
  t.same(told.filter((words) => !bugs.some(({ bug }) => bug.includes(words))), [])
  const [record] = bugs.find(({ bug }) => bug.includes('UTF-16'))!.output
  t.match(readme, `a record of ${record!.bytes!.toLocaleString('en-US')} bytes`)
})

// ---------- reading the tables

function tableUnder(heading: string): Table {
  const found = tables.filter((table) => table.heading === heading)
  if (found.length !== 1) throw new Error(`${found.length} tables under "${heading}"`)
  return found[0]!
}

function optionsUnder(heading: string): string[] {
  return tableUnder(heading).rows.flatMap(([names]) => namesIn(names!)).sort()
}

function rowOf(option: string): readonly string[] {
  return tables.flatMap(({ rows }) => rows).find(([names]) => names === `\`${option}\``)!
}

/** The first word of each default: a number without its commas, a text without its quotes. */
function defaultsUnder(heading: string): Record<string, string> {
  const pairs = tableUnder(heading).rows.flatMap(([names, value]) =>
    namesIn(names!).map((name) => [name, value!.replace(/[`',]|;.*/g, '')] as const),
  )
  return Object.fromEntries(pairs)
}

function asText(defaults: object): Record<string, string> {
  return Object.fromEntries(Object.entries(defaults).map(([name, value]) => [name, value === undefined ? 'none' : String(value)]))
}

function textOf({ partitionKey, data }: { partitionKey: string; data: Buffer }): string {
  return `${partitionKey} ${data.toString('base64')}`
}
