import { runInNewContext } from 'node:vm'
import t from 'tap'
import { END, Inputs } from '../lib/inputs.js'

// A list is read as its iterator would read it, and can be seen as a whole; of all else nothing is seen ahead.

const all = <T>(inputs: Inputs<T>) => {
  const read: T[] = []
  for (let input = inputs.next(); input !== END; input = inputs.next()) read.push(input as T)
  return read
}

t.test('what is a list is told, and where the next input stands in it', (t) => {
  const list = [1, 2]
  const inputs = new Inputs(list)
  t.equal(inputs.list, list)
  t.same([inputs.at, inputs.next(), inputs.at, inputs.next(), inputs.at], [0, 1, 1, 2, 2])
  t.equal(inputs.next(), END)
  class Own extends Array<number> {}
  t.ok(new Inputs(Own.from([1])).list)
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
    const inputs = new Inputs(input)
    t.equal(inputs.list, undefined, name)
    t.same(all(inputs), [1, 2], name)
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
      const [inputs, iterator] = [new Inputs<number | undefined>(mine), theirs.values()]
      const [read, expected]: (number | undefined)[][] = [[], []]
      for (let n = 0; n < at; n++) read!.push(inputs.next() as number), expected!.push(iterator.next().value)
      change(mine)
      change(theirs)
      t.same([...read!, ...all(inputs)], [...expected!, ...iterator], `${change} after ${at}`)
    }
  }
  t.end()
})

t.test('open until the end or until it is closed; closing a list does nothing to it', (t) => {
  const inputs = new Inputs([1])
  t.equal(inputs.isOpen, true)
  all(inputs)
  t.equal(inputs.isOpen, false)
  const left = new Inputs([1, 2])
  left.next()
  left.close()
  left.close()
  t.equal(left.isOpen, false)
  const lazy = new Inputs(new Set([1]))
  t.equal(lazy.isOpen, true)
  all(lazy)
  t.equal(lazy.isOpen, false)
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
  const failing = new Inputs(watched(true))
  t.throws(() => failing.next(), { message: 'own' })
  t.equal(failing.isOpen, false)
  failing.close()
  t.same(log, [])
  const left = new Inputs(watched(false))
  left.next()
  left.close()
  left.close()
  t.same(log, ['closed'])
  t.end()
})

t.test('good for one pass is only what is its own iterator', (t) => {
  const list = [1]
  const iterator = list.values()
  const made: Iterable<number> = { [Symbol.iterator]: () => iterator }
  t.equal(new Inputs(list).isOneShot(list), false)
  t.equal(new Inputs(iterator).isOneShot(iterator), true)
  t.equal(new Inputs(made).isOneShot(made), false)
  t.end()
})
