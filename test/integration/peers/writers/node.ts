// The aggregator of awslabs for Node.
import { RecordAggregator } from '../aws-kinesis-agg.js'
import type { Given } from '../given.js'
import { versionIn } from '../version.js'
import { LIMIT, sized, text } from './faults.js'
import type { Entry, Refused, Writer } from './writer.js'

export const nodeAggregator: Writer = {
  name: `aws-kinesis-agg ${versionIn('../package.json', 'aws-kinesis-agg')}`,
  toolchain: undefined,
  faults: [
    {
      what: 'keys that look like integers change places',
      why: 'its table is an object, and objects give such names first and in the order of their values',
      given: [text('1', 'one'), text('0', 'two')],
      gives: '0=one, 1=two',
      of: (group) => {
        const keys = tableOf(group.map(({ partitionKey }) => partitionKey))
        const explicitKeys = tableOf(group.flatMap(({ explicitHashKey }) => explicitHashKey ?? []))
        return group.map((record) => {
          const { partitionKey, explicitHashKey } = record
          return { ...record, partitionKey: keys.get(partitionKey)!, explicitHashKey: explicitHashKey && explicitKeys.get(explicitHashKey) }
        })
      },
    },
    {
      what: 'the partition key `__proto__` is not written, so that the aggregate cannot be read',
      why: 'its table is an object, of which this is no property of its own',
      given: [text('__proto__', 'one')],
      gives: 'ERR_KPL_MALFORMED',
      avoids: ({ partitionKey }) => partitionKey === '__proto__',
    },
    {
      what: 'after the partition key `hasOwnProperty` every user record is refused until the aggregate leaves',
      why: 'its table is an object, of which it calls this as a method',
      given: [text('hasOwnProperty', 'one'), text('b', 'two')],
      gives: 'refused, hasOwnProperty=one',
      avoids: ({ partitionKey }) => partitionKey === 'hasOwnProperty',
    },
    {
      what: 'a Kinesis record can have more than 1 MiB, by its partition key',
      why: "the aggregate's own partition key is not counted",
      given: [sized(LIMIT - 33)],
      gives: 'k=(1,048,543 bytes) in 1,048,577 bytes',
    },
    {
      what: 'it can be larger again by about as much where an aggregate was full before',
      why: 'the user record that begins the next is measured with the keys of the one before',
      given: [text('k', 'one'), sized(LIMIT - 32)],
      gives: 'k=one, k=(1,048,544 bytes) in 1,048,578 bytes',
    },
    {
      what: 'with other keys than ASCII it can have far more',
      why: 'it counts UTF-16 units, and writes UTF-8',
      given: [sized(LIMIT - 332, '水'.repeat(256))],
      gives: '256 × 水=(1,048,244 bytes) in 1,049,813 bytes',
    },
  ],
  start: () => ({ write: async (records) => write(records), stop: () => {} }),
}

function write(records: readonly Given[]): (Refused | Entry)[] {
  const written: (Refused | Entry)[] = []
  const aggregator = new RecordAggregator()
  const take: Parameters<typeof aggregator.flushBufferedRecords>[0] = (error, encoded) => {
    if (error) written.push({ refused: String(error) })
    else if (encoded) written.push({ ...encoded, explicitHashKey: encoded.ExplicitHashKey })
  }
  for (const { partitionKey, explicitHashKey, data } of records) {
    try {
      aggregator.aggregateRecords([{ partitionKey, explicitHashKey, data }], false, take)
    } catch (error) {
      written.push({ refused: String(error) })
    }
  }
  aggregator.flushBufferedRecords(take)
  return written
}

/** Which key stands where another one was meant. */
function tableOf(keys: readonly string[]): Map<string, string> {
  const meant = [...new Set(keys)]
  const table = Object.keys(Object.fromEntries(meant.map((key) => [key, true])))
  return new Map(meant.map((key, n) => [key, table[n]!]))
}
