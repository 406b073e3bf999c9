// What toEvent gives is read by the batch processors of Powertools for AWS Lambda, unchanged.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BatchProcessor, BatchProcessorSync, EventType, processPartialResponse, processPartialResponseSync } from '@aws-lambda-powertools/batch'
import type { Context, KinesisStreamEvent, KinesisStreamRecord } from 'aws-lambda'
import { encodeAggregate } from 'kpl-codec'
import { processBatch, toEvent } from 'kpl-codec/lambda'
import { eventRecord, sequenceNumber } from '../../../fixtures/lambda.js'

/** A Kinesis record each: `'a1'` is plain, `'a1 a2'` an aggregate. */
function eventOf(...texts: string[]): KinesisStreamEvent {
  const records = texts.map((text, n) => {
    const members = text.split(' ').map((data) => ({ partitionKey: `key of ${data}`, data }))
    return eventRecord(members.length === 1 ? Buffer.from(text) : encodeAggregate(members), n)
  })
  return { Records: records }
}

/** A record handler as Powertools takes it, that notes what it is given and fails at some of it. */
function recordHandlerFailingAt(...texts: string[]) {
  const handled: KinesisStreamRecord[] = []
  const recordHandler = (record: KinesisStreamRecord): void => {
    handled.push(record)
    if (texts.includes(textOf(record))) throw new Error(`at ${textOf(record)}`)
  }
  return { handled, recordHandler }
}

function textOf({ kinesis }: KinesisStreamRecord): string {
  return Buffer.from(kinesis.data, 'base64').toString()
}

const context = { getRemainingTimeInMillis: () => 3000 } as Context

async function processed(event: KinesisStreamEvent, recordHandler: (record: KinesisStreamRecord) => void) {
  const processor = new BatchProcessor(EventType.KinesisDataStreams)
  return processPartialResponse(event, async (record: KinesisStreamRecord) => recordHandler(record), processor, { context })
}

test('without toEvent Powertools hands out the aggregate as it is', async () => {
  const { handled, recordHandler } = recordHandlerFailingAt()
  await processed(eventOf('a1 a2'), recordHandler)
  assert.equal(handled.length, 1)
  assert.notEqual(textOf(handled[0]!), 'a1')
})

test('with it each user record is handled once, with its own key and an eventID of its own', async () => {
  const { handled, recordHandler } = recordHandlerFailingAt()
  assert.deepEqual(await processed(toEvent(eventOf('a1', 'b1 b2 b3', 'c1')), recordHandler), { batchItemFailures: [] })
  assert.deepEqual(handled.map(textOf), ['a1', 'b1', 'b2', 'b3', 'c1'])
  assert.deepEqual(handled.map(({ kinesis }) => kinesis.partitionKey), ['outer', 'key of b1', 'key of b2', 'key of b3', 'outer'])
  assert.equal(new Set(handled.map(({ eventID }) => eventID)).size, 5)
})

test('a failure is reported by the sequence number of the Kinesis record, as processBatch does', async () => {
  const event = eventOf('a1', 'b1 b2 b3', 'c1')
  const expected = { batchItemFailures: [{ itemIdentifier: sequenceNumber(1) }] }
  const parallel = recordHandlerFailingAt('b2')
  assert.deepEqual(await processed(toEvent(event), parallel.recordHandler), expected)
  assert.equal(parallel.handled.length, 5, 'though it goes on after a failure, so that more is handled twice')

  const sync = new BatchProcessorSync(EventType.KinesisDataStreams)
  assert.deepEqual(processPartialResponseSync(toEvent(event), recordHandlerFailingAt('b2').recordHandler, sync, { context }), expected)

  const { recordHandler } = recordHandlerFailingAt('b2')
  assert.deepEqual(await processBatch(toEvent(event), ({ source }) => recordHandler(source), { onError: () => {} }), expected)
})

test('several failures in one aggregate name it several times: Lambda starts again from the lowest', async () => {
  const { recordHandler } = recordHandlerFailingAt('b1', 'b3', 'c1')
  const { batchItemFailures } = await processed(toEvent(eventOf('a1', 'b1 b2 b3', 'c1')), recordHandler)
  assert.deepEqual(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier), [1, 1, 2].map(sequenceNumber))
})
