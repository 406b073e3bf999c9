import { runInNewContext } from 'node:vm'
import t from 'tap'
import { type KinesisInput, deaggregate } from '../../lib/index.js'
import { aggregateOf } from '../../fixtures/aggregates.js'
import { lines } from '../../fixtures/reading.js'

// The first table of "Reading": every shape, as its source sends it, gives the
// same user records out of the same bytes, and the source's own fields beside them.

const SEQUENCE = '49590338271490256608559692538361571095921575989136588898'
const SHARD = 'shardId-000000000006'
const ARRIVAL = '2018-12-17T22:10:50.987Z'

type Shape = [name: string, make: (data: Buffer) => KinesisInput, partitionKey?: string, sequenceNumber?: string, arrival?: string | undefined]

const payload = (data: string) => ({
  kinesisSchemaVersion: '1.0',
  partitionKey: 'outer',
  sequenceNumber: SEQUENCE,
  data,
  approximateArrivalTimestamp: 1545084650.987,
})
const event = {
  eventSource: 'aws:kinesis',
  eventVersion: '1.0',
  eventID: `${SHARD}:${SEQUENCE}`,
  eventName: 'aws:kinesis:record',
  awsRegion: 'eu-west-1',
}
const sdk = { PartitionKey: 'outer', SequenceNumber: SEQUENCE, ApproximateArrivalTimestamp: new Date(ARRIVAL) }
const metadata = { sequenceNumber: SEQUENCE, partitionKey: 'outer', shardId: SHARD, approximateArrivalTimestamp: 1545084650987 }
const transform = (data: Buffer) => ({ recordId: '49', data: data.toString('base64'), approximateArrivalTimestamp: 1545084650987 })

class OwnBytes extends Uint8Array {}
const ForeignBytes = runInNewContext('Uint8Array') as Uint8ArrayConstructor

const shapes: Shape[] = [
  ['a Buffer', (data) => data, '', '', undefined],
  ['a Uint8Array', (data) => new Uint8Array(data), '', '', undefined],
  ['a part of a larger Uint8Array', (data) => new Uint8Array([9, ...data, 9]).subarray(1, -1), '', '', undefined],
  ['a Uint8Array of shared memory', shared, '', '', undefined],
  ['a subclass of Uint8Array', (data) => OwnBytes.from(data), '', '', undefined],
  ["another realm's Uint8Array", (data) => ForeignBytes.from(data), '', '', undefined],
  ['a record of SDK v3', (data) => ({ ...sdk, Data: new Uint8Array(data), EncryptionType: 'NONE' })],
  ['a record of SDK v3 in another realm', (data) => ({ ...sdk, Data: ForeignBytes.from(data) })],
  ['a record of SDK v2', (data) => ({ ...sdk, Data: data })],
  ['a record of SDK v2 with text', (data) => ({ ...sdk, Data: data.toString('base64') })],
  ['a Lambda event record', (data) => ({ ...event, kinesis: payload(data.toString('base64')) })],
  ['a Lambda event record with bytes', (data) => ({ ...event, kinesis: { ...payload(''), data } })],
  ["a Lambda event record's kinesis member", (data) => payload(data.toString('base64'))],
  ['EventBridge Pipes', (data) => ({ ...event, ...payload(data.toString('base64')) })],
  ['aws-kcl', (data) => ({ ...payload(data.toString('base64')), approximateArrivalTimestamp: 1545084650987, subSequenceNumber: null })],
  ['a Firehose transform', (data) => ({ ...transform(data), kinesisRecordMetadata: { ...metadata, subsequenceNumber: '' } })],
  ['a Firehose transform of a direct put', transform, '', ''],
  ['a Firehose transform with null for metadata', (data) => ({ ...transform(data), kinesisRecordMetadata: null }), '', ''],
  ['a Firehose transform whose metadata has no time', timeless],
  ['Kinesis Analytics', (data) => ({ recordId: '49', data: data.toString('base64'), kinesisStreamRecordMetadata: metadata })],
  [
    'Kinesis Analytics beside an empty Firehose member',
    (data) => ({ ...transform(data), kinesisRecordMetadata: null, kinesisStreamRecordMetadata: metadata }),
  ],
]

function shared(data: Buffer): Uint8Array {
  const memory = new Uint8Array(new SharedArrayBuffer(data.length))
  memory.set(data)
  return memory
}

function timeless(data: Buffer): KinesisInput {
  return { ...transform(data), kinesisRecordMetadata: { ...metadata, approximateArrivalTimestamp: undefined } }
}

const aggregate = aggregateOf([
  { partitionKey: 'a', data: 'one' },
  { partitionKey: 'b', explicitHashKey: '5', data: 'two' },
])

for (const [name, make, partitionKey = 'outer', sequenceNumber = SEQUENCE, ...arrival] of shapes) {
  t.test(`${name} is read`, (t) => {
    const input = make(aggregate)
    t.same(lines(input), [`${sequenceNumber}/0 a=one (aggregated)`, `${sequenceNumber}/1 b#5=two (aggregated last)`], 'an aggregate')
    const plain = make(Buffer.from('plain'))
    t.same(lines(plain), [`${sequenceNumber}/0 ${partitionKey}=plain (last)`], 'a plain record')
    t.same(lines(make(Buffer.alloc(0))), [`${sequenceNumber}/0 ${partitionKey}= (last)`], 'an empty record')
    const time = arrival.length === 0 ? ARRIVAL : arrival[0]
    for (const record of deaggregate(input)) {
      t.equal(record.approximateArrivalTimestamp?.toISOString(), time, 'arrival time')
      t.equal(record.source, input, 'the source is the very input')
    }
    t.end()
  })
}

t.test('missing and null fields: no partition key, no sequence number, no arrival time', (t) => {
  const inputs: KinesisInput[] = [
    { Data: Buffer.from('x') },
    { Data: Buffer.from('x'), PartitionKey: null, ApproximateArrivalTimestamp: null },
    { Data: Buffer.from('x'), PartitionKey: undefined, SequenceNumber: undefined },
    { data: 'eA==', partitionKey: null },
    { kinesis: { data: 'eA==', partitionKey: null } },
    { recordId: '1', data: 'eA==', kinesisRecordMetadata: { partitionKey: null } },
    { recordId: '1', data: 'eA==', kinesisStreamRecordMetadata: {} },
  ]
  for (const [n, record] of [...deaggregate(inputs)].entries()) {
    t.same([record.partitionKey, record.sequenceNumber, record.approximateArrivalTimestamp], ['', '', undefined], `input ${n}`)
  }
  t.equal(lines(inputs).length, inputs.length)
  t.end()
})

t.test("an aggregate's own partition key is not its user records'", (t) => {
  const record = [...deaggregate({ Data: aggregate, PartitionKey: 'a-outer' })][0]!
  t.equal(record.partitionKey, 'a')
  t.end()
})
