// Every way of going through a corpus, by name: the star stands for the corpus.
import type { Corpus } from './corpus.js'
import { digestAll, passAlong } from './floors.js'
import { readBatch, readKeys, readOneByOne, readStream } from './reading.js'
import { writeBatch, writeOneByOne, writeStream } from './writing.js'

/** A way of going through a corpus, which proves its result before it is timed. */
export interface Way {
  /** One pass; gives the number of bytes touched. */
  run(): number | Promise<number>
  /** Throws unless the result is right to the last byte; gives what every `run` is to give. */
  prove(): number | Promise<number>
}

export interface Case {
  readonly name: string
  prepare(corpus: Corpus): Way
}

const WAYS: Readonly<Record<string, Case['prepare']>> = {
  'read/*/batch': readBatch,
  'read/*/keys-only': readKeys,
  'read/*/one-by-one': readOneByOne,
  'read/*/stream': readStream,
  'write/*/batch': writeBatch,
  'write/*/one-by-one': writeOneByOne,
  'write/*/stream': writeStream,
  'floor/*/stream': passAlong,
}

/** The ratios to the floor that are asked of the codec with one lane of MD5, on the corpora with 20 keys. */
export const TARGETS: Readonly<Record<string, number>> = {
  'read/10/batch': 0.24,
  'read/100/batch': 0.68,
  'read/1100/batch': 0.93,
  'write/10/batch': 0.35,
  'write/100/batch': 0.7,
  'write/1100/batch': 0.85,
}

export function floorOf(corpusName: string): Case {
  return { name: `floor/${corpusName}/md5`, prepare: digestAll }
}

export function casesOf(corpusName: string): Case[] {
  return Object.entries(WAYS).map(([name, prepare]) => ({ name: name.replace('*', corpusName), prepare }))
}
