const MAX_SPARES = 8
/** Smaller buffers are cut from a slab, and go with it. */
const MIN_SPARE = 4096
/** Larger ones are not kept: they would be for nothing if no other aggregate grows so large. */
const MAX_SPARE = 262_144
const SLAB = 16_384

/**
 * Memory for aggregates to grow in. Large buffers are used again: without that an
 * aggregate of 50 KB is grown through a dozen of them (a fifth of the writing time at
 * 10 bytes a record). Small ones are cut from slabs of this pool: in Node's own pool
 * they would lie among entries that are long gone, and keep their memory alive.
 */
export class ScratchPool {
  readonly #spares: Buffer[] = []
  #slab = Buffer.alloc(0)

  /** A buffer of at least `needed` bytes, its content anything; of `wanted` if it must be made. */
  take(needed: number, wanted: number): Buffer {
    if (wanted < MIN_SPARE) return this.#cut(wanted)
    const spare = this.#spares.pop()
    // A small aggregate must not sit in a large buffer: pendingBytes would say nothing of the memory.
    const fits = spare !== undefined && spare.length >= needed && spare.length <= 16 * wanted
    return fits ? spare : Buffer.allocUnsafeSlow(wanted)
  }

  give(buffer: Buffer): void {
    if (buffer.length >= MIN_SPARE && buffer.length <= MAX_SPARE && this.#spares.length < MAX_SPARES) this.#spares.push(buffer)
  }

  #cut(length: number): Buffer {
    if (length > this.#slab.length) this.#slab = Buffer.allocUnsafeSlow(SLAB)
    const buffer = this.#slab.subarray(0, length)
    this.#slab = this.#slab.subarray(length)
    return buffer
  }
}
