// The same event, with a record for each user record.
import t from 'tap'
import { SHARD_ID, eventOf, eventRecord, handlerFailingAt, newOnError, replyOf, sequenceNumber, windowOf } from '../../fixtures/lambda.js'
import { aggregateOf } from '../../fixtures/aggregates.js'
import { loadKplCase } from '../../fixtures/load.js'
import { deaggregate } from '../../lib/index.js'
import { processBatch, toEvent } from '../../lib/lambda/index.js'

t.test('a user record of an aggregate has the shape of its record, and its own key, payload and eventID', async (t) => {
  const event = eventOf('a1 b1')
  const [source] = event.Records
  const expected = (n: number, partitionKey: string, text: string) => ({
    ...source!,
    eventID: `${SHARD_ID}:${sequenceNumber(0)}:${n}`,
    kinesis: { ...source!.kinesis, partitionKey, data: Buffer.from(text).toString('base64'), subSequenceNumber: n },
  })
  t.strictSame(toEvent(event), { Records: [expected(0, 'a', 'a1'), expected(1, 'b', 'b1')] })
})

t.test('what is no aggregate is the very same object', async (t) => {
  const event = eventOf('a1', 'b1 b2', 'c1')
  const { Records } = toEvent(event)
  t.equal(Records.length, 4)
  t.equal(Records[0], event.Records[0])
  t.equal(Records[3], event.Records[2])
})

t.test('all else of the event stays, that of a tumbling window too, and the event itself is not changed', async (t) => {
  const event = windowOf({ n: 1 }, 'a1 a2')
  const before = structuredClone(event)
  const { Records, ...rest } = toEvent(event)
  t.equal(Records.length, 2)
  t.strictSame({ ...rest, Records: event.Records }, before)
  t.strictSame(event, before)
})

t.test('explicit hash keys and tags go with their user record, and only where there are some', async (t) => {
  const data = aggregateOf([
    { partitionKey: 'a', data: '1', explicitHashKey: '0' },
    { partitionKey: 'b', data: '', tags: [{ key: 'k', value: 'v' }] },
  ])
  const [first, second] = toEvent({ Records: [eventRecord(data)] }).Records.map(({ kinesis }) => kinesis as object)
  t.match(first, { partitionKey: 'a', explicitHashKey: '0' })
  t.notOk('tags' in first!)
  t.match(second, { partitionKey: 'b', data: '', tags: [{ key: 'k', value: 'v' }] })
  t.notOk('explicitHashKey' in second!)
})

t.test('every eventID is another, without one in the input too', async (t) => {
  const event: any = eventOf('a1 a2', 'a3', 'b1 b2')
  for (const record of [event, { Records: event.Records.map(({ eventID: _, ...rest }: any) => rest) }]) {
    const ids = toEvent(record as typeof event).Records.map(({ eventID }: { eventID: string }) => eventID)
    t.equal(new Set(ids).size, 5)
  }
  delete event.Records[0].eventID
  t.equal(toEvent<any, any>(event).Records[1].eventID, `:${sequenceNumber(0)}:1`)
})

t.test('read again it gives the same user records, and an aggregate inside an aggregate stays a payload', async (t) => {
  const inner = aggregateOf([{ partitionKey: 'inner', data: 'inner' }, { partitionKey: 'inner', data: 'inner' }])
  const event = { Records: [eventRecord(aggregateOf([{ partitionKey: 'a', data: inner }, { partitionKey: 'b', data: 'b1' }]))] }
  const again = toEvent(toEvent(event))
  t.strictSame(again, toEvent(event))
  const [first, second] = deaggregate(again.Records)
  t.same([first!.data, second!.text()], [inner, 'b1'])
  t.same([first!.subSequenceNumber, second!.subSequenceNumber], [0, 1])
})

t.test('processBatch takes it: a failure names the Kinesis record that the user record came from', async (t) => {
  const { handled, handler } = handlerFailingAt('b2')
  t.same(await processBatch(toEvent(eventOf('a1', 'b1 b2 b3', 'c1')), handler, newOnError()), replyOf(1))
  t.same(handled, ['a1', 'b1', 'b2'])
})

t.test('in a window the state before all that comes again is kept, though it was more than one record', async (t) => {
  const handler = (record: { text(): string }, { seen = [] }: { seen?: string[] }) => {
    if (record.text() === 'b2') throw new Error('b2')
    return { seen: [...seen, record.text()] }
  }
  t.same(await processBatch(toEvent(windowOf({}, 'a1', 'b1 b2 b3')), handler, newOnError()), { ...replyOf(1), state: { seen: ['a1'] } })
})

t.test('a malformed aggregate throws, or goes the way that the options say', async (t) => {
  const event = eventOf('a1', '!', 'b1 b2')
  t.throws(() => toEvent(event), { code: 'ERR_KPL_MALFORMED', sequenceNumber: sequenceNumber(1) })
  t.equal(toEvent(event, { malformed: 'passthrough' }).Records[1], event.Records[1])
  const rejected: unknown[] = []
  t.equal(toEvent(event, { onRejected: (_, source) => void rejected.push(source) }).Records.length, 3)
  t.same(rejected, [event.Records[1]])
  t.throws(() => toEvent(event, { malformed: 'ignore' } as never), { code: 'ERR_KPL_INVALID_ARGUMENT' })
})

t.test('genuine KPL records give what the KCL reads of them', async (t) => {
  for (const name of ['default-1shard', 'tricky-keys', 'ehk-4shards', 'kpl11-auto']) {
    const { records, userRecords } = loadKplCase(name)
    const event = { Records: records.map(({ data, partitionKey }, n) => eventRecord(data, n, partitionKey ?? '')) }
    const lines = toEvent(event, { malformed: 'passthrough' }).Records.map(({ kinesis }) => `${kinesis.partitionKey} ${kinesis.data}`)
    t.same(lines, userRecords.map(({ partitionKey, data }) => `${partitionKey} ${data.toString('base64')}`), name)
  }
})

t.test('an event without records', async (t) => {
  t.strictSame(toEvent({ Records: [] }), { Records: [] })
})
