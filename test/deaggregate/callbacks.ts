// What callbacks may do, and what they are given.
import crypto from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'
import t from 'tap'
import { type KinesisInput, type UserRecord, Aggregator, aggregate, deaggregate } from '../../lib/index.js'
import { aggregateOf } from '../../fixtures/aggregates.js'

const bad = { Data: '!' }
const pair = (name: string): KinesisInput => ({ Data: aggregateOf(['x', 'y'].map((data) => ({ partitionKey: 'a', data: `${name}${data}` }))), SequenceNumber: '1' })
const nowhere = { startingHashKey: '0', endingHashKey: '0' }

t.test('onRejected may read on: what is hidden is told once', (t) => {
  const log: string[] = []
  const records = deaggregate([bad, pair('a')], {
    hashKeyRange: nowhere,
    onRejected: () => void (log.push('rejected'), pass.next()),
    onHidden: (hidden) => void log.push(...hidden.map((record) => record.text())),
  })
  const pass: Iterator<UserRecord> = records[Symbol.iterator]()
  t.ok(pass.next().done)
  t.same(log, ['rejected', 'ax', 'ay'])
  t.end()
})

t.test('so may onHidden: what comes after is given once', (t) => {
  const given: string[] = []
  const records = deaggregate([pair('a'), { Data: Buffer.from('plain'), SequenceNumber: '2' }], { hashKeyRange: nowhere, onHidden: () => step() })
  const pass: Iterator<UserRecord> = records[Symbol.iterator]()
  const step = () => {
    const { value, done } = pass.next()
    if (done !== true) given.push(value.text())
  }
  step()
  t.same(given, ['plain'])
  t.ok(pass.next().done)
  t.end()
})

t.test('callbacks are called as functions, not as methods of what is inside', (t) => {
  const seen: unknown[] = []
  const see = function (this: unknown) {
    seen.push(this)
    return undefined
  }
  new Aggregator({ shards: see, groupBy: 'hashKey' }).add({ partitionKey: 'k', data: 'd' })
  t.equal([...aggregate([{ partitionKey: '', data: 'd' }], { onRejected: see })].length, 0)
  t.equal([...deaggregate([bad], { onRejected: see })].length, 0)
  t.equal([...deaggregate([pair('a')], { hashKeyRange: nowhere, onHidden: see })].length, 0)
  t.same(seen, [undefined, undefined, undefined, undefined])
  t.end()
})

t.test('a list whose elements are made anew at each look gives the records that it gave in their turn', (t) => {
  const list: KinesisInput[] = []
  for (const name of 'abc') Object.defineProperty(list, list.length, { get: () => pair(name), enumerable: true })
  const records = [...deaggregate(list)]
  t.same(records.map((record) => record.text()), ['ax', 'ay', 'bx', 'by', 'cx', 'cy'])
  t.equal(new Set(records.map(({ source }) => source)).size, 3)
  t.end()
})

t.test('where MD5 fails, what stands before the first aggregate of a list is given first', (t) => {
  const refusal = new Error('unsupported')
  const { hash } = crypto
  t.teardown(() => void (crypto.hash = hash, syncBuiltinESMExports()))
  crypto.hash = (() => { throw refusal }) as never
  syncBuiltinESMExports()
  for (const list of [[Buffer.from('p'), Buffer.from('q'), pair('a')], [Buffer.from('p'), Buffer.from('q'), pair('a')].values()]) {
    const texts: string[] = []
    t.throws(() => {
      for (const record of deaggregate(list)) texts.push(record.text())
    }, refusal)
    t.same(texts, ['p', 'q'])
  }
  t.end()
})

t.test('an iterator that gives no objects is told of, and not gone on with', (t) => {
  for (const step of [5, 'x', undefined, null]) {
    let steps = 0
    const input = { [Symbol.iterator]: () => ({ next: () => (steps++, step as never) }) }
    t.throws(() => [...deaggregate(input, { onRejected: () => {} })], { code: 'ERR_KPL_INVALID_ARGUMENT', message: /an iterator/ })
    t.equal(steps, 1)
  }
  t.end()
})
