import { runInNewContext } from 'node:vm'
import t from 'tap'
import { Passes } from '../lib/passes.js'
import type { Inputs } from '../lib/stage.js'

// A list is read as its iterator would read it, and can be seen as a whole; of all else nothing is seen ahead.

type Seen<T> = Inputs<T> & { readonly input: T }

/** A pass that gives each input, and what can be seen beside it. */
const pass = <T>(inputs: Iterable<T>) =>
  new Passes<T, Seen<T>>(inputs, () => {
    let seen: Seen<T>[] = []
    return {
      put: (input, { list, at }) => void (seen = [{ input, list, at }]),
      get hasOutput() { return seen.length > 0 },
      take: () => seen.shift(),
      end() {},
    }
  })
const inputsOf = <T>(seen: Iterable<Seen<T>>) => Array.from(seen, ({ input }) => input)
/** The rest of a pass, from where it stands. */
const rest = <T>(steps: Iterator<T>): Iterable<T> => ({ [Symbol.iterator]: () => steps })

t.test('what is a list is told, and where the next input stands in it', (t) => {
  const list = [1, 2]
  t.same([...pass(list)], [{ input: 1, list, at: 1 }, { input: 2, list, at: 2 }])
  for (const seen of pass(list)) t.equal(seen.list, list)
  class Own extends Array<number> {}
  for (const seen of pass(Own.from([1]))) t.ok(seen.list)
  t.end()
})

t.test('what is none: iterators, other iterables, arrays with an iterator of their own or of another realm', (t) => {
  const others: [string, Iterable<number>][] = [
    ['an iterator', [1, 2].values()],
    ['a generator', (function* () { yield* [1, 2] })()],
    ['a Set', new Set([1, 2])],
    ['a typed array', new Uint8Array([1, 2])],
    ['an object like an array', { length: 9, [Symbol.iterator]: () => [1, 2].values() } as Iterable<number>],
    ['an array of another iterator', Object.assign([3], { [Symbol.iterator]: () => [1, 2].values() })],
    ['an array of another realm', runInNewContext('[1, 2]') as number[]],
  ]
  for (const [name, input] of others) {
    const seen = [...pass(input)]
    t.same(seen.map(({ list }) => list), [undefined, undefined], name)
    t.same(inputsOf(seen), [1, 2], name)
  }
  t.end()
})

t.test('a list that grows, shrinks or has gaps, as an iterator would read it', (t) => {
  const changes: ((list: (number | undefined)[]) => unknown)[] = [
    (list) => list.push(9),
    (list) => list.pop(),
    (list) => list.shift(),
    (list) => (list.length = 0),
    (list) => (list.length = 6),
    (list) => list.splice(1, 1),
    (list) => list.reverse(),
    (list) => delete list[2],
  ]
  for (const change of changes) {
    for (const at of [0, 1, 2]) {
      const [mine, theirs] = [[1, 2, 3], [1, 2, 3]]
      const [steps, iterator] = [pass<number | undefined>(mine)[Symbol.iterator](), theirs.values()]
      const [read, expected]: (number | undefined)[][] = [[], []]
      for (let n = 0; n < at; n++) read!.push(steps.next().value.input), expected!.push(iterator.next().value)
      change(mine)
      change(theirs)
      t.same([...read!, ...inputsOf(rest(steps))], [...expected!, ...iterator], `${change} after ${at}`)
    }
  }
  t.end()
})

t.test('what has ended or was left stays so, whatever becomes of the list', (t) => {
  for (const leave of [(steps: Iterator<unknown>) => steps.next(), (steps: Iterator<unknown>) => steps.return!()]) {
    const list = [1]
    const steps = pass(list)[Symbol.iterator]()
    t.equal(steps.next().value.input, 1)
    leave(steps)
    list.push(2)
    t.equal(steps.next().done, true)
    t.same(list, [1, 2])
  }
  t.end()
})

t.test('an iterator that throws is over, and not closed; one that is left is closed once', (t) => {
  const log: string[] = []
  const watched = (fail: boolean): Iterable<number> => ({
    [Symbol.iterator]: () => ({
      next() {
        if (fail) throw new Error('own')
        return { value: 1, done: false }
      },
      return() {
        log.push('closed')
        return { value: undefined, done: true }
      },
    }),
  })
  const failing = pass(watched(true))[Symbol.iterator]()
  t.throws(() => failing.next(), { message: 'own' })
  failing.return!()
  t.same(log, [])
  const left = pass(watched(false))[Symbol.iterator]()
  left.next()
  left.return!()
  left.return!()
  t.same(log, ['closed'])
  t.end()
})

t.test('good for one pass is only what is its own iterator', (t) => {
  const list = pass([1])
  const iterator = pass([1].values())
  const values = [1].values()
  const made = pass({ [Symbol.iterator]: () => values })
  for (const input of [list, iterator, made]) t.same(inputsOf(input), [1])
  t.same(inputsOf(list), [1])
  t.same(inputsOf(made), [], 'it says that it can be iterated twice')
  t.throws(() => iterator[Symbol.iterator](), { code: 'ERR_KPL_INVALID_ARGUMENT' })
  t.end()
})
