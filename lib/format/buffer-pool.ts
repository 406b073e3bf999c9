/** No smaller buffer leaves. */
const MIN_LARGE = 4096
/** Buffers up to this length are cut from a slab, and come back. */
const MAX_SLICE = 2048
const SLAB = 16_384
/** Bytes that buffers may be given before it is known that they need them. */
const MAX_AHEAD = 4 * 2 ** 20
/** Bytes that small buffers may have which are kept for the next ones, and what each takes beside: `pendingBytes` does not tell of them. */
const MAX_SPARE = 2 ** 20
const BUFFER_COST = 100

/**
 * Memory for aggregates to grow in. A few get at once what the last one needed, as those do
 * that need half of it: every larger buffer costs a copy. Small buffers are cut from
 * slabs, and come back: what waits for long would else keep a slab alive each, in Node's own
 * pool too. None of their memory ever leaves.
 */
export class BufferPool {
  /** Bytes to leave before the records of an aggregate. */
  headroom = 0
  /** How many aggregates have a buffer now. */
  inUse = 0
  /** What the last aggregate needed. */
  #usual = 0
  #slab = Buffer.alloc(0)
  /** Bytes of the slab that are cut off. */
  #cut = 0
  /** By their length, a power of two. */
  readonly #spare = new Map<number, Buffer[]>()
  #spareBytes = 0

  /** A buffer of `wanted` bytes, or of as many as are usual if `needed` and the headroom fit there. Its content is anything. */
  take(needed: number, wanted: number): Buffer {
    const usual = this.#usual
    // Many small aggregates may not sit in large buffers: pendingBytes would say nothing of the memory.
    const isUsual = needed + this.headroom <= usual && (usual <= 2 * needed || (this.inUse + 1) * usual <= MAX_AHEAD)
    const size = isUsual ? usual : wanted
    return size <= MAX_SLICE ? this.#slice(size) : Buffer.allocUnsafeSlow(size)
  }

  /** Whether so many bytes may leave in the buffer in which they were written: not where they would keep much else alive. */
  isFilled(buffer: Buffer, size: number): boolean {
    return buffer.length >= MIN_LARGE && 8 * size >= 7 * buffer.length
  }

  /** An aggregate of `count` records has `size` bytes in this buffer, so many of them `around` the records. The next are taken to be like it. */
  learn(buffer: Buffer, count: number, size: number, around: number): void {
    const needed = this.isFilled(buffer, size) ? buffer.length : size + (size >> 3)
    // A record that is large and alone says nothing: small ones after it would all take as much.
    this.#usual = count > 1 ? needed : Math.min(needed, this.#usual)
    this.headroom = around + (around >> 3)
  }

  /** Takes back what no aggregate is in any more. */
  giveBack(buffer: Buffer): void {
    const spare = this.#spare.get(buffer.length)
    if (spare === undefined || this.#spareBytes > MAX_SPARE) return
    spare.push(buffer)
    this.#spareBytes += buffer.length + BUFFER_COST
  }

  #slice(least: number): Buffer {
    const length = 2 ** Math.ceil(Math.log2(least))
    const spare = this.#spare.get(length)?.pop()
    if (spare !== undefined) {
      this.#spareBytes -= length + BUFFER_COST
      return spare
    }
    if (!this.#spare.has(length)) this.#spare.set(length, [])
    if (this.#cut + length > this.#slab.length) {
      this.#slab = Buffer.allocUnsafeSlow(SLAB)
      this.#cut = 0
    }
    return this.#slab.subarray(this.#cut, (this.#cut += length))
  }
}
