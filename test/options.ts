import t, { type Test } from 'tap'
import { checkBoolean, checkCallback, checkChoice, checkIterable, checkLimit, checkOptions, isIterable } from '../lib/options.js'
import { caught } from '../fixtures/reading.js'

const refuses = (t: Test, check: (value: never) => unknown, values: unknown[]) => {
  for (const value of values) {
    const error = caught(() => check(value as never))
    t.equal(error.code, 'ERR_KPL_INVALID_ARGUMENT', `${typeof value} ${String(value)}`)
    t.ok(Object.is(error.input, value))
  }
}

t.test('options are an object', (t) => {
  for (const options of [{}, Object.create(null), Object.freeze({}), new (class {})()]) t.doesNotThrow(() => checkOptions(options))
  refuses(t, checkOptions, [null, undefined, 5, 'text', true, () => undefined])
  t.end()
})

t.test('a callback is a function, or undefined', (t) => {
  for (const callback of [undefined, () => undefined, class {}]) t.doesNotThrow(() => checkCallback('onRejected', callback))
  refuses(t, (value) => checkCallback('onRejected', value), [null, 5, 'text', {}])
  t.match(caught(() => checkCallback('onRejected', 5)).message, /onRejected.*5/)
  t.end()
})

t.test('a boolean is true or false', (t) => {
  for (const value of [true, false]) t.doesNotThrow(() => checkBoolean('copy', value))
  refuses(t, (value) => checkBoolean('copy', value), [null, undefined, 0, 1, 'true', new Boolean(true)])
  t.match(caught(() => checkBoolean('copy', 'yes')).message, /copy.*"yes"/)
  t.end()
})

t.test('a choice is one of the texts; the message names them', (t) => {
  const check = (value: unknown) => checkChoice('outerKey', value, 'first', 'kpl')
  for (const value of ['first', 'kpl']) t.doesNotThrow(() => check(value))
  refuses(t, check, [null, undefined, '', 'First', 'first ', ['first'], 0])
  t.match(caught(() => check('second')).message, /outerKey.*first.*kpl.*"second"/)
  t.end()
})

t.test('a limit is an integer from 1 on; the message names both ends', (t) => {
  const check = (value: unknown) => checkLimit('maxCount', value as number, 500)
  for (const value of [1, 2, 499, 500]) t.doesNotThrow(() => check(value))
  refuses(t, check, [501, 0, -1, 1.5, NaN, Infinity, -Infinity, '5', 5n, null, undefined, [5], {}])
  t.match(caught(() => check(501)).message, /maxCount.* 1 to 500.*501/)
  t.doesNotThrow(() => checkLimit('maxCount', Number.MAX_SAFE_INTEGER), 'without another end')
  refuses(t, (value) => checkLimit('maxCount', value), [2 ** 53, 0])
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
