// The deaggregators of the Amazon Kinesis Client Library for Java.
import { java } from '../../../../fixtures/toolchain.js'
import { javaChild } from '../java.js'
import { versionIn } from '../version.js'
import type { ShardReader } from './reader.js'

const LAST_HASH_KEY = String(2n ** 128n - 1n)

export const kcls: readonly ShardReader[] = [kcl('kcl3', 'Kcl3'), kcl('kcl2', 'Kcl3'), kcl('kcl1', 'Kcl1')]

function kcl(module: string, main: string): ShardReader {
  return {
    name: `KCL ${versionIn(`java/${module}/pom.xml`, 'amazon-kinesis-client')}`,
    toolchain: java,
    faults: [],
    start: () => {
      const child = javaChild(module, main)
      const readInRange = (payloads: readonly Buffer[], first: string, last: string) => {
        return child.ask('read', Buffer.from(first), Buffer.from(last), ...payloads)
      }
      return { read: (payloads) => readInRange(payloads, '0', LAST_HASH_KEY), readInRange, stop: () => child.stop() }
    },
  }
}
