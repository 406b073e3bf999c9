// All that a whole run found, for other programs and for the chart.
import { readFileSync, writeFileSync } from 'node:fs'
import { arch, cpus, platform } from 'node:os'
import { SEED } from '../corpora.js'
import { type Corpus, bytesIn } from '../corpus.js'
import { type LeftOut, type Measured, ROUNDS } from '../measure.js'
import { foreignPeers } from '../peers/foreign.js'
import { npmPeers } from '../peers/npm.js'
import type { Spread } from '../spread.js'
import { rates } from './table.js'

/** A finding that is no ratio to a floor. */
export interface Figure extends Spread {
  readonly name: string
  readonly unit: string
}

/** What a user record or a byte costs, the more there are of something. */
export interface Point {
  readonly what: string
  readonly of: string
  readonly count: number
  readonly nsPerRecord: number
  readonly nsPerByte: number
}

export interface Results {
  readonly machine: { readonly package: string; readonly node: string; readonly platform: string; readonly cpu: string; readonly cpus: number }
  readonly method: { readonly seed: number; readonly rounds: number }
  readonly peers: readonly { readonly name: string; readonly title: string }[]
  readonly corpora: CorpusResult[]
  readonly leftOut: LeftOut[]
  readonly figures: Figure[]
  readonly curves: Point[]
}

interface CorpusResult {
  readonly name: string
  readonly title: string
  readonly bytes: number
  readonly userRecords: number
  readonly cases: CaseResult[]
}

export interface CaseResult {
  readonly name: string
  readonly floor: string
  readonly mibPerSecond: number
  readonly nsPerRecord: number
  readonly byCpu: Spread
  readonly byClock: Spread
}

const JSON_FILE = new URL('../results.json', import.meta.url)

export function emptyResults(): Results {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }
  return {
    machine: {
      package: `kpl-codec ${version}`,
      node: process.version,
      platform: `${platform()} ${arch()}`,
      cpu: cpus()[0]?.model ?? 'an unknown CPU',
      cpus: cpus().length,
    },
    method: { seed: SEED, rounds: ROUNDS },
    peers: [...npmPeers, ...foreignPeers].map(({ name, title }) => ({ name, title })),
    corpora: [],
    leftOut: [],
    figures: [],
    curves: [],
  }
}

export function corpusResult({ name, title, payloads, inputs }: Corpus, measured: readonly Measured[]): CorpusResult {
  const bytes = bytesIn(payloads)
  const cases = measured.map((each) => {
    const { rate, perRecord } = rates(each.time.median, bytes, inputs.length)
    return { name: each.name, floor: each.floor, mibPerSecond: rate, nsPerRecord: perRecord, byCpu: each.byCpu, byClock: each.byClock }
  })
  return { name, title, bytes, userRecords: inputs.length, cases }
}

/** Four digits are more than is repeatable; a line for each innermost thing, to be read and compared. */
export function saveResults(results: Results): void {
  const rounded = (_key: string, value: unknown) => (typeof value === 'number' ? Number(value.toPrecision(4)) : value)
  const text = JSON.stringify(results, rounded, 2).replace(/\{[^{}[\]]*\}/g, (flat) => flat.replace(/\s+/g, ' '))
  writeFileSync(JSON_FILE, `${text}\n`)
}
