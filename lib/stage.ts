import { check } from './errors.js'
import { END, Inputs } from './inputs.js'

/** Something that takes inputs and gives outputs, some for each input: the common form of reading and writing. */
export interface Stage<T, R> {
  /**
   * Takes one input. What is to be given must have been taken before. It may throw: the input is then refused.
   *
   * @param inputs the inputs that come after it: where they are a list it may look ahead.
   */
  put(input: T, inputs: Inputs<T>): void
  /** Whether there is something to take. */
  readonly isComplete: boolean
  /** Whether there is so much to take that a list's inputs should wait; a stage that gains nothing by more has none. */
  readonly isFull?: boolean
  /** The next output, or `undefined` when another input is needed. */
  take(): R | undefined
  /** No more inputs come: what is still held becomes output. */
  end(): void
}

/**
 * A lazy iterable of what a stage makes of an input. Every pass has a stage of
 * its own; a failure is thrown once everything before it was given out; leaving
 * early closes the input's iterator.
 */
export function through<T, R>(input: Iterable<T>, newStage: () => Stage<T, R>): Iterable<R> {
  let spent = false
  return {
    [Symbol.iterator](): Iterator<R> {
      check(!spent, 'a second pass needs an input that can be iterated twice', input)
      const inputs = new Inputs(input)
      spent = inputs.isOneShot(input)
      return new StageIterator(inputs, newStage())
    },
  }
}

/** By hand and not a generator: a generator's step takes 20 ns more, as much as all else that a record takes. */
class StageIterator<T, R> implements IterableIterator<R> {
  /** `undefined` once the pass is over. */
  #stage: Stage<T, R> | undefined
  readonly #inputs: Inputs<T>
  /** What to throw after the last output. */
  #failure: { readonly error: unknown } | undefined

  constructor(inputs: Inputs<T>, stage: Stage<T, R>) {
    this.#inputs = inputs
    this.#stage = stage
  }

  next(): IteratorResult<R> {
    while (this.#stage !== undefined) {
      const value = this.#stage.take()
      if (value !== undefined) return { value, done: false }
      if (this.#inputs.isOpen) this.#advance(this.#stage)
      else {
        this.#stage = undefined
        if (this.#failure !== undefined) throw this.#failure.error
      }
    }
    return { value: undefined, done: true }
  }

  return(): IteratorResult<R> {
    this.#stage = undefined
    this.#inputs.close()
    return { value: undefined, done: true }
  }

  [Symbol.iterator](): this {
    return this
  }

  /** Puts inputs in until there is something to take. */
  #advance(stage: Stage<T, R>): void {
    const inputs = this.#inputs
    const isList = inputs.list !== undefined
    try {
      do {
        const input = inputs.next()
        if (input === END) return stage.end()
        stage.put(input, inputs)
        // A callback that was told of the input may have left the pass.
      } while (inputs.isOpen && !(isList ? (stage.isFull ?? stage.isComplete) : stage.isComplete))
    } catch (error) {
      this.#failure = { error }
      stage.end()
      closeQuietly(inputs)
    }
  }
}

/** Closes inputs that are left because of an error, which outlives any error of the closing. */
function closeQuietly(inputs: Inputs<unknown>): void {
  try {
    inputs.close()
  } catch {}
}
