// What others' writers write, as kpl-codec reads it.
import { KplError, type UserRecord, deaggregate } from 'kpl-codec'
import { shownList, shownRecord } from './shown.js'
import { LIMIT } from './writers/faults.js'
import type { Entry, Refused } from './writers/writer.js'

/** The user records of each Kinesis record. */
export function readEach(entries: readonly Entry[]): UserRecord<Entry>[][] {
  const read = new Map(entries.map((entry): [Entry, UserRecord<Entry>[]] => [entry, []]))
  // All in one pass, as a consumer would.
  for (const record of deaggregate(entries)) read.get(record.source)!.push(record)
  return [...read.values()]
}

/** What came of user records: refusals, user records, and how large the Kinesis record is that they are in where it is too large. */
export function shownWriting(written: readonly (Refused | Entry)[]): string {
  return shownList(
    written.flatMap((one) => {
      if ('refused' in one) return ['refused']
      const size = one.data.length + Buffer.byteLength(one.partitionKey)
      return size > LIMIT ? [`${shownList(shownEntry(one))} in ${size.toLocaleString('en-US')} bytes`] : shownEntry(one)
    }),
  )
}

function shownEntry(entry: Entry): string[] {
  try {
    return readEach([entry])[0]!.map(shownRecord)
  } catch (error) {
    if (error instanceof KplError) return [error.code]
    throw error
  }
}
