// processBatch reads as deaggregate does, with its options.
import t from 'tap'
import { HeldHandler, eventOf, eventRecord, handlerFailingAt, newOnError, noUnhandledRejections, replyOf, settled } from '../../fixtures/lambda.js'
import { aggregateOf, withWrongDigest } from '../../fixtures/aggregates.js'
import { processBatch } from '../../lib/lambda/index.js'

noUnhandledRejections(t)

const hashKeyRange = { startingHashKey: '0', endingHashKey: '9' }

t.test('digestMismatch: passed through, or a failure', async (t) => {
  const event = { Records: [eventRecord(withWrongDigest(aggregateOf([{ partitionKey: 'k', data: 'a' }])))] }
  t.same(await processBatch(event, (record) => t.equal(record.aggregated, false)), replyOf())
  const { told, onError } = newOnError()
  t.same(await processBatch(event, () => t.fail(), { digestMismatch: 'error', onError }), replyOf(0))
  t.equal(told.length, 1)
})

t.test('copy: payloads with memory of their own', async (t) => {
  const lengths: number[] = []
  await processBatch(eventOf('a1 b1'), ({ data }) => void lengths.push(data.buffer.byteLength), { copy: true })
  t.same(lengths, [2, 2])
})

t.test('options may be inherited, and frozen: they are not touched', async (t) => {
  const { handled, handler } = handlerFailingAt()
  const options = Object.freeze(Object.create(Object.freeze({ malformed: 'passthrough', onHidden: undefined, onRejected: undefined, concurrency: 2 })))
  t.same(await processBatch(eventOf('a1', '!', 'c1'), handler, options), replyOf())
  t.equal(handled.length, 3)
})

t.test('options may be accessors of the very object', async (t) => {
  class Options {
    readonly #malformed = 'passthrough' as const
    get malformed(): 'passthrough' {
      return this.#malformed
    }
  }
  const { handled, handler } = handlerFailingAt()
  t.same(await processBatch(eventOf('a1', '!', 'c1'), handler, new Options()), replyOf())
  t.equal(handled.length, 3)
})

t.test('hashKeyRange hides aggregates, which onHidden is told of in turn', async (t) => {
  const order: string[] = []
  const onHidden = (records: readonly { text(): string }[]) => void order.push(`hidden ${records.map((record) => record.text()).join(' ')}`)
  const reply = processBatch(eventOf('a1', 'b1 b2', 'c1'), (record) => void order.push(record.text()), { hashKeyRange, onHidden })
  t.same(await reply, replyOf())
  t.same(order, ['a1', 'hidden b1 b2', 'c1'])
})

t.test('what onHidden does is awaited; where it fails, the hidden Kinesis record is named', async (t) => {
  const onHiddens = [
    () => settled().then(() => Promise.reject(new Error('mine'))),
    () => { throw new Error('mine') },
  ]
  for (const onHidden of onHiddens) {
    const { told, onError } = newOnError()
    const { handled, handler } = handlerFailingAt()
    t.same(await processBatch(eventOf('a1', 'b1 b2', 'c1'), handler, { hashKeyRange, onHidden, onError }), replyOf(1))
    t.same(handled, ['a1'])
    t.same(told, [['mine', 1, undefined]])
  }
  const held = new HeldHandler()
  const onHidden = () => Promise.reject(new Error('mine'))
  const reply = processBatch(eventOf('b1 b2'), held.handler, { hashKeyRange, onHidden, ...newOnError() })
  t.same(await reply, replyOf(0), 'hidden and last')
})

t.test('after onHidden has failed it is not called for what is hidden behind', async (t) => {
  const { told, onError } = newOnError()
  let calls = 0
  const onHidden = () => Promise.reject(new Error(`call ${++calls}`))
  t.same(await processBatch(eventOf('a1', 'b1 b2', 'b3 b4', 'b5 b6'), () => {}, { hashKeyRange, onHidden, onError }), replyOf(1))
  t.same(told, [['call 1', 1, undefined]])
  t.equal(calls, 1)
})

t.test('records of two shards under hashKeyRange are a failure of the first of the other shard', async (t) => {
  const event = eventOf('a1', 'a2')
  event.Records[1]!.eventID = event.Records[1]!.eventID.replace('06:', '07:')
  const { told, onError } = newOnError()
  t.same(await processBatch(event, () => {}, { hashKeyRange, onError }), replyOf(1))
  t.equal(told.length, 1)
})
