import { md5 } from './md5.js'
import { Md5Lanes } from './md5-lanes.js'

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
  if (messages.length >= FEWEST) {
    if (lanes !== undefined) return lanes.digest(messages)
    for (const { length } of messages) missed += length
    if (missed > BREAK_EVEN) {
      // Asked once: where it fails the sum never gets so high again.
      missed = -Infinity
      try {
        lanes = new Md5Lanes()
        return lanes.digest(messages)
      } catch {}
    }
  }
  return Buffer.concat(messages.map(md5))
}
