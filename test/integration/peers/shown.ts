// User records as a line of text, for the documents and for what is told where something is wrong.
import type { UserRecordInput } from 'kpl-codec'
import type { Outcome, Read } from './reading.js'

type Shown = Pick<UserRecordInput, 'partitionKey' | 'explicitHashKey' | 'data'>

/** `key#explicitHashKey=data`, what is long by its length. */
export function shownRecord({ partitionKey, explicitHashKey, data }: Shown): string {
  const explicit = explicitHashKey === undefined ? '' : `#${explicitHashKey}`
  return `${shownText(partitionKey)}${explicit}=${shownData(Buffer.from(data as Uint8Array))}`
}

export function shownRecords(records: readonly Shown[]): string {
  return shownList(records.map(shownRecord))
}

export function shownOutcome(outcome: Outcome): string {
  if (outcome === 'error') return outcome
  return outcome.length === 0 ? 'nothing' : shownRecords(outcome)
}

/** What is the same is told once, with how often. */
export function shownList(list: readonly string[]): string {
  const starts = list.flatMap((text, n) => (text === list[n - 1] ? [] : [n]))
  const runs = starts.map((start, n) => [list[start]!, (starts[n + 1] ?? list.length) - start] as const)
  return runs.map(([text, times]) => (times === 1 ? text : `${times.toLocaleString('en-US')} × ${text}`)).join(', ')
}

/** Where an outcome parts from what is expected; `undefined` where it does not. */
export function differenceOf(outcome: Outcome, expected: Outcome): string | undefined {
  if (outcome === 'error' || expected === 'error') {
    return outcome === expected ? undefined : `${shownShortly(outcome)} in place of ${shownShortly(expected)}`
  }
  const n = expected.findIndex((record, n) => outcome[n] === undefined || !isSame(outcome[n], record))
  if (n >= 0) return `user record ${n} is ${outcome[n] ? shownFully(outcome[n]) : 'missing'} in place of ${shownFully(expected[n]!)}`
  return outcome.length === expected.length ? undefined : `${outcome.length} user records in place of ${expected.length}`
}

/** Field by field, for those of a UserRecord are accessors of its prototype. */
function isSame(one: Read, other: Read): boolean {
  const fields = ['aggregated', 'partitionKey', 'explicitHashKey', 'subSequenceNumber'] as const
  return fields.every((field) => one[field] === other[field]) && one.data.equals(other.data)
}

function shownShortly(outcome: Outcome): string {
  return outcome === 'error' ? outcome : `${outcome.length} user records`
}

function shownFully(record: Read): string {
  return `${record.aggregated ? 'aggregated' : 'plain'} ${record.subSequenceNumber} ${shownRecord(record)}`
}

function shownText(text: string): string {
  const points = [...text]
  const same = points.every((point) => point === points[0])
  return points.length <= 40 ? text : same ? `${points.length} × ${points[0]}` : `(${points.length} characters)`
}

function shownData(data: Buffer): string {
  if (data.length > 40) return `(${data.length.toLocaleString('en-US')} bytes)`
  return /^[\x20-\x7e]*$/.test(data.toString('latin1')) ? data.toString('latin1') : `(hex ${data.toString('hex')})`
}
