// What a reader gives for one Kinesis record, in a form that every language can make and that compares byte by byte:
// parts, the first 'ok' or why not, then five for each user record.
import { joined, split } from '../../../fixtures/parts.js'

export interface Read {
  readonly aggregated: boolean
  readonly partitionKey: string
  readonly explicitHashKey: string | undefined
  readonly subSequenceNumber: number
  readonly data: Buffer
}

/** What came of one Kinesis record. */
export type Outcome = readonly Read[] | 'error'

const OK = Buffer.from('ok')
const NO = Buffer.from('0')
const YES = Buffer.from('1')
const NONE = Buffer.alloc(0)

export function readingOf(records: Iterable<Read>): Buffer {
  const parts: Buffer[] = [OK]
  for (const { aggregated, partitionKey, explicitHashKey, subSequenceNumber, data } of records) {
    const explicit = explicitHashKey === undefined ? NONE : Buffer.from(`+${explicitHashKey}`)
    parts.push(aggregated ? YES : NO, Buffer.from(partitionKey), explicit, Buffer.from(String(subSequenceNumber)), data)
  }
  return joined(parts)
}

export function failed(error: unknown): Buffer {
  return joined([Buffer.from(String(error))])
}

/** @throws Error what the reader threw. */
export function recordsOf(reading: Buffer): Read[] {
  const [verdict, ...parts] = split(reading)
  if (!verdict!.equals(OK)) throw new Error(String(verdict))
  return Array.from({ length: parts.length / 5 }, (_, n) => {
    const [aggregated, key, explicit, subSequenceNumber, data] = parts.slice(5 * n, 5 * n + 5) as [Buffer, Buffer, Buffer, Buffer, Buffer]
    return {
      aggregated: aggregated.equals(YES),
      partitionKey: String(key),
      explicitHashKey: explicit.length === 0 ? undefined : String(explicit.subarray(1)),
      subSequenceNumber: Number(subSequenceNumber),
      data,
    }
  })
}

export function outcomeOf(reading: Buffer): Outcome {
  try {
    return recordsOf(reading)
  } catch {
    return 'error'
  }
}
