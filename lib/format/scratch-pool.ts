/** Large buffers that are kept, and that may be lent before small aggregates get none. */
const MAX_SPARES = 8
/** Smaller buffers are cut from a slab, and go with it. */
const MIN_SPARE = 4096
/** Larger ones are not kept: they would be for nothing if no other aggregate grows so large. */
const MAX_SPARE = 262_144
const SLAB = 16_384

/**
 * Memory for aggregates to grow in. Large buffers are used again, and a few aggregates get
 * one at once: to be grown through a dozen buffers takes a fifth of the writing time (at 100
 * bytes a record). Small ones are cut from slabs of this pool: in Node's own pool they would
 * lie among entries that are long gone, and keep their memory alive.
 */
export class ScratchPool {
  readonly #spares: Buffer[] = []
  /** Large buffers in use. */
  #lent = 0
  #slab = Buffer.alloc(0)

  /** A buffer of at least `needed` bytes, its content anything; of `wanted` if it must be made. It is to be given or left: one that is forgotten counts as lent for good. */
  take(needed: number, wanted: number): Buffer {
    const spare = this.#spares.at(-1)
    // Only a few small aggregates may sit in large buffers: pendingBytes would say nothing of the memory.
    const fits = spare !== undefined && spare.length >= needed && (this.#lent < MAX_SPARES || spare.length <= 16 * wanted)
    if (!fits && wanted < MIN_SPARE) return this.#cut(wanted)
    const buffer = fits ? this.#spares.pop()! : Buffer.allocUnsafeSlow(wanted)
    this.#lent++
    return buffer
  }

  /** It is free to be used again. */
  give(buffer: Buffer): void {
    if (buffer.length < MIN_SPARE) return
    this.#lent--
    if (buffer.length <= MAX_SPARE && this.#spares.length < MAX_SPARES) this.#spares.push(buffer)
  }

  /** It is not lent any more, nor again: it was too small. */
  leave(buffer: Buffer): void {
    if (buffer.length >= MIN_SPARE) this.#lent--
  }

  #cut(length: number): Buffer {
    if (length > this.#slab.length) this.#slab = Buffer.allocUnsafeSlow(SLAB)
    const buffer = this.#slab.subarray(0, length)
    this.#slab = this.#slab.subarray(length)
    return buffer
  }
}
