// What is no event of Kinesis, no handler or no option is refused before anything is handled, as a rejection.
import t from 'tap'
import { eventOf, eventRecord, handlerFailingAt, replyOf } from '../../fixtures/lambda.js'
import { processBatch, toEvent } from '../../lib/lambda/index.js'

const foreign: Record<string, unknown> = {
  SQS: { Records: [{ messageId: 'm', body: '{}', eventSource: 'aws:sqs' }] },
  S3: { Records: [{ eventSource: 'aws:s3', s3: {} }] },
  SNS: { Records: [{ EventSource: 'aws:sns', Sns: {} }] },
  DynamoDB: { Records: [{ eventSource: 'aws:dynamodb', dynamodb: { SequenceNumber: '1' } }] },
  'a Firehose transform': { invocationId: 'i', records: [] },
  'EventBridge Pipes': [{ data: '', sequenceNumber: '1' }],
  'no Records': {},
  'Records of null': { Records: [null] },
  'Records as text': { Records: 'text' },
  null: null,
  undefined,
  text: 'text',
}

t.test('an event of another source is refused, with what is wrong', async (t) => {
  for (const [name, event] of Object.entries(foreign)) {
    const { handled, handler } = handlerFailingAt()
    await t.rejects(processBatch(event as never, handler), { code: 'ERR_KPL_INVALID_INPUT', input: event as object }, name)
    t.throws(() => toEvent(event as never), { code: 'ERR_KPL_INVALID_INPUT' }, name)
    t.same(handled, [])
  }
  await t.rejects(processBatch(foreign.SQS as never, () => {}), { message: 'Records must be of Kinesis, not "aws:sqs"' })
  await t.rejects(processBatch({} as never, () => {}), { message: 'event must be as Lambda gives it, with Records, not Object' })
  await t.rejects(processBatch(eventOf('a1').Records as never, () => {}), { message: 'event must be as Lambda gives it, with Records, not Array' })
})

t.test('one foreign record among others is refused before anything is handled', async (t) => {
  const { handled, handler } = handlerFailingAt()
  const event: any = eventOf('a1', 'a2')
  event.Records.push({ body: '{}' })
  await t.rejects(processBatch(event, handler), { code: 'ERR_KPL_INVALID_INPUT' })
  t.same(handled, [])
})

t.test('the handler must be a function, and the options what they must be', async (t) => {
  const event = eventOf('a1')
  for (const handler of [undefined, null, {}, 'text']) {
    await t.rejects(processBatch(event, handler as never), { code: 'ERR_KPL_INVALID_ARGUMENT', message: /^handler/ })
  }
  const options = {
    context: [null, 5, {}, { getRemainingTimeInMillis: 5 }],
    minRemainingTime: [-1, NaN, '5', null],
    concurrency: [0, 1.5, Infinity, '2', null],
    onError: [null, 'text', {}],
    onHidden: [null, 'text', {}],
    digestMismatch: ['ignore', null],
    malformed: ['ignore', null],
    hashKeyRange: [null, {}],
    copy: ['yes', null],
  }
  for (const [name, values] of Object.entries(options)) {
    for (const value of values) {
      const { handled, handler } = handlerFailingAt()
      await t.rejects(processBatch(event, handler, { [name]: value }), { code: 'ERR_KPL_INVALID_ARGUMENT' }, `${name}: ${String(value)}`)
      t.same(handled, [])
    }
  }
  await t.rejects(processBatch(event, () => {}, null as never), { code: 'ERR_KPL_INVALID_ARGUMENT' })
})

t.test('the context in place of the options is refused: the time would not be looked at', async (t) => {
  const { handled, handler } = handlerFailingAt()
  const context = { getRemainingTimeInMillis: () => 1e6 }
  await t.rejects(processBatch(eventOf('a1'), handler, context as never), { code: 'ERR_KPL_INVALID_ARGUMENT', message: /^the context must be in the options, as { context }/ })
  t.same(handled, [])
})

t.test('options that are undefined are none; those that deaggregate has and processBatch has not are not looked at', async (t) => {
  const { handled, handler } = handlerFailingAt()
  const none = { context: undefined, minRemainingTime: undefined, concurrency: undefined, onError: undefined, onHidden: undefined, malformed: undefined }
  t.same(await processBatch(eventOf('a1', 'a2'), handler, none), replyOf())
  const after = { sequenceNumber: eventRecord('', 1).kinesis.sequenceNumber }
  t.same(await processBatch(eventOf('a1', '!'), handler, { after, onRejected: () => t.fail(), onError: () => {} } as object), replyOf(1))
  t.same(handled, ['a1', 'a2', 'a1'])
})

t.test('an event of an enhanced fan-out consumer is read like any other', async (t) => {
  const event = eventOf('a1 a2')
  event.Records[0]!.eventSourceARN += '/consumer/mine:1545084650'
  const { handled, handler } = handlerFailingAt()
  t.same(await processBatch(event, handler), replyOf())
  t.same(handled, ['a1', 'a2'])
})
