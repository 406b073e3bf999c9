// What is measured, by name: the star stands for the corpus.
import { peers } from './peers/peers.js'
import { copyAll, decodeAndDigest, digestAll, passAlong } from './ways/floors.js'
import { askAggregated, readBase64, readBatch, readKeys, readOneByOne, readStream } from './ways/reading.js'
import type { Prepare } from './ways/way.js'
import { writeBatch, writeOneByOne, writeStream } from './ways/writing.js'

export interface Case {
  readonly name: string
  /** The case that it is held against, timed right before it. */
  readonly floor: string
  /** Who does it, where not kpl-codec. */
  readonly peer?: string
  readonly prepare: Prepare
}

const MD5 = 'floor/*/md5'
const BASE64 = 'floor/*/base64-md5'

const WAYS: Readonly<Record<string, Prepare>> = {
  [MD5]: digestAll,
  [BASE64]: decodeAndDigest,
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

/** In the corpora of one user record a Kinesis record, there are enough of them to time what is over so soon. */
const ASKED = ['lone', 'plain']
/** There is nothing to do for a peer. */
const WITHOUT_PEERS = ['plain']

/** Those of a corpus that are asked for, and what they are held against. */
export function wantedCases(corpusName: string, isWanted: (name: string) => boolean): Case[] {
  const all = casesOf(corpusName)
  const needed = new Set(all.filter(({ name }) => isWanted(name)).flatMap(({ name, floor }) => [name, floor]))
  return all.filter(({ name }) => needed.has(name))
}

function casesOf(corpusName: string): Case[] {
  const own = Object.entries(WAYS)
    .filter(([way]) => way !== 'read/*/is-aggregated' || ASKED.includes(corpusName))
    .map(([way, prepare]) => caseOf(corpusName, way, { prepare }))
  const others = peers.flatMap(({ name, ways }) =>
    Object.entries(ways).map(([what, prepare]) => caseOf(corpusName, `${what}/*/${name}`, { peer: name, prepare })),
  )
  return WITHOUT_PEERS.includes(corpusName) ? own : [...own, ...others]
}

function caseOf(corpusName: string, way: string, rest: Pick<Case, 'peer' | 'prepare'>): Case {
  const named = (text: string) => text.replace('*', corpusName)
  return { name: named(way), floor: named(way.endsWith('base64') ? BASE64 : MD5), ...rest }
}
