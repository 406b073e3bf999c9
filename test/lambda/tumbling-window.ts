// In a tumbling window the state goes from user record to user record, and into the reply.
import t from 'tap'
import { contextWith, eventOf, newOnError, noUnhandledRejections, replyOf, sequenceNumber, windowOf } from '../../fixtures/lambda.js'
import type { UserRecord } from '../../lib/index.js'
import { processBatch } from '../../lib/lambda/index.js'

noUnhandledRejections(t)

interface Seen {
  seen?: string[]
}

/** A new state for each record. */
const noting = (record: UserRecord<unknown>, { seen = [] }: Seen): Seen => ({ seen: [...seen, record.text()] })

/** The same, failing at one after it has changed the state that it was given. */
const changing = (failAt: string) => async (record: UserRecord<unknown>, state: Seen) => {
  ;(state.seen ??= []).push(record.text())
  if (record.text() === failAt) throw new Error(failAt)
  return state
}

t.test('each call gets what the one before it returned, and the reply has the last', async (t) => {
  const states: unknown[] = []
  const handler = async (record: UserRecord<unknown>, state: { n?: number }) => {
    states.push(state)
    return { n: (state.n ?? 0) + record.text().length }
  }
  t.same(await processBatch(windowOf({ n: 5 }, 'a1 a2', 'a3'), handler), { ...replyOf(), state: { n: 11 } })
  t.same(states, [{ n: 5 }, { n: 7 }, { n: 9 }])
})

t.test('a window begins with {}, given or not', async (t) => {
  for (const state of [{}, undefined]) {
    t.same(await processBatch(windowOf(state, 'a1'), noting), { ...replyOf(), state: { seen: ['a1'] } })
    t.same(await processBatch(windowOf(state), noting), { ...replyOf(), state: {} })
  }
  t.same(await processBatch({ ...windowOf({}, 'a1'), state: null }, noting), { ...replyOf(), state: { seen: ['a1'] } })
})

t.test('the last invocation of a window may have no records: the state comes back', async (t) => {
  const event = { ...windowOf({ seen: ['a1'] }), isFinalInvokeForWindow: true }
  t.same(await processBatch(event, () => t.fail() as never), { ...replyOf(), state: { seen: ['a1'] } })
})

t.test('after a failure the reply has the state before the Kinesis record that comes again', async (t) => {
  const event = () => windowOf({ seen: ['x'] }, 'a1', 'a2 b1 a3', 'c1')
  const before = [['a1', 0, ['x']], ['a2', 1, ['x', 'a1']], ['b1', 1, ['x', 'a1']], ['a3', 1, ['x', 'a1']], ['c1', 2, ['x', 'a1', 'a2', 'b1', 'a3']]] as const
  for (const [text, n, seen] of before) {
    const pure = (record: UserRecord<unknown>, state: Seen) => {
      if (record.text() === text) throw new Error(text)
      return noting(record, state)
    }
    t.same(await processBatch(event(), pure, newOnError()), { ...replyOf(n), state: { seen } }, text)
    t.same(await processBatch(event(), changing(text), newOnError()), { ...replyOf(n), state: { seen } }, `${text}, changed in place`)
  }
})

t.test('after a failure by which the whole batch comes again the reply has the state before all of it', async (t) => {
  const event = windowOf({ seen: ['x'] }, 'a1', 'b1', 'c1')
  delete (event.Records[1]!.kinesis as { sequenceNumber?: string }).sequenceNumber
  t.same(await processBatch(event, changing('b1'), { onError() {} }), { batchItemFailures: [{ itemIdentifier: '' }], state: { seen: ['x'] } })
})

t.test('so nothing is counted twice: what is given again gives the same as at one go', async (t) => {
  const texts = ['a1', 'a2 b1 a3', 'c1 c2']
  let reply = await processBatch(windowOf({}, ...texts), changing('b1'), newOnError())
  const rest = windowOf(reply.state, ...texts)
  const from = rest.Records.findIndex(({ kinesis }) => kinesis.sequenceNumber === reply.batchItemFailures[0]!.itemIdentifier)
  reply = await processBatch({ ...rest, Records: rest.Records.slice(from) }, changing('none'))
  t.same(reply, { ...replyOf(), state: { seen: ['a1', 'a2', 'b1', 'a3', 'c1', 'c2'] } })
})

t.test('a Kinesis record that cannot be read, and the end of the time, keep the state before it too', async (t) => {
  const texts = ['a1', 'a2 b1']
  const state = { seen: texts.join(' ').split(' ') }
  t.same(await processBatch(windowOf({}, ...texts, '!'), changing('none'), newOnError()), { ...replyOf(2), state })
  t.same(await processBatch(windowOf({}, '!', 'a1'), changing('none'), newOnError()), { ...replyOf(0), state: {} })
  t.same(await processBatch(windowOf({}, ...texts, 'c1'), changing('none'), { context: contextWith(5000, 5000, 5000, 0), ...newOnError() }), { ...replyOf(2), state })
  t.same(await processBatch(windowOf({}, ...texts), changing('none'), { context: contextWith(5000, 5000, 0), ...newOnError() }), { ...replyOf(1), state: { seen: ['a1'] } })
})

t.test('hidden aggregates do not touch the state, and one that onHidden fails at keeps what was before it', async (t) => {
  const hashKeyRange = { startingHashKey: '0', endingHashKey: '0' }
  const event = windowOf({}, 'a1', 'b1 b2', 'c1')
  t.same(await processBatch(event, noting, { hashKeyRange }), { ...replyOf(), state: { seen: ['a1', 'c1'] } })
  const onHidden = () => Promise.reject(new Error('hidden'))
  t.same(await processBatch(event, noting, { hashKeyRange, onHidden, ...newOnError() }), { ...replyOf(1), state: { seen: ['a1'] } })
})

t.test('hidden aggregates behind one that onHidden fails at do not move the state: it is that before the record that comes again', async (t) => {
  const hashKeyRange = { startingHashKey: '0', endingHashKey: '0' }
  const event = windowOf({}, 'a1', 'b1 b2', 'b3 b4')
  // The plain record and the first hidden one under one sequence number.
  for (const record of [event.Records[1]!, event.Records[0]!]) record.kinesis.sequenceNumber = event.Records[0]!.kinesis.sequenceNumber
  const onHidden = () => Promise.reject(new Error('hidden'))
  t.same(await processBatch(event, noting, { hashKeyRange, onHidden, ...newOnError() }), { ...replyOf(0), state: {} })
})

t.test('a handler that returns no object has failed: no state is lost unseen', async (t) => {
  for (const result of [undefined, null, 5, 'text', () => {}, Promise.resolve()]) {
    const { told, onError } = newOnError()
    t.same(await processBatch(windowOf({ n: 1 }, 'a1'), () => result as never, { onError }), { ...replyOf(0), state: { n: 1 } })
    t.match(told, [[/must return the next state/, 0, 'a1']])
  }
})

t.test('a state that is no JSON rejects: Lambda could not keep it, and gives the whole batch again', async (t) => {
  await t.rejects(processBatch(windowOf({}, 'a1', 'a2'), () => ({ n: 1n }), newOnError()), TypeError)
})

t.test('concurrency is refused: the state goes from one to the next', async (t) => {
  await t.rejects(processBatch(windowOf({}, 'a1'), noting, { concurrency: 2 }), { code: 'ERR_KPL_INVALID_ARGUMENT', message: /concurrency.*2/ })
  t.same(await processBatch(windowOf({}, 'a1'), noting, { concurrency: 1 }), { ...replyOf(), state: { seen: ['a1'] } })
})

t.test('without a window there is no state: neither for the handler nor in the reply', async (t) => {
  const reply = await processBatch(eventOf('a1'), (...all: unknown[]) => t.same(all.slice(1), [undefined]))
  t.strictSame(Object.keys(reply), ['batchItemFailures'])
  t.equal(sequenceNumber(1).length, 56)
})
