// Faults that readers share.
import type { Read } from '../reading.js'
import type { ReaderFault } from './reader.js'

const mixed: ReaderFault['given'] = [
  { partitionKey: 'a', data: 'one', explicitHashKey: '7' },
  { partitionKey: 'b', data: 'two' },
]

/** proto2's optional field read by its default: index 0, where there is a table to look into. */
export const borrowsExplicitHashKey: Omit<ReaderFault, 'why'> = {
  what: 'a user record without an explicit hash key gets the first one of the aggregate',
  given: mixed,
  options: { groupBy: 'none' },
  gives: 'a#7=one, b#7=two',
  of: (right) => {
    const first = right.find(({ explicitHashKey }) => explicitHashKey !== undefined)?.explicitHashKey
    return right.map((record) => ({ ...record, explicitHashKey: record.explicitHashKey ?? first }))
  },
}

export const losesExplicitHashKeys: Omit<ReaderFault, 'why'> = {
  what: 'explicit hash keys are not handed out',
  given: mixed.slice(0, 1),
  options: { loneRecord: 'wrap' },
  gives: 'a=one',
  of: (right) => right.map((record): Read => ({ ...record, explicitHashKey: undefined })),
}
