// Who else writes aggregates.
import { a8mProducer } from './a8m.js'
import { javaAggregator } from './java.js'
import { nodeAggregator } from './node.js'
import { pythonAggregator } from './python.js'
import type { Writer } from './writer.js'

export const writers: readonly Writer[] = [javaAggregator, pythonAggregator, nodeAggregator, a8mProducer]
