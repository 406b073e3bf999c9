import t from 'tap'
import { Passes } from '../lib/passes.js'
import type { Stage } from '../lib/stage.js'
import { caught, readUntilError } from '../fixtures/reading.js'

/** Gives each input as often as it says, `-n` at the end, and fails for 0. */
class Repeat implements Stage<number, string> {
  #out: string[] = []
  #last = 0

  put(input: number): undefined {
    if (input === 0) throw new Error('refused')
    this.#last = input
    this.#out = Array.from({ length: input }, (_, n) => `${input}.${n}`)
  }

  get hasOutput(): boolean {
    return this.#out.length > 0
  }

  take(): string | undefined {
    return this.#out.shift()
  }

  end(): void {
    this.#out.push(`-${this.#last}`)
  }
}

/** An iterable that tells what is done with it. */
const watched = (inputs: number[], faults: { next?: Error; return?: Error } = {}) => {
  const log: string[] = []
  const iterator = (): Iterator<number> => {
    let n = 0
    return {
      next() {
        log.push('next')
        if (n < inputs.length) return { value: inputs[n++]!, done: false }
        if (faults.next) throw faults.next
        return { value: undefined, done: true }
      },
      return() {
        log.push('return')
        if (faults.return) throw faults.return
        return { value: undefined, done: true }
      },
    }
  }
  return { log, [Symbol.iterator]: iterator }
}
const repeated = (input: Iterable<number>) => new Passes(input, () => new Repeat())

t.test('what each input gives, and at the end what is still held', (t) => {
  t.same([...repeated([2, 1, 3])], ['2.0', '2.1', '1.0', '3.0', '3.1', '3.2', '-3'])
  t.same([...repeated([])], ['-0'])
  t.end()
})

t.test('inputs that give nothing are passed over', (t) => {
  const odd = new Passes([1, 2, 3, 4], () => {
    let held: number[] = []
    return { put: (input: number) => void (held = input % 2 === 0 ? [input] : []), get hasOutput() { return held.length > 0 }, take: () => held.shift(), end: () => undefined }
  })
  t.same([...odd], [2, 4])
  t.end()
})

t.test('lazy: an input is asked for only when there is nothing left to take', (t) => {
  const input = watched([2, 1])
  const iterator = repeated(input)[Symbol.iterator]()
  t.same(input.log, [])
  for (const [value, asked] of [['2.0', 1], ['2.1', 1], ['1.0', 2], ['-1', 3]] as const) {
    t.same(iterator.next(), { value, done: false })
    t.equal(input.log.length, asked)
  }
  for (const _ of [1, 2]) t.same(iterator.next(), { value: undefined, done: true })
  t.same(input.log, ['next', 'next', 'next'], 'an input at its end is neither closed nor asked again')
  t.end()
})

t.test('leaving early closes the input, once', (t) => {
  const input = watched([2, 1])
  for (const _ of repeated(input)) break
  t.same(input.log, ['next', 'return'])
  const iterator = repeated(watched([2, 1]))[Symbol.iterator]()
  iterator.next()
  for (const _ of [1, 2]) t.same(iterator.return!(), { value: undefined, done: true })
  t.same(iterator.next(), { value: undefined, done: true })
  t.end()
})

t.test('before the first step, and where the input cannot be closed', (t) => {
  const input = watched([1])
  repeated(input)[Symbol.iterator]().return!()
  t.same(input.log, ['return'])
  const plain = { [Symbol.iterator]: () => ({ next: () => ({ value: 1, done: false }) }) } as Iterable<number>
  for (const _ of repeated(plain)) break
  const failing = { [Symbol.iterator]: () => ({ next: () => ({ value: 0, done: false }) }) } as Iterable<number>
  t.match(readUntilError(repeated(failing)).error, { message: 'refused' })
  t.end()
})

t.test('after the end leaving closes nothing', (t) => {
  const input = watched([1])
  const iterator = repeated(input)[Symbol.iterator]()
  while (iterator.next().done === false);
  iterator.return!()
  t.notOk(input.log.includes('return'))
  t.end()
})

t.test('what closing throws comes out where the pass is left', (t) => {
  const own = new Error('own')
  const iterator = repeated(watched([1], { return: own }))[Symbol.iterator]()
  t.throws(() => iterator.return!(), own)
  t.same(iterator.next(), { value: undefined, done: true })
  t.end()
})

t.test('a refused input: first what is held, then the error, once; the input is closed', (t) => {
  const input = watched([2, 0, 1])
  const iterator = repeated(input)[Symbol.iterator]()
  const { given, error } = readUntilError({ [Symbol.iterator]: () => iterator })
  t.same(given, ['2.0', '2.1', '-2'])
  t.match(error, { message: 'refused' })
  t.same(input.log, ['next', 'next', 'return'])
  t.same(iterator.next(), { value: undefined, done: true })
  iterator.return!()
  t.same(input.log, ['next', 'next', 'return'], 'and not closed again')
  t.end()
})

t.test('an output that cannot be made: its error ends the pass and closes the input, whatever closing throws', (t) => {
  const own = new Error('own')
  for (const faults of [{}, { return: new Error('of closing') }]) {
    const input = watched([1, 2, 3], faults)
    const iterator = new Passes(input, () => ({
      put: () => undefined,
      hasOutput: true,
      take: () => {
        if (input.log.length > 1) throw own
        return undefined
      },
      end: () => undefined,
    }))[Symbol.iterator]()
    t.throws(() => iterator.next(), own)
    t.same(input.log, ['next', 'next', 'return'])
    t.same(iterator.next(), { value: undefined, done: true })
  }
  t.end()
})

/** Gives the even inputs, so many together or at the end what there is; a callback is told of the odd ones; fails for those below 0. */
const toldOf = (input: Iterable<number>, callback: (odd: number) => void, together = 1) => {
  let held: number[] = []
  let enough = together
  return new Passes<number, number>(input, () => ({
    put: (given) => {
      if (given < 0) throw new Error(`refused ${given}`)
      if (given % 2 === 1) return () => callback(given)
      held.push(given)
      return undefined
    },
    get hasOutput() {
      return held.length >= enough
    },
    take: () => (held.length >= enough ? held.shift() : undefined),
    end: () => {
      enough = 1
    },
  }))[Symbol.iterator]()
}

t.test('what a callback throws that has left the pass comes out', (t) => {
  const own = new Error('own')
  const pass = toldOf([1, 2], () => {
    pass.return!()
    throw own
  })
  t.throws(() => pass.next(), own)
  t.same(pass.next(), { value: undefined, done: true })
  t.end()
})

t.test('a callback may step the pass: each input gives once', (t) => {
  for (const input of [[1, 2, 3, 4, 6], new Set([1, 2, 3, 4, 6])]) {
    const stepped: unknown[] = []
    const pass = toldOf(input, () => stepped.push(pass.next().value))
    const given = [...{ [Symbol.iterator]: () => pass }]
    t.same([...stepped, ...given], [2, 4, 6])
  }
  t.end()
})

t.test('where a callback that steps the pass meets a failure no more inputs are put in, and that failure comes out', (t) => {
  const inputs = [1, 2, -1, 4, 6, -2]
  const watchedInput = watched(inputs)
  for (const input of [inputs, watchedInput]) {
    const stepped: unknown[] = []
    const pass = toldOf(input, () => stepped.push(pass.next().value), 2)
    t.throws(() => pass.next(), { message: 'refused -1' })
    t.same(stepped, [2], 'what was held before it')
  }
  t.same(watchedInput.log, ['next', 'next', 'next', 'return'])
  const pass = toldOf(inputs, () => {
    pass.next()
    throw new Error('of the callback')
  }, 2)
  t.throws(() => pass.next(), { message: 'refused -1' }, 'and not what came later')
  t.end()
})

t.test('a step in a step is refused, after a callback too, and the pass goes on', (t) => {
  const refused: unknown[] = []
  const pass: Iterator<string> = new Passes([1, 2, 3], () => ({
    put: (input) => {
      if (input === 2) return () => undefined
      refused.push(caught(() => pass.next()).code)
      return undefined
    },
    get hasOutput() {
      return refused.length === 2
    },
    take: () => (refused.length === 2 ? 'given' : undefined),
    end: () => undefined,
  }))[Symbol.iterator]()
  t.same(pass.next(), { value: 'given', done: false })
  t.same(refused, ['ERR_KPL_INVALID_ARGUMENT', 'ERR_KPL_INVALID_ARGUMENT'])
  t.end()
})

t.test('what closing throws does not hide the error that led to it', (t) => {
  const { error } = readUntilError(repeated(watched([1, 0], { return: new Error('of closing') })))
  t.match(error, { message: 'refused' })
  t.end()
})

t.test('an input that throws is not closed: it is over', (t) => {
  const own = new Error('own')
  const input = watched([2], { next: own })
  const { given, error } = readUntilError(repeated(input))
  t.same(given, ['2.0', '2.1', '-2'])
  t.equal(error, own)
  t.same(input.log, ['next', 'next'])
  t.end()
})

t.test('whatever is thrown comes out as it is, nothing too', (t) => {
  for (const thrown of [undefined, null, 0, 'text']) {
    const iterator = repeated((function* () { throw thrown })())[Symbol.iterator]()
    iterator.next()
    let caught: unknown = 'not thrown'
    try {
      iterator.next()
    } catch (error) {
      caught = error
    }
    t.equal(caught, thrown, String(thrown))
  }
  t.end()
})

t.test('an iterator may be a function; one that is no object is refused at the call', (t) => {
  const next = Object.assign(() => undefined, { next: () => ({ value: undefined, done: true }) })
  t.same([...repeated({ [Symbol.iterator]: () => next } as unknown as Iterable<number>)], ['-0'])
  for (const none of [undefined, null, 5, 'text']) {
    const passes = repeated({ [Symbol.iterator]: () => none } as unknown as Iterable<number>)
    t.equal(caught(() => passes[Symbol.iterator]()).code, 'ERR_KPL_INVALID_ARGUMENT', String(none))
  }
  t.end()
})

t.test('an array is read as any other iterable: what is added meanwhile too, and by its own iterator where it has one', (t) => {
  const growing = [1, 2]
  const read: string[] = []
  for (const text of repeated(growing)) if (read.push(text) === 1) growing.push(3)
  t.same(read, ['1.0', '2.0', '2.1', '3.0', '3.1', '3.2', '-3'])
  const own = Object.assign([1, 1, 1], { [Symbol.iterator]: () => [2].values() })
  t.same([...repeated(own)], ['2.0', '2.1', '-2'])
  class Backwards extends Array<number> {
    override [Symbol.iterator]() {
      return Array.from({ length: this.length }, (_, n) => this[this.length - 1 - n]!).values()
    }
  }
  t.same([...repeated(Backwards.from([1, 2]))], ['2.0', '2.1', '1.0', '-1'])
  t.end()
})

t.test('every pass has a stage and an iterator of its own', (t) => {
  const passes = repeated([1, 2])
  const [first, second] = [passes[Symbol.iterator](), passes[Symbol.iterator]()]
  t.same([first.next().value, first.next().value], ['1.0', '2.0'])
  t.same(second.next().value, '1.0')
  t.end()
})

t.test('a pass is iterable itself, and goes on where it is', (t) => {
  const iterator = repeated([2])[Symbol.iterator]() as IterableIterator<string>
  iterator.next()
  t.equal(iterator[Symbol.iterator](), iterator)
  t.same([...iterator], ['2.1', '-2'])
  t.end()
})

t.test('a second pass over an input that is its own iterator throws, though the first was never begun', (t) => {
  for (const once of [[1, 2].values(), (function* () { yield 1 })(), new Set([1]).values()]) {
    const passes = repeated(once)
    passes[Symbol.iterator]()
    t.equal(caught(() => passes[Symbol.iterator]()).code, 'ERR_KPL_INVALID_ARGUMENT')
  }
  t.end()
})

t.test('a pass over a list that is left while it takes an input takes no other', (t) => {
  const taken: number[] = []
  const pass = new Passes([1, 2, 3], () => ({
    put: (input: number) => {
      taken.push(input)
      pass.return!()
      return undefined
    },
    hasOutput: false,
    take: () => undefined,
    end: () => taken.push(-1),
  }))[Symbol.iterator]()
  t.equal(pass.next().done, true)
  t.same(taken, [1])
  t.end()
})

t.test('a pass that is left by its own input: that is closed once it has given, and not gone on with', (t) => {
  let nexts = 0
  let closed = 0
  const input: IterableIterator<number> = {
    next: () => {
      if (++nexts === 2) pass.return!()
      return { value: 1, done: nexts > 10 }
    },
    return: () => ({ value: closed++, done: true }),
    [Symbol.iterator]: () => input,
  }
  const pass: Iterator<string> = repeated(input)[Symbol.iterator]()
  t.equal(pass.next().value, '1.0')
  t.equal(pass.next().done, true)
  t.same([nexts, closed], [2, 1])
  t.end()
})
