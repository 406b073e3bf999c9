/** Buffers that may be in use before an aggregate gets no more than it needs. */
const MAX_LENT = 8
/** Smaller buffers are cut from a slab, and go with it. */
const MIN_LARGE = 4096
const SLAB = 16_384

/**
 * Memory for aggregates to grow in. A few get at once what the last one needed, and those that
 * are already large: to be grown through a dozen buffers takes a fifth of the writing time (at
 * 100 bytes a record). Small buffers are cut from slabs: in Node's own pool they would lie among
 * entries that are long gone, and keep their memory alive.
 */
export class BufferPool {
  /** Bytes to leave before the records of an aggregate. */
  headroom = 0
  /** What the last aggregate needed. */
  #usual = 0
  /** Buffers in use. */
  #lent = 0
  #slab = Buffer.alloc(0)

  /** A buffer of `length` bytes or more, its content anything. It is to be left: one that is forgotten counts as lent for good. */
  take(length: number): Buffer {
    // Many small aggregates may not sit in large buffers: pendingBytes would say nothing of the memory.
    const isUsual = this.#lent < MAX_LENT || 16 * length >= this.#usual
    const size = isUsual ? Math.max(length, this.#usual) : length
    const buffer = size < MIN_LARGE ? this.#cut(size) : Buffer.allocUnsafeSlow(size)
    this.#lent++
    return buffer
  }

  /** One of those taken is grown in no more. */
  leave(): void {
    this.#lent--
  }

  /**
   * Whether an aggregate of `size` bytes, `head` of them before its records, may leave in the buffer
   * in which it was written: not where it would keep much else alive. The next are taken to be like it.
   */
  isFilled(buffer: Buffer, size: number, head: number): boolean {
    const isFilled = buffer.length >= MIN_LARGE && 8 * size >= 7 * buffer.length
    this.#usual = isFilled ? buffer.length : size + (size >> 3)
    this.headroom = head + (head >> 3)
    return isFilled
  }

  #cut(length: number): Buffer {
    if (length > this.#slab.length) this.#slab = Buffer.allocUnsafeSlow(SLAB)
    const buffer = this.#slab.subarray(0, length)
    this.#slab = this.#slab.subarray(length)
    return buffer
  }
}
