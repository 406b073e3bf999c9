// Whatever way a handler fails, or a Kinesis record is broken: it is told, and named in the reply.
import t from 'tap'
import { HeldHandler, eventOf, handlerFailingAt, newOnError, noUnhandledRejections, replyOf, settled } from '../../fixtures/lambda.js'
import { processBatch } from '../../lib/lambda/index.js'

noUnhandledRejections(t)

t.test('a handler may throw, reject, and give a promise of any make', async (t) => {
  const thenable = { then: (_: unknown, reject: (error: Error) => void) => reject(new Error('thenable')) }
  const handlers: Record<string, () => unknown> = {
    thrown: () => {
      throw new Error('thrown')
    },
    rejected: () => Promise.reject(new Error('rejected')),
    thenable: () => thenable,
  }
  for (const [message, handler] of Object.entries(handlers)) {
    const { told, onError } = newOnError()
    t.same(await processBatch(eventOf('a1 a2', 'a3'), handler, { onError }), replyOf(0))
    t.same(told, [[message, 0, 'a1']])
  }
})

t.test('throwing undefined, null, 0 or an empty text is a failure like any other', async (t) => {
  for (const thrown of [undefined, null, 0, '', false, NaN]) {
    const told: unknown[] = []
    const reply = processBatch(eventOf('a1', 'a2'), () => Promise.reject(thrown), { onError: (error) => void told.push(error) })
    t.same(await reply, replyOf(0))
    t.ok(told.length === 1 && Object.is(told[0], thrown), String(thrown))
  }
})

t.test('what a handler returns means nothing, promise or not', async (t) => {
  for (const result of [undefined, false, new Error('returned'), Promise.resolve(false)]) {
    t.same(await processBatch(eventOf('a1', 'a2'), () => result), replyOf())
  }
})

t.test('a malformed aggregate is a failure of its Kinesis record, once all before it is handled', async (t) => {
  const { told, onError } = newOnError()
  const { handled, handler } = handlerFailingAt()
  const event = eventOf('a1', 'a2 b1', '!', 'c1', '!')
  t.same(await processBatch(event, handler, { onError }), replyOf(2))
  t.same(handled, ['a1', 'a2', 'b1'])
  t.match(told, [[/truncated/, 2, undefined]], 'the first of two, once')
})

t.test('what is behind a malformed aggregate is not handled while those before it are under way', async (t) => {
  const held = new HeldHandler()
  const reply = processBatch(eventOf('a1', '!', 'c1'), held.handler, { concurrency: 3, ...newOnError() })
  await settled()
  t.same(held.begun, ['a1'])
  await held.endAll()
  t.same(await reply, replyOf(1))
  t.same(held.begun, ['a1'])
})

t.test('the options for reading hold: what is passed through is handled', async (t) => {
  const { handled, handler } = handlerFailingAt()
  t.same(await processBatch(eventOf('a1', '!', 'c1'), handler, { malformed: 'passthrough' }), replyOf())
  t.equal(handled.length, 3)
})

t.test('broken base64, data, keys and sequence numbers are failures of their Kinesis record', async (t) => {
  const broken: Record<string, unknown>[] = [{ data: 'a' }, { data: undefined }, { partitionKey: 5 }]
  for (const members of broken) {
    const { told, onError } = newOnError()
    const { handled, handler } = handlerFailingAt()
    const event = eventOf('a1', 'a2', 'a3')
    Object.assign(event.Records[1]!.kinesis, members)
    t.same(await processBatch(event, handler, { onError }), replyOf(1), JSON.stringify(members))
    t.same(handled, ['a1'])
    t.match(told, [[String, 1, undefined]])
  }
})

t.test('a failure without a sequence number is named by an empty text: Lambda gives the whole batch again', async (t) => {
  const event: any = eventOf('a1', 'a2', 'a3')
  delete event.Records[1].kinesis.sequenceNumber
  const { handled, handler } = handlerFailingAt('a2')
  t.same(await processBatch(event, handler, { onError: () => {} }), { batchItemFailures: [{ itemIdentifier: '' }] })
  t.same(handled, ['a1', 'a2'])
  event.Records[1].kinesis = null
  t.same(await processBatch(event, handler, { onError: () => {} }), { batchItemFailures: [{ itemIdentifier: '' }] })
})

t.test('Kinesis records of one sequence number are one: what is behind in it is not begun', async (t) => {
  const event = eventOf('a1', 'b1', 'b2', 'c1')
  event.Records[2]!.kinesis.sequenceNumber = event.Records[1]!.kinesis.sequenceNumber
  const { handled, handler } = handlerFailingAt('b1')
  t.same(await processBatch(event, handler, newOnError()), replyOf(1))
  t.same(handled, ['a1', 'b1'])
})

t.test('an error that no record is to blame for rejects, once what was begun has ended', async (t) => {
  const event = eventOf('a1', 'b1')
  Object.defineProperty(event.Records[1]!.kinesis, 'data', {
    get() {
      throw new TypeError('no MD5 here')
    },
  })
  const held = new HeldHandler()
  const reply = processBatch(event, held.handler, { concurrency: 2, onError: () => t.fail() })
  let isOver = false
  reply.catch(() => (isOver = true))
  await settled()
  t.same(held.underWay, ['a1'])
  t.equal(isOver, false)
  await held.endAll()
  await t.rejects(reply, new TypeError('no MD5 here'))
})
