/** Where a pass over a list stands, for stages that look ahead. */
export interface Inputs<T> {
  /** The inputs, where all of them are at hand. */
  readonly list: readonly T[] | undefined
  /** Where the next one stands in the list. */
  readonly at: number
}

/** Something that takes inputs and gives outputs, some for each input: the common form of reading and writing. */
export interface Stage<T, R> {
  /**
   * Takes one input: called where there is nothing to take or, of a list, not enough yet. It may throw: the input is then refused.
   *
   * @param inputs the inputs that come after it: where they are a list it may look ahead.
   * @returns what is to be told of it, if anything: done when it is put, for a callback may step the pass.
   */
  put(input: T, inputs: Inputs<T>): (() => void) | undefined
  /** Whether there is something to take. */
  readonly hasOutput: boolean
  /** Whether there is so much to take that a list's inputs should wait; a stage that gains nothing by more has none. */
  readonly hasEnough?: boolean
  /** The next output, or `undefined` when another input is needed. */
  take(): R | undefined
  /** No more inputs come: what is still held becomes output. */
  end(): void
}
