// Without concurrency: in order, lazily, until the first failure.
import t from 'tap'
import { eventOf, HeldHandler, handlerFailingAt, newOnError, replyOf, sequenceNumber, settled } from '../../fixtures/lambda.js'
import { processBatch } from '../../lib/lambda/index.js'

t.test('all user records of all Kinesis records are handled in order, and nothing is reported', async (t) => {
  const { handled, handler } = handlerFailingAt()
  t.same(await processBatch(eventOf('a1', 'a2 b1 a3', 'b2', 'c1 c2'), handler), replyOf())
  t.same(handled, ['a1', 'a2', 'b1', 'a3', 'b2', 'c1', 'c2'])
})

t.test('the first failure ends the batch, and names the Kinesis record that it is in', async (t) => {
  const { told, onError } = newOnError()
  const { handled, handler } = handlerFailingAt('b1', 'c1')
  t.same(await processBatch(eventOf('a1', 'a2 b1 a3', 'b2', 'c1 c2'), handler, { onError }), replyOf(1))
  t.same(handled, ['a1', 'a2', 'b1'])
  t.same(told, [['at b1', 1, 'b1']])
})

t.test('a failure of the first, of a plain and of the last one', async (t) => {
  for (const [text, n] of [['a1', 0], ['b2', 2], ['c2', 3]] as const) {
    t.same(await processBatch(eventOf('a1', 'a2 b1 a3', 'b2', 'c1 c2'), handlerFailingAt(text).handler, newOnError()), replyOf(n), text)
  }
})

t.test('a user record is not begun before the one before it has ended', async (t) => {
  const held = new HeldHandler()
  const reply = processBatch(eventOf('a1 b1', 'c1'), held.handler)
  for (const text of ['a1', 'b1', 'c1']) {
    await settled()
    t.same(held.underWay, [text])
    await held.end(text)
  }
  t.same(await reply, replyOf())
})

t.test('no more is read than is needed: what is behind a failure is never looked at', async (t) => {
  const event = eventOf(...Array.from({ length: 40 }, (_, n) => `a${n}`))
  let looks = 0
  for (const { kinesis } of event.Records) {
    const { data } = kinesis
    Object.defineProperty(kinesis, 'data', { get: () => (looks++, data) })
  }
  t.same(await processBatch(event, handlerFailingAt('a0').handler, newOnError()), replyOf(0))
  t.ok(looks > 0 && looks <= 16, `${looks} of 40, what deaggregate looks ahead to`)
})

t.test('the user record that the handler gets knows its Lambda record', async (t) => {
  const event = eventOf('a1', 'a2 b1')
  await processBatch(event, (record) => {
    t.equal(record.source, event.Records[record.sequenceNumber === sequenceNumber(0) ? 0 : 1])
    t.equal(record.source.eventSource, 'aws:kinesis')
  })
  t.plan(6)
})

t.test('a handler that takes records out of the event changes nothing of the batch', async (t) => {
  const event = eventOf('a1', 'b1', 'c1', 'd1')
  const seen: string[] = []
  const reply = await processBatch(event, (record) => {
    seen.push(record.text())
    event.Records.shift()
  })
  t.same([seen, reply], [['a1', 'b1', 'c1', 'd1'], replyOf()])
})

t.test('an event without records', async (t) => {
  t.same(await processBatch({ Records: [] }, () => t.fail()), { batchItemFailures: [] })
})
