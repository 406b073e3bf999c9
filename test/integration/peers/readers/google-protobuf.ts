// Google's protobuf, for Python.
import { python } from '../../../../fixtures/toolchain.js'
import { pythonChild } from '../python.js'
import { versionIn } from '../version.js'
import { type RunningLibrary, type Seen, messageIn, readWith } from './protobuf.js'
import type { Reader } from './reader.js'

export const googleProtobuf: Reader & { start(): RunningLibrary } = {
  name: `Google's protobuf ${versionIn('python/requirements.txt', 'protobuf')}`,
  toolchain: python,
  faults: [],
  start: () => {
    const child = pythonChild('google_protobuf')
    return {
      read: (payloads) => readWith(payloads, (messages) => child.ask('read', ...messages)),
      see: async (payloads) => {
        const seen = await child.ask('see', ...payloads.map((data) => messageIn(data)!))
        return payloads.map((_, n) => ({ tags: JSON.parse(String(seen[2 * n])) as Seen['tags'], again: seen[2 * n + 1]! }))
      },
      stop: () => child.stop(),
    }
  },
}
