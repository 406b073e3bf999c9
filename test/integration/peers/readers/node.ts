// The deaggregator of awslabs for Node.
import { type UserRecord, deaggregateSync } from '../aws-kinesis-agg.js'
import { type Read, failed, readingOf } from '../reading.js'
import { versionIn } from '../version.js'
import { borrowsExplicitHashKey } from './faults.js'
import { OUTER_KEY, type Reader } from './reader.js'

const MAGIC = Buffer.from('f3899ac2', 'hex')

export const nodeDeaggregator: Reader = {
  name: `aws-kinesis-agg ${versionIn('../package.json', 'aws-kinesis-agg')}`,
  toolchain: undefined,
  faults: [
    { ...borrowsExplicitHashKey, why: 'an index that is not there is read as 0' },
    {
      what: 'a plain payload that begins with the magic is an error',
      why: 'a wrong digest, and too few bytes for one, are taken for damage; for the KCL they mean that it is no aggregate',
      given: [{ partitionKey: 'a', data: MAGIC }],
      options: { aggregationEnabled: false },
      gives: 'error',
      of: (right) => (right.some(({ aggregated, data }) => !aggregated && data.indexOf(MAGIC) === 0) ? 'error' : right),
    },
  ],
  start: () => ({ read: async (payloads) => payloads.map(read), stop: () => {} }),
}

function read(data: Buffer): Buffer {
  let reading: Buffer | undefined
  // Once for each broken user record, and once more at the end: the first tells.
  deaggregateSync({ data: data.toString('base64'), partitionKey: OUTER_KEY, sequenceNumber: '1' }, true, (error, records = []) => {
    reading ??= error ? failed(error) : readingOf(records.map(readOf))
  })
  return reading!
}

function readOf({ partitionKey, explicitPartitionKey, subSequenceNumber, data }: UserRecord): Read {
  return {
    aggregated: subSequenceNumber !== undefined,
    partitionKey,
    explicitHashKey: explicitPartitionKey,
    subSequenceNumber: subSequenceNumber ?? 0,
    data: Buffer.from(data, 'base64'),
  }
}
