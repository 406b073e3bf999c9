import t, { type Test } from 'tap'
import { type Rule, callback, checkIterable, choice, flag, isIterable, limit, resolved } from '../lib/options.js'
import { caught } from '../fixtures/reading.js'

const refuses = (t: Test, check: (value: never) => unknown, values: unknown[]) => {
  for (const value of values) {
    const error = caught(() => check(value as never))
    t.equal(error.code, 'ERR_KPL_INVALID_ARGUMENT', `${typeof value} ${String(value)}`)
    t.ok(Object.is(error.input, value))
  }
}

/** A rule, as it is applied to an option. */
const applied =
  <T>(name: string, rule: Rule<T>) =>
  (value: unknown) =>
    resolved<Record<string, T>>({ [name]: value }, { [name]: rule })[name]

t.test('options are an object', (t) => {
  for (const options of [{}, Object.create(null), Object.freeze({}), new (class {})()]) t.same(resolved(options, {}), {})
  refuses(t, (options) => resolved(options, {}), [null, undefined, 5, 'text', true, () => undefined])
  t.end()
})

t.test('what is not given is what the rule says; what there is no rule for is left out', (t) => {
  t.same(resolved({ a: 5, b: undefined, d: 1 }, { a: limit(1), b: limit(2), c: limit(3) }), { a: 5, b: 2, c: 3 })
  t.end()
})

t.test('each option is read once', (t) => {
  let count = 0
  t.same(resolved({ get a() { return ++count } }, { a: limit(7) }), { a: 1 })
  t.end()
})

t.test('a callback is a function, or undefined', (t) => {
  const check = applied('onRejected', callback())
  for (const value of [undefined, () => undefined, class {}]) t.equal(check(value), value)
  refuses(t, check, [null, 5, 'text', {}])
  t.match(caught(() => check(5)).message, /onRejected.*5/)
  t.end()
})

t.test('a flag is true or false', (t) => {
  const check = applied('copy', flag(true))
  for (const value of [true, false]) t.equal(check(value), value)
  t.equal(check(undefined), true)
  refuses(t, check, [null, 0, 1, 'true', new Boolean(true)])
  t.match(caught(() => check('yes')).message, /copy.*"yes"/)
  t.end()
})

t.test('a choice is one of the texts, the first by default; the message names them', (t) => {
  const check = applied('outerKey', choice('first', 'kpl'))
  for (const value of ['first', 'kpl']) t.equal(check(value), value)
  t.equal(check(undefined), 'first')
  refuses(t, check, [null, '', 'First', 'first ', ['first'], 0])
  t.match(caught(() => check('second')).message, /outerKey.*first.*kpl.*"second"/)
  t.end()
})

t.test('a limit is an integer from 1 on; the message names both ends', (t) => {
  const check = applied('maxCount', limit(10, 500))
  for (const value of [1, 2, 499, 500]) t.equal(check(value), value)
  t.equal(check(undefined), 10)
  refuses(t, check, [501, 0, -1, 1.5, NaN, Infinity, -Infinity, '5', 5n, null, [5], {}])
  t.match(caught(() => check(501)).message, /maxCount.* 1 to 500.*501/)
  t.equal(applied('maxCount', limit(10))(Number.MAX_SAFE_INTEGER), Number.MAX_SAFE_INTEGER, 'without another end')
  refuses(t, applied('maxCount', limit(10)), [2 ** 53, 0])
  t.end()
})

t.test('iterable is what has an iterator, texts left aside', (t) => {
  for (const value of [[], new Set(), new Map(), new Uint8Array(), (function* () {})(), { [Symbol.iterator]: () => [].values() }]) {
    t.equal(isIterable(value), true)
    t.doesNotThrow(() => checkIterable('records', value))
  }
  for (const value of [undefined, null, 5, '', 'text', {}, { [Symbol.iterator]: 5 }, (async function* () {})()]) {
    t.equal(isIterable(value), false)
    t.match(caught(() => checkIterable('records', value)), { code: 'ERR_KPL_INVALID_ARGUMENT', message: /records must be an iterable/ })
  }
  t.end()
})
