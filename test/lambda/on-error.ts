// Failures are told to onError, and never swallowed.
import t from 'tap'
import { HeldHandler, eventOf, handlerFailingAt, noUnhandledRejections, replyOf, sequenceNumber, settled } from '../../fixtures/lambda.js'
import { type KplError, type UserRecord } from '../../lib/index.js'
import { processBatch } from '../../lib/lambda/index.js'

noUnhandledRejections(t)

t.test('onError gets the very error, the Lambda record, and the user record', async (t) => {
  const event = eventOf('a1', 'a2 b1')
  const error = new Error('mine')
  let failed: UserRecord<unknown> | undefined
  const handler = (record: UserRecord<unknown>) => {
    if (record.text() !== 'b1') return
    failed = record
    throw error
  }
  await processBatch(event, handler, {
    onError(...all) {
      t.equal(all.length, 3)
      t.equal(all[0], error)
      t.equal(all[1], event.Records[1])
      t.equal(all[2], failed)
    },
  })
  t.plan(4)
})

t.test('of a Kinesis record that cannot be read onError gets the KplError, and no user record', async (t) => {
  const event = eventOf('a1', '!')
  await processBatch(event, () => {}, {
    onError(error, source, record) {
      t.match(error as KplError, { code: 'ERR_KPL_MALFORMED', sequenceNumber: sequenceNumber(1) })
      t.equal(source, event.Records[1])
      t.equal(record, undefined)
    },
  })
  t.plan(3)
})

t.test('without onError failures are shown on stderr, with where they are', async (t) => {
  const shown = t.capture(console, 'error')
  const event = eventOf('a1', 'a2 b1')
  await processBatch(event, handlerFailingAt('b1').handler)
  await processBatch(eventOf('!'), handlerFailingAt().handler)
  const { eventID } = event.Records[1]!
  t.match(shown().map(({ args }) => args), [
    [new Error('at b1'), { eventID, subSequenceNumber: 1 }],
    [{ code: 'ERR_KPL_MALFORMED' }, { eventID: /:99/, subSequenceNumber: undefined }],
  ])
})

t.test('what onError does is awaited before the reply', async (t) => {
  let isDone = false
  const onError = async () => {
    await settled()
    isDone = true
  }
  t.same(await processBatch(eventOf('a1'), handlerFailingAt('a1').handler, { onError }), replyOf(0))
  t.equal(isDone, true)
  isDone = false
  t.same(await processBatch(eventOf('!'), handlerFailingAt().handler, { onError }), replyOf(0))
  t.equal(isDone, true, 'of a Kinesis record too')
})

t.test('an onError that throws or rejects ends all: the promise rejects once what was begun has ended', async (t) => {
  const mine = new Error('mine')
  const onErrors = [() => Promise.reject(mine), () => { throw mine }]
  for (const onError of onErrors) {
    const held = new HeldHandler()
    const reply = processBatch(eventOf('a1', 'a2', 'b1', 'b2', 'c1'), held.handler, { concurrency: 2, onError })
    let isOver = false
    reply.catch(() => (isOver = true))
    await settled()
    await held.end('b1', new Error('first'))
    t.same(held.underWay, ['a1'])
    t.equal(isOver, false)
    await held.end('a1')
    t.equal(isOver, true)
    await t.rejects(reply, mine)
    t.same(held.begun, ['a1', 'b1'], 'and nothing more was begun, not even what is before the failure')
  }
})
