import t from 'tap'
import { type KinesisInput, deaggregate } from '../../lib/index.js'
import { aggregateOf, frame } from '../../fixtures/aggregates.js'
import { line, lines, readUntilError } from '../../fixtures/reading.js'

// The iterable that `deaggregate` returns is synchronous and lazy; every pass is
// a fresh one, and the input's iterator is closed as `for...of` would close it.

const plain = (text: string) => Buffer.from(text)
const pair = aggregateOf([{ partitionKey: 'a', data: 'x' }, { partitionKey: 'a', data: 'y' }])
const malformed = frame(Buffer.from('garbage'))

/** An iterable that counts what is done with it. */
function counting(records: Iterable<KinesisInput>, failAt = Infinity, failure?: Error) {
  const calls = { opened: 0, pulled: 0, closed: 0 }
  const iterable = {
    [Symbol.iterator](): Iterator<KinesisInput> {
      calls.opened++
      const inner = records[Symbol.iterator]()
      return {
        next() {
          if (calls.pulled++ === failAt) throw failure
          return inner.next()
        },
        return(value) {
          calls.closed++
          return { done: true, value }
        },
      }
    },
  }
  return { calls, iterable }
}

t.test('nothing is read before the first step, and then no further than needed', (t) => {
  const { calls, iterable } = counting([plain('1'), pair, plain('2'), frame(Buffer.alloc(0), Buffer.from([0x48, 0])), plain('3')])
  const records = deaggregate(iterable)
  t.same(calls, { opened: 0, pulled: 0, closed: 0 })
  const pass = records[Symbol.iterator]()
  t.equal(calls.pulled, 0)
  const pulled: number[] = []
  for (let step = pass.next(); step.done !== true; step = pass.next()) pulled.push(calls.pulled)
  t.same(pulled, [1, 2, 2, 3, 5], 'an aggregate of no records is passed over')
  t.same(calls, { opened: 1, pulled: 6, closed: 0 }, 'an input at its end is not closed')
  t.end()
})

t.test('every pass over an iterable is a fresh one', (t) => {
  for (const input of [pair, [pair], new Set([pair]), counting([pair]).iterable]) {
    const records = deaggregate(input as Iterable<KinesisInput>)
    t.equal([...records].length, 2)
    t.same(Array.from(records, line), lines(pair))
  }
  t.end()
})

t.test('two passes at once do not disturb each other', (t) => {
  const records = deaggregate([pair, aggregateOf(['p', 'q', 'r'].map((data) => ({ partitionKey: 'b', data }))), pair])
  const [one, other] = [records[Symbol.iterator](), records[Symbol.iterator]()]
  const seen: [string[], string[]] = [[], []]
  for (let n = 0; n < 7; n++) {
    seen[0].push(one.next().value.text())
    if (n % 2 === 0) seen[1].push(other.next().value.text())
  }
  while (seen[1].length < 7) seen[1].push(other.next().value.text())
  t.same(seen, [['x', 'y', 'p', 'q', 'r', 'x', 'y'], ['x', 'y', 'p', 'q', 'r', 'x', 'y']])
  t.end()
})

t.test('a second pass over a one-shot input throws, in place of giving nothing', (t) => {
  const oneShots = [(function* () { yield pair })(), [pair].values(), new Map([[1, pair]]).values()]
  for (const input of oneShots) {
    const records = deaggregate(input)
    t.equal([...records].length, 2)
    t.throws(() => [...records], { code: 'ERR_KPL_INVALID_ARGUMENT' })
    t.throws(() => records[Symbol.iterator](), { code: 'ERR_KPL_INVALID_ARGUMENT' }, 'at once')
  }
  const begun = deaggregate([pair].values())
  begun[Symbol.iterator]()
  t.throws(() => begun[Symbol.iterator](), { code: 'ERR_KPL_INVALID_ARGUMENT' }, 'even where the first has not made a step')
  t.end()
})

t.test('leaving early closes the input once', (t) => {
  const { calls, iterable } = counting([plain('1'), pair, plain('2')])
  for (const record of deaggregate(iterable)) if (record.text() === 'x') break
  t.same(calls, { opened: 1, pulled: 2, closed: 1 })
  const [first] = deaggregate(iterable)
  t.equal(first!.text(), '1')
  t.same(calls, { opened: 2, pulled: 3, closed: 2 }, 'destructuring leaves early too')
  t.end()
})

t.test('leaving before the first step closes the input too', (t) => {
  const { calls, iterable } = counting([pair])
  const pass = deaggregate(iterable)[Symbol.iterator]()
  t.same(pass.return!(), { done: true, value: undefined })
  t.same(pass.return!(), { done: true, value: undefined })
  t.same(pass.next(), { done: true, value: undefined })
  t.same(calls, { opened: 1, pulled: 0, closed: 1 })
  t.end()
})

t.test('an input without a return method can be left', (t) => {
  const input = { [Symbol.iterator]: () => ({ next: () => ({ done: false, value: pair }) }) }
  for (const _ of deaggregate(input)) break
  t.equal(readUntilError(deaggregate({ [Symbol.iterator]: () => ({ next: () => ({ done: false, value: malformed }) }) })).given.length, 0)
  t.end()
})

t.test('a pass that is over stays over', (t) => {
  const { calls, iterable } = counting([pair])
  const pass = deaggregate(iterable)[Symbol.iterator]()
  while (pass.next().done !== true);
  const { pulled } = calls
  for (let n = 0; n < 3; n++) t.same(pass.next(), { done: true, value: undefined })
  pass.return!()
  t.same(calls, { opened: 1, pulled, closed: 0 })
  t.end()
})

t.test('an error closes the input, comes after all before it, and the pass stays over', (t) => {
  const { calls, iterable } = counting([plain('1'), pair, malformed, plain('2')])
  const pass = deaggregate(iterable)[Symbol.iterator]()
  const given = [pass.next(), pass.next(), pass.next()].map((step) => step.value.text())
  t.same(given, ['1', 'x', 'y'])
  t.same(calls, { opened: 1, pulled: 2, closed: 0 }, 'the failing record is not read before its turn')
  t.throws(() => pass.next(), { code: 'ERR_KPL_MALFORMED' })
  t.same(calls, { opened: 1, pulled: 3, closed: 1 })
  for (let n = 0; n < 3; n++) t.same(pass.next(), { done: true, value: undefined })
  pass.return!()
  t.same(calls, { opened: 1, pulled: 3, closed: 1 })
  t.end()
})

t.test('an error outlives a failing close', (t) => {
  const input = { [Symbol.iterator]: () => ({ next: () => ({ done: false, value: malformed }), return() { throw new Error('of the closing') } }) }
  t.match(readUntilError(deaggregate(input)).error, { code: 'ERR_KPL_MALFORMED' })
  t.end()
})

t.test('a failing close is told to whom leaves early', (t) => {
  const failure = new Error('of the closing')
  const input = { [Symbol.iterator]: () => ({ next: () => ({ done: false, value: pair }), return() { throw failure } }) }
  t.throws(() => { for (const _ of deaggregate(input)) break }, failure)
  t.end()
})

t.test("the input iterator's own error passes through, after all before it, and closes nothing", (t) => {
  for (const failure of [new Error('of the input'), 'a string', undefined]) {
    const { calls, iterable } = counting([pair, plain('1')], 2, failure as Error)
    const given: string[] = []
    let thrown: unknown = 'nothing'
    const pass = deaggregate(iterable)[Symbol.iterator]()
    try {
      for (let step = pass.next(); step.done !== true; step = pass.next()) given.push(step.value.text())
    } catch (error) {
      thrown = error
    }
    t.same(given, ['x', 'y', '1'])
    t.equal(thrown, failure, 'the very same')
    t.same(calls, { opened: 1, pulled: 3, closed: 0 })
    t.same(pass.next(), { done: true, value: undefined })
  }
  t.end()
})

t.test('an input whose iterator cannot be had fails when the pass begins', (t) => {
  const failure = new Error('no iterator')
  const records = deaggregate({ [Symbol.iterator]: (): Iterator<Buffer> => { throw failure } })
  t.throws(() => records[Symbol.iterator](), failure)
  t.end()
})

t.test('an iterator may be a function; what is no iterator is an error when the pass begins, or at its first step', (t) => {
  let steps = 0
  const next = () => ({ done: steps++ > 0, value: pair })
  t.equal(lines({ [Symbol.iterator]: () => Object.assign(() => {}, { next }) as unknown as Iterator<Buffer> }).length, 2)
  for (const none of [undefined, null, 5, 'text', {}]) {
    t.throws(() => [...deaggregate({ [Symbol.iterator]: () => none as unknown as Iterator<Buffer> })], { message: /./ }, String(none))
  }
  t.end()
})

t.test('an array is read as its iterator reads it: what is added on the way is read, a gap is refused', (t) => {
  const growing = [plain('1')]
  const texts: string[] = []
  for (const record of deaggregate(growing)) {
    texts.push(record.text())
    if (growing.length < 3) growing.push(plain(String(growing.length + 1)))
  }
  t.same(texts, ['1', '2', '3'])
  t.equal([...deaggregate([])].length, 0)
  const own = Object.defineProperty([plain('1')], Symbol.iterator, { value: () => [plain('own')].values() })
  t.same(Array.from(deaggregate(own), (record) => record.text()), ['own'])
  const gap = [plain('1'), , plain('3')] as Buffer[]
  const { given, error } = readUntilError(deaggregate(gap))
  t.equal(given.length, 1)
  t.match(error, { code: 'ERR_KPL_INVALID_INPUT' })
  t.end()
})

t.test('every step gives a new record', (t) => {
  const records = [...deaggregate([pair, pair, plain('1'), plain('1')])]
  t.equal(new Set(records).size, 6)
  const again = [...deaggregate([pair])]
  t.not(again[0], records[0])
  t.end()
})

t.test('a pass can itself be iterated', (t) => {
  const pass = deaggregate([pair, pair])[Symbol.iterator]() as IterableIterator<{ text(): string }>
  t.equal(pass[Symbol.iterator](), pass)
  pass.next()
  t.same(Array.from(pass, (record) => record.text()), ['y', 'x', 'y'], 'it goes on where it stood')
  t.end()
})

t.test('an aggregate of 5,000 keys and 20,000 records, then a small one', (t) => {
  const many = Array.from({ length: 20_000 }, (_, n) => ({ partitionKey: `key ${n % 5000}`, explicitHashKey: String(n % 300), data: String(n) }))
  const records = [...deaggregate([aggregateOf(many), pair])]
  const wrong = many.filter(({ partitionKey, explicitHashKey, data }, n) => {
    const record = records[n]!
    return record.partitionKey !== partitionKey || record.explicitHashKey !== explicitHashKey || record.text() !== data || record.subSequenceNumber !== n
  })
  t.equal(wrong.length, 0)
  t.same(records.slice(20_000).map(line), lines(pair))
  t.equal(records[19_999]!.last && !records[19_998]!.last, true)
  t.end()
})
