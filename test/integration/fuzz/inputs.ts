// The inputs of a seed: each is made of the seed and its number alone, so that any of them can be made again by itself.
import { hash } from 'node:crypto'
import { MAGIC } from '../../../fixtures/aggregates.js'
import { framed, hurt } from '../../../fixtures/odd-messages.js'
import { Draw } from '../../../fixtures/random.js'
import type { HashKeys } from '../../../fixtures/reading-rules.js'
import { mutations } from './mutations.js'
import { LAST_HASH_KEY } from './odd-values.js'
import { stock } from './stock.js'
import { TreeWriter, copyOf } from './tree.js'

/** So many inputs, one after another, are read with the same hash key range. */
export const BLOCK = 2048

export const WHOLE: HashKeys = { startingHashKey: '0', endingHashKey: String(LAST_HASH_KEY) }

/** Two times in five; else it is the whole space. */
const RANGES: readonly (readonly [bigint, bigint])[] = [
  [0n, 2n ** 127n - 1n],
  [2n ** 127n, LAST_HASH_KEY],
  [2n ** 126n, 2n ** 127n],
  [0n, 0n],
  [0n, LAST_HASH_KEY - 1n],
  [1n, LAST_HASH_KEY],
  [LAST_HASH_KEY, LAST_HASH_KEY],
  [2n ** 127n - 1n, 2n ** 127n],
]

const ways = Object.values(mutations)
/** Read once, when it is first needed. */
let messages: ReturnType<typeof stock> | undefined

export class Inputs {
  readonly #seed: number
  readonly #stock = (messages ??= stock())
  readonly #writer = new TreeWriter()

  constructor(seed: number) {
    this.#seed = scattered(seed)
  }

  at(n: number): Buffer {
    const draw = new Draw(scattered(this.#seed ^ n))
    return this.#framed(draw, this.#message(draw))
  }

  rangeOf(n: number): HashKeys {
    const draw = new Draw(scattered(~this.#seed ^ Math.floor(n / BLOCK)))
    if (draw.below(5) < 3) return WHOLE
    const [startingHashKey, endingHashKey] = draw.pick(RANGES)
    return { startingHashKey: String(startingHashKey), endingHashKey: String(endingHashKey) }
  }

  #message(draw: Draw): Buffer {
    const fields = copyOf(draw.pick(this.#stock))
    const message = { fields, draw, other: () => copyOf(draw.pick(this.#stock)) }
    do draw.pick(ways)(message)
    while (draw.oneIn(2))
    const bytes = this.#writer.write(fields)
    return draw.oneIn(10) ? hurt(draw, bytes) : bytes
  }

  /** With its right digest, save one time in fifteen. */
  #framed(draw: Draw, message: Buffer): Buffer {
    const right = framed(message)
    switch (draw.below(90)) {
      case 0:
        return hurt(draw, right)
      case 1:
        return right.subarray(0, draw.below(right.length))
      case 2:
        return Buffer.concat([right, draw.bytes(draw.between(1, 17))])
      case 3:
        return Buffer.concat([right, right])
      case 4:
        return Buffer.concat([MAGIC, message, hash('md5', Buffer.concat([MAGIC, message]), 'buffer')])
      case 5:
        return Buffer.concat([MAGIC, message.subarray(0, draw.below(17))])
      default:
        return right
    }
  }
}

/** Another number of 32 bits for each (the last step of MurmurHash3): near seeds draw nothing alike. */
function scattered(number: number): number {
  let mixed = number >>> 0
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}
