import { createHash } from 'node:crypto'
import { md5 } from '../../digest/md5.js'
import { DIGEST_LENGTH, FRAME_OVERHEAD, MAGIC_LENGTH } from '../../format/constants.js'
import { beginsWithMagic } from '../../format/is-aggregated.js'
import { LARGEST_RECORD_SIZE } from '../../limits.js'
import { Reader } from '../../wire/reader.js'

// Raw aggregates stand back to back in a file, with no lengths between them. But a message is a row of
// fields, and behind one of them stands the MD5 of all of them: there the aggregate ends.

const MAGIC = Buffer.from('f3899ac2', 'hex')

/**
 * What may still be spent on looking for ends, in bytes digested. Whoever writes to a stream can put magics into
 * magics, and fields behind each: without a limit that takes time with the square of the bytes.
 */
interface Effort {
  left: number
}

/** What a field takes, in such bytes: to be passed over, and perhaps to be digested up to. */
const FIELD = 80

/** Where the pieces of some bytes begin and end: whole aggregates, and what stands between them, but for line ends. */
export function* splitRaw(bytes: Buffer): Generator<readonly [start: number, end: number]> {
  // Aggregates of the smallest user records, six bytes each, take less than half of it, be they whole or broken.
  const effort: Effort = { left: 32 * bytes.length + 1_048_576 }
  let rest = 0
  const isRecord = (end: number) => bytes.subarray(rest, end).some((byte) => byte !== 0x0a && byte !== 0x0d)
  for (let at = bytes.indexOf(MAGIC); at >= 0; ) {
    const end = aggregateEnd(bytes, at, effort)
    if (end !== undefined) {
      if (isRecord(at)) yield [rest, at]
      yield [at, end]
      rest = end
    }
    at = bytes.indexOf(MAGIC, end ?? at + 1)
  }
  if (rest === 0 || isRecord(bytes.length)) yield [rest, bytes.length]
}

/** Where the aggregate ends that begins at `at`; `undefined` where none does. */
function aggregateEnd(bytes: Buffer, at: number, effort: Effort): number | undefined {
  const start = at + MAGIC_LENGTH
  const ends: number[] = []
  const digestAt = (end: number) => bytes.toString('hex', end, end + DIGEST_LENGTH)
  for (const end of fieldEnds(bytes, start)) {
    const next = end + DIGEST_LENGTH
    effort.left -= FIELD
    // Mostly the next one begins there, or nothing: then one digest is enough.
    if (next === bytes.length || beginsWithMagic(bytes.subarray(next, next + MAGIC_LENGTH))) {
      effort.left -= end - start
      if (md5(bytes.subarray(start, end)) === digestAt(end)) return next
    }
    if (effort.left < 0) return undefined
    ends.push(end)
  }
  // Random bytes hold many magics, and behind hardly one of them a field.
  if (ends.length === 0) return undefined
  const hash = createHash('md5')
  let from = start
  for (const end of ends) {
    hash.update(bytes.subarray(from, end))
    if (hash.copy().digest('hex') === digestAt(end)) return end + DIGEST_LENGTH
    from = end
  }
  return undefined
}

/** Where a message could end: behind each of its fields, as long as there are fields. */
function* fieldEnds(bytes: Buffer, start: number): Generator<number> {
  const last = Math.min(bytes.length, start + LARGEST_RECORD_SIZE + FRAME_OVERHEAD) - DIGEST_LENGTH
  const reader = new Reader(bytes, start, last)
  try {
    while (reader.pos < last) {
      reader.skip(reader.tag())
      yield reader.pos
    }
  } catch {
    // No field begins here, or none that ends.
  }
}
