// Who else reads aggregates.
import { goDeaggregator } from './go.js'
import { googleProtobuf } from './google-protobuf.js'
import { kcls } from './kcl.js'
import { nodeDeaggregator } from './node.js'
import { protobufjs } from './protobufjs.js'
import { pythonDeaggregator } from './python.js'
import type { Reader } from './reader.js'

/** Those that hide aggregates of other shards. */
export const shardReaders = kcls

export const libraries = [protobufjs, googleProtobuf] as const

export const readers: readonly Reader[] = [...kcls, goDeaggregator, pythonDeaggregator, nodeDeaggregator, ...libraries]
