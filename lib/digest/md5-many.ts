import { md5 } from './md5.js'
import { Md5Lanes } from './md5-lanes.js'

/** Messages that are worth waiting for: they fill the eight lanes twice. */
export const ENOUGH_MESSAGES = 16
/** Or so many bytes, which are enough to hold back. */
export const ENOUGH_BYTES = 8 * 2 ** 20

/** Bytes digested one by one that lanes could have digested. */
let missed = 0
let lanes: Md5Lanes | undefined

/**
 * The MD5s of messages, one behind the other: side by side as soon as that pays, which is not in
 * a process that reads little; one by one where there is no WebAssembly.
 */
export function md5Many(messages: readonly Uint8Array[]): Buffer {
  // Eight lanes at once take as long as two messages one by one: with fewer than three nothing is gained.
  const FEWEST = 3
  // Making and compiling the module takes as long as the lanes save on so many bytes.
  const BREAK_EVEN = 3 * 2 ** 20
  if (lanes !== undefined && messages.length >= FEWEST) return lanes.digest(messages)
  const digests = Buffer.from(messages.map(md5).join(''), 'hex')
  if (messages.length >= FEWEST) for (const { length } of messages) missed += length
  if (missed > BREAK_EVEN) {
    // Asked once: the sum never gets so high again.
    missed = -Infinity
    lanes = lanesThatGive(digests, messages)
  }
  return digests
}

/**
 * Lanes that digest these messages rightly; none where there is no WebAssembly, and where the
 * constants come out wrong: the engine decides how exact a sine is.
 */
function lanesThatGive(digests: Buffer, messages: readonly Uint8Array[]): Md5Lanes | undefined {
  try {
    const made = new Md5Lanes()
    return made.digest(messages).equals(digests) ? made : undefined
  } catch {
    return undefined
  }
}
