// With a context nothing is begun when too little time is left, and the reply says where to go on.
import t from 'tap'
import { HeldHandler, contextWith, eventOf, handlerFailingAt, newOnError, noUnhandledRejections, replyOf, sequenceNumber, settled } from '../../fixtures/lambda.js'
import { processBatch } from '../../lib/lambda/index.js'

noUnhandledRejections(t)

const event = eventOf('a1', 'a2 b1', 'b2', 'c1')

t.test('with time enough all is handled', async (t) => {
  t.same(await processBatch(event, handlerFailingAt().handler, { context: contextWith(1000), onError: () => t.fail() }), replyOf())
})

t.test('the Kinesis record of the first user record that is not begun is named', async (t) => {
  const times = [[0, [], 0], [1, ['a1'], 1], [2, ['a1', 'a2'], 1], [3, ['a1', 'a2', 'b1'], 2], [4, ['a1', 'a2', 'b1', 'b2'], 3]] as const
  for (const [begun, texts, n] of times) {
    const { handled, handler } = handlerFailingAt()
    const context = contextWith(...Array.from({ length: begun }, () => 5000), 999)
    t.same(await processBatch(event, handler, { context, ...newOnError() }), replyOf(n), `${begun} begun`)
    t.same(handled, texts)
  }
})

t.test('the time that must be left is 1,000 ms, or what minRemainingTime says', async (t) => {
  const begins = async (left: number, minRemainingTime?: number) => {
    const { handled, handler } = handlerFailingAt()
    await processBatch(eventOf('a1'), handler, { context: contextWith(left), minRemainingTime, ...newOnError() })
    return handled.length === 1
  }
  t.same(await Promise.all([begins(999.9), begins(1000), begins(29, 30), begins(30, 30), begins(0, 0), begins(1e9, Infinity)]), [false, true, false, true, true, false])
})

t.test('it is told once, by a code, with where it stopped', async (t) => {
  const held = new HeldHandler()
  const told: unknown[][] = []
  let left = 5000
  const reply = processBatch(eventOf('a1 a2', 'b1 b2', 'c1 c2'), held.handler, {
    context: { getRemainingTimeInMillis: () => left },
    concurrency: 3,
    onError: (...all) => void told.push(all),
  })
  await settled()
  left = 10
  for (const text of ['c1', 'b1', 'a1']) await held.end(text)
  t.same(await reply, replyOf(0), 'the lowest of three keys that stopped')
  t.same(held.begun, ['a1', 'b1', 'c1'])
  t.equal(told.length, 1)
  t.match(told[0], [{ name: 'TimeoutError', message: new RegExp(`1000 ms .* user record 1 of Kinesis record ${sequenceNumber(2)}`) }, { eventID: String }, { last: true }])
})

t.test('the lowest that is not begun is named, though a higher one stopped first', async (t) => {
  const held = new HeldHandler()
  let left = 5000
  const reply = processBatch(eventOf('a1', 'a2', 'b1', 'b2'), held.handler, { context: { getRemainingTimeInMillis: () => left }, concurrency: 2, ...newOnError() })
  await settled()
  left = 10
  await held.end('b1')
  await held.end('a1')
  t.same(await reply, replyOf(1))
})

t.test('the time is asked for before each user record, with the context as its own this', async (t) => {
  let calls = 0
  const context = {
    left: 5000,
    getRemainingTimeInMillis() {
      calls++
      return this.left
    },
  }
  await processBatch(event, handlerFailingAt().handler, { context })
  t.equal(calls, 5)
})

t.test('onHidden is not told either when too little time is left: the first that is hidden from then on is named', async (t) => {
  const { told, onError } = newOnError()
  const hidden: number[] = []
  let left = 1300
  const onHidden = (records: readonly unknown[]) => {
    hidden.push(records.length)
    left -= 200
  }
  const options = { context: { getRemainingTimeInMillis: () => left }, hashKeyRange: { startingHashKey: '0', endingHashKey: '9' }, onHidden, onError }
  t.same(await processBatch(eventOf('a1', 'b1 b2', 'b3 b4', 'b5 b6', 'b7 b8'), () => {}, options), replyOf(3))
  t.same(hidden, [2, 2])
  t.equal(told.length, 1)
  t.match(told[0], [/less than 1000 ms left for user record 0 of/, 3, undefined])
})

t.test('a context that tells no number, as one that was mocked, ends nothing', async (t) => {
  for (const left of [undefined, NaN]) {
    const { handled, handler } = handlerFailingAt()
    t.same(await processBatch(eventOf('a1'), handler, { context: contextWith(left as number), onError: () => t.fail() }), replyOf())
    t.same(handled, ['a1'])
  }
})
