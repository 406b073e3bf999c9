// What is measured, by name: the star stands for the corpus.
import { ownProcess } from './own-process.js'
import { foreignPeers } from './peers/foreign.js'
import { npmPeers } from './peers/npm.js'
import type { PrepareTimed } from './ways/way.js'
import { ownWays } from './ways/ways.js'

export interface Case {
  readonly name: string
  /** The case that it is held against, timed right before it. */
  readonly floor: string
  /** Who does it, where not kpl-codec. */
  readonly peer?: string
  readonly prepare: PrepareTimed
}

const MD5 = 'floor/*/md5'
const BASE64 = 'floor/*/base64-md5'

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
  const own = Object.keys(ownWays)
    .filter((way) => way !== 'read/*/is-aggregated' || ASKED.includes(corpusName))
    .map((way) => caseOf(corpusName, way))
  if (WITHOUT_PEERS.includes(corpusName)) return own
  const npm = npmPeers.flatMap(({ name, ways }) => Object.keys(ways).map((what) => caseOf(corpusName, `${what}/*/${name}`, name)))
  const foreign = foreignPeers.flatMap(({ name, ways }) =>
    Object.entries(ways).map(([what, prepare]) => caseOf(corpusName, `${what}/*/${name}`, name, prepare)),
  )
  return [...own, ...npm, ...foreign]
}

function caseOf(corpusName: string, way: string, peer?: string, prepare?: PrepareTimed): Case {
  const named = (text: string) => text.replace('*', corpusName)
  const name = named(way)
  return { name, floor: named(way.endsWith('base64') ? BASE64 : MD5), ...(peer !== undefined && { peer }), prepare: prepare ?? (() => ownProcess(name)) }
}
