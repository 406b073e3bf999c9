// npm start finds every record as it should be, and fails where one is not.
import { spawnSync } from 'node:child_process'
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync, gzipSync } from 'node:zlib'
import t, { type Test } from 'tap'
import { checkCase } from '../examples/check-case.js'
import { fixturesFolder } from '../fixtures/files.js'
import { type KplCase, kplCaseNames, loadKplCase } from '../fixtures/load.js'

t.test('every record of every case is as it should be', async (t) => {
  for (const name of kplCaseNames()) {
    const { differences, userRecords, entries, refused } = await checkCase(loadKplCase(name))
    t.strictSame(differences.slice(0, 5), [], name)
    t.ok(entries.length < userRecords.length, `${name}: fewer Kinesis records than user records`)
    t.equal(refused, name === 'lookalikes' ? 14 : 0, `${name}: only keys that Kinesis refuses are refused`)
  }
})

const kplCase = loadKplCase('kpl11-user-partition-key')

/** The case with one element of one of its lists changed, or left out. */
function altered<K extends 'records' | 'userRecords' | 'sent'>(list: K, change: (element: KplCase[K][number]) => object | undefined): KplCase {
  const copy: object[] = [...kplCase[list]]
  const element = change(kplCase[list][7]!)
  copy.splice(7, 1, ...(element === undefined ? [] : [element]))
  return { ...kplCase, [list]: copy }
}

function flipped(data: Buffer, at = 30): Buffer {
  const copy = Buffer.from(data)
  copy[at]! ^= 1
  return copy
}

const alterations: [string, KplCase][] = [
  ['a bit of an aggregate', altered('records', (record) => ({ ...record, data: flipped(record.data) }))],
  ['a bit of a digest', altered('records', (record) => ({ ...record, data: flipped(record.data, record.data.length - 1) }))],
  ['a Kinesis record that is missing', altered('records', () => undefined)],
  ['a bit of what the KCL gave', altered('userRecords', (record) => ({ ...record, data: flipped(record.data) }))],
  ['a partition key', altered('userRecords', (record) => ({ ...record, partitionKey: `${record.partitionKey} ` }))],
  ['an explicit hash key that should not be there', altered('userRecords', (record) => ({ ...record, explicitHashKey: '0' }))],
  ['a sub-sequence number', altered('userRecords', (record) => ({ ...record, subSequenceNumber: record.subSequenceNumber + 1 }))],
  ['another Kinesis record', altered('userRecords', (record) => ({ ...record, record: record.record + 1 }))],
  ['aggregated or not', altered('userRecords', (record) => ({ ...record, aggregated: !record.aggregated }))],
  ['a user record that the KCL did not give', altered('userRecords', () => undefined)],
  ['a bit of what was sent', altered('sent', (record) => ({ ...record, data: flipped(record.data) }))],
  ['a user record that was not sent', altered('sent', () => undefined)],
]

for (const [name, altered] of alterations) {
  t.test(`one thing that differs is told: ${name}`, async (t) => {
    t.ok((await checkCase(altered)).differences.length > 0)
  })
}

/** A folder of one small case, as the main job takes it. */
function folderOfOneCase(t: Test, change: (userRecords: string) => string): string {
  const folder = t.testdir()
  for (const kind of ['records', 'sent', 'user-records']) {
    cpSync(join(fixturesFolder, 'kpl', `one-record.${kind}.ndjson.gz`), join(folder, `one-record.${kind}.ndjson.gz`))
  }
  const manifest = JSON.parse(readFileSync(join(fixturesFolder, 'kpl/manifest.json'), 'utf8')) as { cases: Record<string, unknown> }
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ cases: { 'one-record': manifest.cases['one-record'] } }))
  const expected = join(folder, 'one-record.user-records.ndjson.gz')
  writeFileSync(expected, gzipSync(change(gunzipSync(readFileSync(expected)).toString())))
  return folder
}

/** The command itself. */
function run(folder: string) {
  return spawnSync(process.execPath, [fileURLToPath(new URL('../examples/main-job.js', import.meta.url)), folder], { encoding: 'utf8' })
}

t.test('the command ends with 0 and an account', async (t) => {
  const { status, stdout, stderr } = run(folderOfOneCase(t, (lines) => lines))
  t.notMatch(stderr, /one-record/)
  t.match(stdout, /^one-record +40 +40 +\d+ +\d+\.\d .* ok$/m)
  t.match(stdout, /^total +40 +40 /m)
  t.match(stdout, /^sample .*{"event":/m)
  t.match(stdout, /Every record is as it should be/)
  t.equal(status, 0)
})

t.test('the command ends with 1 if one record differs', async (t) => {
  const { status, stdout, stderr } = run(folderOfOneCase(t, (lines) => lines.replace('"partitionKey":"key-7"', '"partitionKey":"key-8"')))
  t.match(stderr, /one-record: user record 7: partitionKey is "key-7", not "key-8"/)
  t.match(stdout, /1 differences/)
  t.equal(status, 1)
})
