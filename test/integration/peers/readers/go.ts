// The deaggregator of awslabs for Go, with Google's protobuf inside.
import { go } from '../../../../fixtures/toolchain.js'
import { goChild } from '../go.js'
import { versionIn } from '../version.js'
import { losesExplicitHashKeys } from './faults.js'
import type { Reader } from './reader.js'

export const goDeaggregator: Reader = {
  name: `kinesis-aggregation/go ${versionIn('go/go.mod', 'kinesis-aggregation/go')}`,
  toolchain: go,
  faults: [{ ...losesExplicitHashKeys, why: 'it gives records of the SDK, which have no place for one' }],
  start: () => {
    const child = goChild('deaggregator')
    return { read: (payloads) => child.ask('read', ...payloads), stop: () => child.stop() }
  },
}
