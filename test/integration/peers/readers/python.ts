// The deaggregator of awslabs for Python.
import { python } from '../../../../fixtures/toolchain.js'
import { pythonChild } from '../python.js'
import { versionIn } from '../version.js'
import { borrowsExplicitHashKey } from './faults.js'
import type { Reader } from './reader.js'

export const pythonDeaggregator: Reader = {
  name: `aws_kinesis_agg ${versionIn('python/requirements.txt', 'aws_kinesis_agg')}`,
  toolchain: python,
  faults: [{ ...borrowsExplicitHashKey, why: 'an index that is not there is read as 0' }],
  start: () => {
    const child = pythonChild('awslabs')
    return { read: (payloads) => child.ask('read', ...payloads), stop: () => child.stop() }
  },
}
