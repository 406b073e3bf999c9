import t from 'tap'
import { type UserRecordInput, aggregate } from '../../lib/index.js'
import { caught, readUntilError } from '../../fixtures/reading.js'
import { contents } from '../../fixtures/writing.js'

const record = (partitionKey: string, data = '') => ({ partitionKey, data })
const bad = { partitionKey: '', data: '' }

/** An input that tells what is done with it. */
const watched = (records: readonly UserRecordInput[]) => {
  const log: string[] = []
  return {
    log,
    *[Symbol.iterator]() {
      log.push('opened')
      try {
        for (const record of records) {
          log.push(record.partitionKey)
          yield record
        }
        log.push('end')
      } finally {
        log.push('closed')
      }
    },
  }
}

t.test('the entries that hold all the records; what is pending at the end too', (t) => {
  t.same(contents(aggregate(['a', 'b', 'a'].map((key) => record(key)))), [['a=', 'a='], ['b=']])
  t.same([...aggregate([])], [])
  t.same(contents(aggregate(new Set([record('a')]))), [['a=']], 'any iterable')
  t.end()
})

t.test('arguments are checked at the call', (t) => {
  for (const records of [undefined, null, 5, 'text', {}, (async function* () {})()]) {
    t.equal(caught(() => aggregate(records as never)).code, 'ERR_KPL_INVALID_ARGUMENT', String(records))
  }
  t.equal(caught(() => aggregate([], { aggregationMaxSize: 0 })).code, 'ERR_KPL_INVALID_ARGUMENT')
  t.end()
})

t.test('lazy: nothing is read before it is asked for, and no more than is needed', (t) => {
  const input = watched(['a', 'b', 'a', 'c', 'a'].map((key) => record(key)))
  const entries = aggregate(input, { aggregationMaxCount: 2 })
  t.same(input.log, [])
  const iterator = entries[Symbol.iterator]()
  t.same(contents([iterator.next().value]), [['a=', 'a=']])
  t.same(input.log, ['opened', 'a', 'b', 'a'])
  t.same(contents([iterator.next().value]), [['b=']])
  t.same(input.log, ['opened', 'a', 'b', 'a', 'c', 'a', 'end', 'closed'])
  t.end()
})

t.test('leaving early closes the input', (t) => {
  const input = watched(['a', 'a', 'b'].map((key) => record(key)))
  for (const _ of aggregate(input, { aggregationMaxCount: 1 })) break
  t.same(input.log, ['opened', 'a', 'closed'])
  t.end()
})

t.test('every pass is a fresh one', (t) => {
  const entries = aggregate(['a', 'a'].map((key) => record(key)), { aggregationMaxCount: 1 })
  const first = entries[Symbol.iterator]()
  first.next()
  for (const _ of [1, 2]) t.same(contents(entries), [['a='], ['a=']])
  t.same(contents([first.next().value]), [['a=']], 'each goes its own way')
  t.end()
})

t.test('a second pass over an input that can be read only once throws', (t) => {
  const entries = aggregate([record('a')].values())
  t.same(contents(entries), [['a=']])
  t.equal(caught(() => [...entries]).code, 'ERR_KPL_INVALID_ARGUMENT')
  t.end()
})

t.test('a refused record: first all that is pending, then its error, then no more', (t) => {
  const input = watched([record('a'), record('b'), record('a'), bad, record('c')])
  const iterator = aggregate(input)[Symbol.iterator]()
  const { given, error } = readUntilError({ [Symbol.iterator]: () => iterator })
  t.same(contents(given), [['a=', 'a='], ['b=']])
  t.match(error, { code: 'ERR_KPL_INVALID_PARTITION_KEY', input: bad })
  t.same(input.log, ['opened', 'a', 'b', 'a', '', 'closed'])
  t.same(iterator.next(), { value: undefined, done: true })
  t.end()
})

t.test('onRejected takes the refused records, and it goes on', (t) => {
  const rejected: unknown[] = []
  const large = { partitionKey: 'a', data: Buffer.alloc(2_000_000) }
  const entries = aggregate([record('a', '1'), bad, null as never, record('a', '2'), large, record('a', '3')], {
    onRejected: (error, record) => rejected.push([error.code, record === error.input, record]),
  })
  t.same(contents(entries), [['a=1', 'a=2', 'a=3']])
  t.same(rejected, [['ERR_KPL_INVALID_PARTITION_KEY', true, bad], ['ERR_KPL_INVALID_INPUT', true, null], ['ERR_KPL_RECORD_TOO_LARGE', true, large]])
  t.end()
})

t.test('what onRejected throws ends the pass, after all that is pending', (t) => {
  const own = new Error('own')
  const { given, error } = readUntilError(aggregate([record('a'), bad, record('b')], { onRejected: () => { throw own } }))
  t.same(contents(given), [['a=']])
  t.equal(error, own)
  t.end()
})

t.test('what the input throws comes out as it is, after all that is pending', (t) => {
  const own = new Error('own')
  const { given, error } = readUntilError(aggregate((function* () { yield record('a'); throw own })()))
  t.same(contents(given), [['a=']])
  t.equal(error, own)
  t.end()
})
