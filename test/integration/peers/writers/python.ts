// The aggregator of awslabs for Python.
import { python } from '../../../../fixtures/toolchain.js'
import { pythonChild } from '../python.js'
import { versionIn } from '../version.js'
import { LIMIT, sized } from './faults.js'
import { type Writer, partOf, writtenOf } from './writer.js'

export const pythonAggregator: Writer = {
  name: `aws_kinesis_agg ${versionIn('python/requirements.txt', 'aws_kinesis_agg')}`,
  toolchain: python,
  faults: [
    {
      what: 'a user record of 1,048,544 to 1,048,563 bytes (its key has one) vanishes: what comes out is an aggregate of nothing',
      why: 'whether it is too large is asked without magic and digest, whether it fits with them; the second answer is not looked at',
      given: [sized(LIMIT - 32)],
      gives: '=(hex f3899ac2d41d8cd98f00b204e9800998ecf8427e)',
    },
    {
      what: 'a Kinesis record can have more than 1 MiB, by its partition key',
      why: "the aggregate's own partition key is not counted",
      given: [sized(LIMIT - 33)],
      gives: 'k=(1,048,543 bytes) in 1,048,577 bytes',
    },
  ],
  start: () => {
    const child = pythonChild('awslabs')
    return { write: async (records) => writtenOf(await child.ask('write', partOf(records))), stop: () => child.stop() }
  },
}
