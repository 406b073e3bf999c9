const MAX_SPARES = 8
/** Smaller ones come from Node's own pool and are not worth keeping. */
const MIN_SPARE = 4096

/**
 * Buffers that finished aggregates were filled in, for the next ones to grow
 * into: without it an aggregate of 50 KB is grown through a dozen buffers
 * (a fifth of the writing time at 10 bytes a record).
 */
export class ScratchPool {
  readonly #spares: Buffer[] = []

  /**
   * A buffer of at least `needed` bytes, its content anything; of `wanted` if it must be made.
   * Small ones always are: most aggregates by hash key stay small, and a large one would be wasted on them.
   */
  take(needed: number, wanted: number): Buffer {
    if (needed < MIN_SPARE) return Buffer.allocUnsafe(wanted)
    const spare = this.#spares.pop()
    return spare !== undefined && spare.length >= needed ? spare : Buffer.allocUnsafe(wanted)
  }

  give(buffer: Buffer): void {
    if (buffer.length >= MIN_SPARE && this.#spares.length < MAX_SPARES) this.#spares.push(buffer)
  }
}
