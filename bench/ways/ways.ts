// All ways that run on Node.js, by the case that they are: the star stands for the corpus.
import { npmPeers } from '../peers/npm.js'
import { copyAll, decodeAndDigest, digestAll, passAlong } from './floors.js'
import { askAggregated, readBase64, readBatch, readKeys, readOneByOne, readStream } from './reading.js'
import type { Prepare } from './way.js'
import { writeBatch, writeOneByOne, writeStream } from './writing.js'

export const ownWays: Readonly<Record<string, Prepare>> = {
  'floor/*/md5': digestAll,
  'floor/*/base64-md5': decodeAndDigest,
  'floor/*/copy': copyAll,
  'floor/*/stream': passAlong,
  'read/*/stream': readStream,
  'write/*/stream': writeStream,
  'read/*/batch': readBatch,
  'read/*/keys-only': readKeys,
  'read/*/one-by-one': readOneByOne,
  'read/*/base64': readBase64,
  'read/*/is-aggregated': askAggregated,
  'write/*/batch': writeBatch,
  'write/*/one-by-one': writeOneByOne,
}

/** That of a case, and the name of its corpus. */
export function wayOf(caseName: string): { readonly prepare: Prepare; readonly corpusName: string } | undefined {
  const [what, corpusName, way] = caseName.split('/') as [string, string, string]
  const peer = npmPeers.find(({ name }) => name === way)
  const prepare = peer?.ways[what as 'read' | 'write'] ?? ownWays[`${what}/*/${way}`]
  return prepare && { prepare, corpusName }
}
