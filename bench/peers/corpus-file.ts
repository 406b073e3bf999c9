// A corpus as the peers of other languages read it, and their outcome: parts, each after its length.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { joined, split } from '../../fixtures/parts.js'
import type { Corpus } from '../corpus.js'

const FOLDER = join(import.meta.dirname, '..', '.peers', 'corpora')

export function saveCorpus({ name, payloads, groups }: Corpus): string {
  const records = groups.map((group) => [count(group.length), joined(group.flatMap(({ partitionKey, data }) => [Buffer.from(partitionKey), data]))])
  const file = join(FOLDER, name)
  mkdirSync(FOLDER, { recursive: true })
  writeFileSync(file, Buffer.concat([count(payloads.length), joined(payloads), count(groups.length), ...records.flat()]))
  return file
}

export function outcomeFile(name: string): string {
  return join(FOLDER, `${name}.outcome`)
}

export function readOutcome(file: string): Buffer[] {
  return split(readFileSync(file))
}

function count(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}
