// npm start: every case of genuine KPL records, read, checked, written again by shard,
// read again. Another folder of such cases can be given: npm start -- FOLDER
// Exits with 1 if one record is not as it should be.
import { kplCaseNames, loadKplCase } from '../fixtures/load.js'
import type { UserRecord } from '../lib/index.js'
import { type Account, checkCase } from './check-case.js'

// Until it is known that all is well.
process.exitCode = 1
const folder = process.argv[2]
const accounts: Account[] = []
for (const name of kplCaseNames(folder)) accounts.push(await checkCase(loadKplCase(name, folder)))

console.log('Kinesis records that the KPL wrote: read, checked, written again, read again\n')
const columns = ['case', 'in', 'user records', 'out', 'ratio', 'bytes', 'bytes out', 'bytes saved', 'ms', '']
print([columns, ...accounts.map((account) => row(account.name, [account])), row('total', accounts)])
console.log(`
in, out      Kinesis records as the KPL wrote them, and as kpl-codec writes their user records again by shard
ratio        user records in one Kinesis record that is written
bytes        data and partition keys of the user records that are written; bytes out: of the Kinesis records that are written
bytes saved  by putting these and not each user record by itself, as Kinesis meters on-demand streams: in whole 1,024 bytes
`)
for (const { userRecords } of accounts.slice(0, 3)) {
  const [record] = userRecords.slice(userRecords.length / 2)
  if (record !== undefined) console.log(`sample  ${sample(record)}`)
}

const problems = accounts.flatMap(({ name, differences }) => differences.map((line) => `${name}: ${line}`))
for (const problem of problems.slice(0, 20)) console.error(problem)
console.log(problems.length === 0 ? '\nEvery record is as it should be.' : `\n${problems.length} differences.`)
process.exitCode = problems.length === 0 ? 0 : 1

function row(name: string, list: readonly Account[]): string[] {
  const sum = (of: (account: Account) => number) => list.reduce((total, account) => total + of(account), 0)
  const written = list.flatMap(({ entries }) => entries.flatMap(({ userRecords }) => userRecords))
  const sizes = written.map(({ data, partitionKey }) => data.length + Buffer.byteLength(partitionKey))
  const entrySizes = list.flatMap(({ entries }) => entries.map(({ size }) => size))
  const numbers = [
    number(sum(({ kinesisRecords }) => kinesisRecords)),
    number(sum(({ userRecords }) => userRecords.length)),
    number(entrySizes.length),
    (sizes.length / entrySizes.length).toFixed(1),
    number(total(sizes)),
    number(total(entrySizes)),
    number(total(sizes.map(metered)) - total(entrySizes.map(metered))),
    sum(({ milliseconds }) => milliseconds).toFixed(0),
  ]
  const wrong = sum(({ differences }) => differences.length)
  const refused = sum((account) => account.refused)
  const remark = refused === 0 ? '' : `, ${refused} refused: Kinesis would not take their keys`
  return [name, ...numbers, (wrong === 0 ? 'ok' : `${wrong} differences`) + remark]
}

function total(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0)
}

function metered(size: number): number {
  return Math.ceil(size / 1024) * 1024
}

function sample(record: UserRecord): string {
  const { partitionKey, explicitHashKey, sequenceNumber, subSequenceNumber } = record
  const keys = `${partitionKey}${explicitHashKey === undefined ? '' : ` (${explicitHashKey})`}`
  return `…${sequenceNumber.slice(-8)} #${subSequenceNumber}  ${keys}  ${record.text().slice(0, 60)}…`
}

function number(value: number): string {
  return value.toLocaleString('en-US')
}

/** Columns as wide as they need to be; numbers to the right. */
function print(table: string[][]): void {
  const widths = table[0]!.map((_, n) => Math.max(...table.map((cells) => cells[n]!.length)))
  for (const cells of table) {
    const padded = cells.map((cell, n) => (n === 0 || n === cells.length - 1 ? cell.padEnd(widths[n]!) : cell.padStart(widths[n]!)))
    console.log(padded.join('  ').trimEnd())
  }
}
