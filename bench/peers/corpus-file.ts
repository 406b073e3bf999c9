// A corpus as the peers of other languages read it, and their outcome: parts, each after its length.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Corpus } from '../corpus.js'

const FOLDER = join(import.meta.dirname, '..', '.peers', 'corpora')

export function saveCorpus({ name, payloads, groups }: Corpus): string {
  const records = groups.map((group) => [count(group.length), ...group.flatMap(({ partitionKey, data }) => [part(Buffer.from(partitionKey)), part(data)])])
  const file = join(FOLDER, name)
  mkdirSync(FOLDER, { recursive: true })
  writeFileSync(file, Buffer.concat([count(payloads.length), ...payloads.map(part), count(groups.length), ...records.flat()]))
  return file
}

export function outcomeFile(name: string): string {
  return join(FOLDER, `${name}.outcome`)
}

export function readOutcome(file: string): Buffer[] {
  const bytes = readFileSync(file)
  const parts: Buffer[] = []
  for (let at = 0; at < bytes.length; ) {
    const start = at + 4
    at = start + bytes.readUInt32BE(at)
    parts.push(bytes.subarray(start, at))
  }
  return parts
}

function part(bytes: Buffer): Buffer {
  return Buffer.concat([count(bytes.length), bytes])
}

function count(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}
