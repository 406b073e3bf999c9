// What is printed while it goes on.
import { type Corpus, bytesIn } from '../corpus.js'
import type { Measured } from '../measure.js'
import { shown } from '../spread.js'
import { targetOf } from './budgets.js'

export function printTable(corpus: Corpus, measured: readonly Measured[]): void {
  console.log(columns('case', 'MiB/s', 'ns/record', 'ratio by CPU time', 'ratio by the clock', 'target'))
  const bytes = bytesIn(corpus.payloads)
  for (const each of measured) {
    const { name, time, byCpu, byClock } = each
    const { rate, perRecord } = rates(time.median, bytes, corpus.inputs.length)
    console.log(columns(name, rate.toFixed(0), perRecord.toFixed(perRecord < 10 ? 1 : 0), shown(byCpu), shown(byClock), targetOf(each)))
  }
}

/** MiB of Kinesis records' data a second, and nanoseconds a user record. */
export function rates(milliseconds: number, bytes: number, records: number): { rate: number; perRecord: number } {
  return { rate: bytes / 2 ** 20 / (milliseconds / 1_000), perRecord: (milliseconds * 1e6) / records }
}

function columns(name: string, rate: string, perRecord: string, byCpu: string, byClock: string, target: string): string {
  return `${name.padEnd(36)}${rate.padStart(7)}${perRecord.padStart(11)}${byCpu.padStart(24)}${byClock.padStart(24)}  ${target}`.trimEnd()
}
