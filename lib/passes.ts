import { KplError, check } from './errors.js'
import type { Inputs, Stage } from './stage.js'

/**
 * A lazy iterable of what a stage makes of an input. Every pass asks for its
 * stage; a failure is thrown once everything before it was given out, and ends
 * the pass; leaving early closes the input's iterator.
 *
 * A class, for an object literal with its method costs 0.3 µs a call, where all
 * of a pass over a small record takes 2.
 */
export class Passes<T, R> implements Iterable<R> {
  readonly #input: Iterable<T>
  readonly #newStage: () => Stage<T, R>
  #spent = false

  constructor(input: Iterable<T>, newStage: () => Stage<T, R>) {
    this.#input = input
    this.#newStage = newStage
  }

  [Symbol.iterator](): Iterator<R> {
    const input = this.#input
    if (this.#spent) throw new KplError('ERR_KPL_INVALID_ARGUMENT', 'an iterator can be gone through once only', { input })
    // An array is gone through by its index: an iterator's step takes 15 ns more, of the
    // 120 that writing a 10-byte record takes, and what comes next can be seen.
    const isList = Array.isArray(input) && input[Symbol.iterator] === Array.prototype[Symbol.iterator]
    const iterator = isList ? undefined : input[Symbol.iterator]()
    check(isList || Object(iterator) === iterator, 'an iterator must be an object', iterator)
    this.#spent = (iterator as unknown) === input
    return new Pass(isList ? (input as readonly T[]) : undefined, iterator, this.#newStage())
  }
}

/** By hand and not a generator: a generator's step takes 20 ns more, as much as all else that a record takes. */
class Pass<T, R> implements IterableIterator<R>, Inputs<T> {
  readonly list: readonly T[] | undefined
  at = 0
  readonly #iterator: Iterator<T> | undefined
  /** Whether the input may give more, and must be closed if the pass is left. */
  #isOpen = true
  /** Whether it takes a step; not while a callback is told of an input, which may step it. */
  #isStepping = false
  /** `undefined` once the pass is over. */
  #stage: Stage<T, R> | undefined
  /** What to throw after the last output. */
  #failure: { readonly error: unknown } | undefined

  constructor(list: readonly T[] | undefined, iterator: Iterator<T> | undefined, stage: Stage<T, R>) {
    this.list = list
    this.#iterator = iterator
    this.#stage = stage
  }

  next(): IteratorResult<R> {
    // As of a generator: what it is asked for in between would be lost.
    if (this.#isStepping) throw new KplError('ERR_KPL_INVALID_ARGUMENT', 'a pass must not be stepped by its own input or shards')
    this.#isStepping = true
    try {
      while (this.#stage !== undefined) {
        const value = this.#stage.take()
        if (value !== undefined) return { value, done: false }
        if (this.#failure !== undefined) throw this.#failure.error
        if (this.#isOpen) this.#advance(this.#stage)
        else this.#stage = undefined
      }
    } catch (error) {
      // As of a generator too: the pass is over, and nobody else would close the input. The error outlives any error of the closing.
      this.#stage = undefined
      try {
        this.#close()
      } catch {}
      throw error
    } finally {
      this.#isStepping = false
    }
    return { value: undefined, done: true }
  }

  return(): IteratorResult<R> {
    this.#stage = undefined
    this.#close()
    return { value: undefined, done: true }
  }

  [Symbol.iterator](): this {
    return this
  }

  /** Puts inputs in until there is something to take. */
  #advance(stage: Stage<T, R>): void {
    try {
      // Two loops: with an iterator's checks in it a list's took 5 ns more to write a 10-byte record.
      if (this.list === undefined) this.#putNext(stage, this.#iterator!)
      else this.#putListed(stage, this.list)
    } catch (error) {
      // The callback that throws has left the pass before: nothing is to be given any more.
      if (this.#stage === undefined) throw error
      this.#failure ??= { error }
      stage.end()
    }
  }

  #putListed(stage: Stage<T, R>, list: readonly T[]): void {
    do {
      if (this.at >= list.length) {
        this.#isOpen = false
        return stage.end()
      }
      const tell = stage.put(list[this.at++]!, this)
      if (tell !== undefined && !this.#tell(tell)) return
    } while (this.#isOpen && !(stage.hasEnough ?? stage.hasOutput))
  }

  #putNext(stage: Stage<T, R>, iterator: Iterator<T>): void {
    do {
      // As in for-of: an iterator that throws or is at its end is not closed, one that is left is.
      this.#isOpen = false
      const step = iterator.next()
      check(Object(step) === step, 'what an iterator gives must be an object', step)
      if (step.done === true) return stage.end()
      this.#isOpen = true
      // Left by its own input, which cannot be closed while it gives one.
      if (this.#stage === undefined) return this.#close()
      const tell = stage.put(step.value, this)
      if (tell !== undefined && !this.#tell(tell)) return
    } while (this.#isOpen && !stage.hasOutput)
  }

  /** Tells a callback, which may step the pass, and so meet a failure: whether it has met none. */
  #tell(tell: () => void): boolean {
    this.#isStepping = false
    try {
      tell()
    } finally {
      this.#isStepping = true
    }
    // Asked here alone: to ask after each input took 8 ns.
    return this.#failure === undefined
  }

  #close(): void {
    const wasOpen = this.#isOpen
    this.#isOpen = false
    if (wasOpen) this.#iterator?.return?.()
  }
}
