// A text that names a user record: the same however often it is read, another for every other one.
import t from 'tap'
import { SHARD_ID, eventOf, sequenceNumber, windowOf } from '../../fixtures/lambda.js'
import { type KinesisInput, deaggregate } from '../../lib/index.js'
import { idempotencyKey, processBatch, toEvent } from '../../lib/lambda/index.js'

const keysOf = <S extends KinesisInput>(input: Iterable<S>) => Array.from(deaggregate(input), idempotencyKey)

t.test('shard, sequence number, sub-sequence number', async (t) => {
  t.same(keysOf(eventOf('a1', 'b1 b2').Records), [
    `${SHARD_ID}:${sequenceNumber(0)}:0`,
    `${SHARD_ID}:${sequenceNumber(1)}:0`,
    `${SHARD_ID}:${sequenceNumber(1)}:1`,
  ])
})

t.test('the same when a batch comes again, whole, from inside, or in another event', async (t) => {
  const { Records } = eventOf('a1', 'b1 b2', 'c1')
  const keys = keysOf(Records)
  t.same(keysOf(structuredClone(Records)), keys)
  t.same(keysOf(Records.slice(1)), keys.slice(1))
  t.same(keysOf(windowOf({}, 'a1', 'b1 b2', 'c1').Records), keys)
})

t.test('the same after toEvent, and its eventID of what was in an aggregate', async (t) => {
  const event = eventOf('a1', 'b1 b2')
  const { Records } = toEvent(event)
  t.same(keysOf(Records), keysOf(event.Records))
  t.same(keysOf(Records).slice(1), Records.slice(1).map(({ eventID }) => eventID))
})

t.test('the same after toEvent where no shard is named, and these records are of no shard', async (t) => {
  for (const eventID of [undefined, 'abc', '', ':', 5]) {
    const event: any = eventOf('a1 a2', 'b1 b2')
    for (const record of event.Records) record.eventID = eventID
    const { Records } = toEvent<any, any>(event)
    t.same(keysOf(Records), keysOf(event.Records), `${eventID}`)
    t.equal([...deaggregate<any>(Records, { after: { sequenceNumber: '1' } })].length, 4)
  }
})

t.test('the same in processBatch', async (t) => {
  const event = eventOf('a1', 'b1 b2')
  const keys: string[] = []
  await processBatch(event, (record) => void keys.push(idempotencyKey(record)))
  t.same(keys, keysOf(event.Records))
})

t.test('another in another shard, and for each user record of a batch', async (t) => {
  const here = eventOf('a1', 'b1 b2')
  const there = structuredClone(here)
  for (const record of there.Records) record.eventID = record.eventID.replace('06:', '07:')
  t.equal(new Set([...keysOf(here.Records), ...keysOf(there.Records)]).size, 6)
})

t.test('without the shard where the input does not name it', async (t) => {
  const { kinesis } = eventOf('a1').Records[0]!
  t.same(keysOf([kinesis]), [`${sequenceNumber(0)}:0`])
  t.same(keysOf([{ Data: Buffer.from('a'), PartitionKey: 'k', SequenceNumber: '5' }]), ['5:0'])
  const kinesisRecordMetadata = { shardId: 'shardId-1', sequenceNumber: '7', subsequenceNumber: '3', partitionKey: 'k' }
  t.same(keysOf([{ recordId: 'r', data: '', kinesisRecordMetadata }]), ['shardId-1:7:3'])
})

t.test('refused without a sequence number: all such would have one key', async (t) => {
  const [record] = deaggregate(Buffer.from('a'))
  t.throws(() => idempotencyKey(record!), { code: 'ERR_KPL_INVALID_INPUT', input: record })
})

t.test('of a user record alone: what is none is refused, a record of toEvent too', async (t) => {
  const { Records } = toEvent(eventOf('b1 b2'))
  const [record] = deaggregate(Records)
  const { sequenceNumber, source } = record!
  // The last is what is left of a user record that is spread, for its members are accessors: all of an aggregate would have one key.
  for (const value of [undefined, null, 'text', {}, { sequenceNumber: '5' }, Records[0], { ...record, sequenceNumber, source }]) {
    t.throws(() => idempotencyKey(value as never), { code: 'ERR_KPL_INVALID_INPUT', message: /^a user record must be one that deaggregate or processBatch gave/, input: value as object })
  }
})
