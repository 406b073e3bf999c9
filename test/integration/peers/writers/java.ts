// The aggregator of awslabs for Java.
import { createHash } from 'node:crypto'
import { java } from '../../../../fixtures/toolchain.js'
import { javaChild } from '../java.js'
import { versionIn } from '../version.js'
import { LIMIT, sized, text } from './faults.js'
import { type Writer, partOf, writtenOf } from './writer.js'

export const javaAggregator: Writer = {
  name: `amazon-kinesis-aggregator ${versionIn('java/aggregator/pom.xml', 'amazon-kinesis-aggregator')}`,
  toolchain: java,
  faults: [
    {
      what: 'a user record without an explicit hash key gets one',
      why: 'it writes the MD5 of the partition key, which is where the record belongs anyhow; about 44 bytes a key',
      given: [text('a', 'one')],
      gives: 'a#16955237001963240173058271559858726497=one',
      of: (group) => group.map((record) => ({ ...record, explicitHashKey: record.explicitHashKey ?? md5Of(record.partitionKey) })),
    },
    {
      what: 'a partition key that Kinesis takes is refused',
      why: 'it allows 256 UTF-16 units, and a character can have two',
      given: [text('😀'.repeat(129), 'one')],
      gives: 'refused',
      refuses: ({ partitionKey }) => partitionKey.length > 256,
    },
    {
      what: 'a Kinesis record can have more than 1 MiB, by up to 276 bytes',
      why: "the aggregate's own partition key is not counted, nor, for its first user record, magic and digest",
      given: [sized(LIMIT - 76)],
      gives: 'k#187279361568289349169310600456257773043=(1,048,500 bytes) in 1,048,577 bytes',
    },
    {
      what: 'with other keys than ASCII it can have far more',
      why: 'it counts UTF-16 units, and writes UTF-8',
      given: [sized(LIMIT - 332, '水'.repeat(256))],
      gives: '256 × 水#195977114268695416518314345015331401654=(1,048,244 bytes) in 1,049,856 bytes',
    },
    {
      what: 'a user record that is refused for its size takes those with it that wait, unless there is a listener',
      why: 'what was full is not returned, for there is an exception in its place; only a listener gets it',
      given: [text('a', 'one'), sized(LIMIT - 40)],
      gives: 'refused',
    },
  ],
  start: () => {
    const child = javaChild('aggregator', 'Aggregator')
    return { write: async (records) => writtenOf(await child.ask('write', partOf(records))), stop: () => child.stop() }
  },
}

function md5Of(key: string): string {
  return String(BigInt(`0x${createHash('md5').update(key).digest('hex')}`))
}
