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
  // Side by side the longest message takes so many times as long as alone, and the others next to nothing; one by one each
  // takes its own time, and a call of node:crypto as much as so many bytes.
  const LANE_TIME = 1.6
  const CALL = 300
  // Making and compiling the module takes as long as the lanes save on so many bytes.
  const BREAK_EVEN = 3 * 2 ** 20
  let bytes = 0
  let longest = 0
  for (const { length } of messages) {
    bytes += length
    longest = Math.max(longest, length)
  }
  const pays = bytes + CALL * (messages.length - 1) > LANE_TIME * longest
  if (lanes !== undefined && pays) return lanes.digest(messages)
  const digests = Buffer.from(messages.map(md5).join(''), 'hex')
  if (pays && (missed += bytes) > BREAK_EVEN) {
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
