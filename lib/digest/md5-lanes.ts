import { BLOCK, INPUT, LANES, WINDOW, md5Module, stateOf } from './md5-module.js'

const INITIAL_STATE = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476]

type Run = (blocks: number, ...pointers: number[]) => void

/** @types/node leaves it to the DOM's types. `undefined` under --jitless. */
declare const WebAssembly:
  | { Module: new (bytes: Uint8Array) => object; Instance: new (module: object) => { exports: { f: Run; m: { buffer: ArrayBuffer } } } }
  | undefined

/** MD5 of many messages side by side: a lane that has come to the end of its message takes the next one. */
export class Md5Lanes {
  readonly #run: Run
  readonly #memory: Uint8Array
  /** A view that says at each access that the memory is little-endian, whatever the machine is. */
  readonly #view: DataView
  readonly #lanes = Array.from({ length: LANES }, (_, n) => new Lane(n))

  /** @throws where there is no WebAssembly, or none with vectors. */
  constructor() {
    const { f, m } = new WebAssembly!.Instance(new WebAssembly!.Module(md5Module())).exports
    this.#run = f
    this.#memory = new Uint8Array(m.buffer)
    this.#view = new DataView(m.buffer)
    // The constants of RFC 1321 are the sines of 1 to 64, each here once for each word of a vector.
    for (let n = 0; n < 256; n++) this.#view.setUint32(4 * n, Math.abs(Math.sin((n >> 2) + 1)) * 2 ** 32, true)
  }

  /** The digests of all messages, one behind the other. */
  digest(messages: readonly Uint8Array[]): Buffer {
    const digests = Buffer.allocUnsafe(16 * messages.length)
    let next = 0
    for (;;) {
      let blocks = Infinity
      for (const lane of this.#lanes) {
        if (lane.blocks === 0 && next < messages.length) this.#begin(lane, messages[next]!, next++)
        if (lane.blocks > 0) blocks = Math.min(blocks, lane.blocks)
      }
      if (blocks === Infinity) return digests
      // A lane with nothing to do goes over what is left in its window, from the beginning.
      this.#run(blocks, ...this.#lanes.map(({ pos }) => pos))
      for (const lane of this.#lanes) {
        if (lane.blocks === 0) continue
        lane.pos += blocks * BLOCK
        lane.blocks -= blocks
        if (lane.blocks > 0) continue
        if (lane.fed < lane.padded) this.#feed(lane)
        else this.#end(lane, digests)
      }
    }
  }

  #begin(lane: Lane, message: Uint8Array, index: number): void {
    lane.message = message
    lane.index = index
    lane.fed = 0
    lane.padded = (Math.floor((message.length + 8) / BLOCK) + 1) * BLOCK
    for (let word = 0; word < 4; word++) this.#view.setUint32(stateOf(lane.number, word), INITIAL_STATE[word]!, true)
    this.#feed(lane)
  }

  /** Puts the next bytes of the message, and what MD5 pads it with, into the lane's window. */
  #feed(lane: Lane): void {
    const { message, fed, padded, window } = lane
    const { length } = message
    const size = Math.min(WINDOW, padded - fed)
    const own = Math.max(0, Math.min(size, length - fed))
    // A part takes an object more: a third of what a message of 100 bytes costs.
    this.#memory.set(own === length ? message : message.subarray(fed, fed + own), window)
    if (own < size) {
      this.#memory.fill(0, window + own, window + size)
      if (fed + own === length) this.#memory[window + own] = 0x80
      if (fed + size === padded) {
        this.#view.setUint32(window + size - 8, length << 3, true)
        this.#view.setUint32(window + size - 4, length / 2 ** 29, true)
      }
    }
    lane.fed += size
    lane.pos = window
    lane.blocks = size / BLOCK
  }

  #end(lane: Lane, digests: Buffer): void {
    for (let word = 0; word < 4; word++) digests.writeUInt32LE(this.#view.getUint32(stateOf(lane.number, word), true), 16 * lane.index + 4 * word)
    lane.message = NOTHING
    lane.pos = lane.window
  }
}

const NOTHING = new Uint8Array()

/** One of the places for messages, each with a window into the memory of its own. */
class Lane {
  readonly number: number
  readonly window: number
  message: Uint8Array = NOTHING
  index = 0
  /** Bytes of the message with its padding, and how many of them were put into the window. */
  padded = 0
  fed = 0
  pos: number
  /** Blocks from `pos` on; 0 where the lane has nothing to do. */
  blocks = 0

  constructor(number: number) {
    this.number = number
    this.pos = this.window = INPUT + number * WINDOW
  }
}
