// Makes an input smaller for as long as what is wrong with it stays wrong.
import { createHash } from 'node:crypto'
import { framed } from '../../../fixtures/odd-messages.js'

const MOST_TRIED = 300_000

/** @param isWrong tells of many at once. */
export async function shrunk(data: Buffer, isWrong: (candidates: readonly Buffer[]) => Promise<boolean[]>): Promise<Buffer> {
  const hasDigest = data.length > 20 && createHash('md5').update(data.subarray(4, -16)).digest().equals(data.subarray(-16))
  const whole = hasDigest ? framed : (bytes: Buffer) => bytes
  let best = hasDigest ? data.subarray(4, -16) : data
  let tried = 0
  for (;;) {
    const smaller = (await firstWrong(cuts(best))) ?? (await firstWrong(simpler(best)))
    if (smaller === undefined) return whole(best)
    best = smaller
  }

  async function firstWrong(candidates: Iterable<Buffer>): Promise<Buffer | undefined> {
    for (const some of groupsOf(candidates, 100)) {
      if ((tried += some.length) > MOST_TRIED) return undefined
      const wrong = await isWrong(some.map(whole))
      if (wrong.includes(true)) return some[wrong.indexOf(true)]
    }
    return undefined
  }
}

/** With a part left out, the largest first; the lengths that may be around it are made less by as much, or not. */
function* cuts(bytes: Buffer): Generator<Buffer> {
  for (let size = 2 ** Math.floor(Math.log2(bytes.length || 1)); size >= 1; size = Math.floor(size / 2)) {
    for (let at = 0; at + size <= bytes.length; at += Math.max(1, Math.floor(size / 4))) {
      const rest = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + size)])
      yield rest
      const lengths = lengthsAround(bytes, at, at + size)
      for (const inner of lengths) {
        yield less(rest, size, inner)
        for (const outer of lengths) if (outer.at < inner.at) yield less(rest, size, inner, outer)
      }
    }
  }
}

interface Length {
  readonly at: number
  readonly value: number
  /** In one byte or two. */
  readonly width: number
}

/** What may be a length (it stands behind a tag of wire type 2) and reaches from before `start` to `end` or behind. */
function lengthsAround(bytes: Buffer, start: number, end: number): Length[] {
  const lengths: Length[] = []
  for (let at = start - 1; at > 0; at--) {
    const width = bytes[at]! < 0x80 ? 1 : 2
    const value = width === 1 ? bytes[at]! : (bytes[at]! & 0x7f) + 0x80 * bytes[at + 1]!
    if ((bytes[at - 1]! & 7) === 2 && at + width <= start && value < 0x4000 && at + width + value >= end) lengths.push({ at, value, width })
  }
  return lengths.slice(0, 8)
}

function less(bytes: Buffer, by: number, ...lengths: readonly Length[]): Buffer {
  const result = Buffer.from(bytes)
  for (const { at, value, width } of lengths) {
    result[at] = width === 1 ? value - by : ((value - by) & 0x7f) | 0x80
    if (width === 2) result[at + 1] = (value - by) >> 7
  }
  return result
}

/** With one byte that says less: 0, or a letter, where it is something else. */
function* simpler(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at++) {
    for (const plain of [0, 0x61]) {
      if (bytes[at] === 0 || bytes[at] === plain) break
      const result = Buffer.from(bytes)
      result[at] = plain
      yield result
    }
  }
}

function* groupsOf<T>(values: Iterable<T>, size: number): Generator<T[]> {
  let group: T[] = []
  for (const value of values) {
    if (group.push(value) < size) continue
    yield group
    group = []
  }
  if (group.length > 0) yield group
}
