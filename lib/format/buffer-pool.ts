/** Buffers that may be in use before small aggregates get no more than they need. */
const MAX_IN_USE = 8
/** Smaller buffers are cut from a slab, and go with it. */
const MIN_LARGE = 4096
const SLAB = 16_384

/**
 * Memory for aggregates to grow in. A few get at once what the last one needed, as those do
 * that have grown to half of it: every larger buffer costs a copy. Small buffers are cut from
 * slabs: in Node's own pool they would lie among entries that are long gone, and keep their
 * memory alive.
 */
export class BufferPool {
  /** Bytes to leave before the records of an aggregate. */
  headroom = 0
  /** What the last aggregate needed. */
  #usual = 0
  #inUse = 0
  #slab = Buffer.alloc(0)

  /** A buffer of `length` bytes or more, its content anything, in place of a smaller one if `before` is not empty. */
  take(length: number, before: Buffer): Buffer {
    // Many small aggregates may not sit in large buffers: pendingBytes would say nothing of the memory.
    const isUsual = this.#inUse < MAX_IN_USE || 2 * length >= this.#usual
    const size = isUsual ? Math.max(length, this.#usual) : length
    const buffer = size < MIN_LARGE ? this.#cut(size) : Buffer.allocUnsafeSlow(size)
    if (before.length === 0) this.#inUse++
    return buffer
  }

  /** Whether so many bytes may leave in the buffer in which they were written: not where they would keep much else alive. */
  isFilled(buffer: Buffer, size: number): boolean {
    return buffer.length >= MIN_LARGE && 8 * size >= 7 * buffer.length
  }

  /** Of each aggregate once, in its last buffer: of its `size` bytes so many are `around` the records. The next are taken to be like it. */
  release(buffer: Buffer, size: number, around: number): void {
    this.#inUse--
    this.#usual = this.isFilled(buffer, size) ? buffer.length : size + (size >> 3)
    this.headroom = around + (around >> 3)
  }

  #cut(length: number): Buffer {
    if (length > this.#slab.length) this.#slab = Buffer.allocUnsafeSlow(SLAB)
    const buffer = this.#slab.subarray(0, length)
    this.#slab = this.#slab.subarray(length)
    return buffer
  }
}
