import t from 'tap'
import { type DeaggregateOptions, type KinesisInput, KplError, type UserRecord, deaggregate } from '../lib/index.js'
import { aggregateOf } from '../fixtures/aggregates.js'

// Whatever the members of an input hold, its reading ends in records or in a KplError.

const values: unknown[] = [
  undefined, null, true, false, 0, -0, 1, -1, 1.5, NaN, Infinity, 2 ** 53, 1n, '', '0', 'x', 'eA==', 'a:b', ':', '\ud800', '中文', Symbol('s'), Symbol.iterator,
  [], [7], ['7'], {}, Object.create(null), () => {}, class {}, new Date(NaN), new Date(8.64e15), new Map(), new Set([1]), /x/, Promise.resolve(),
  new Uint8Array(2), new Uint16Array(2), new DataView(new ArrayBuffer(2)), new ArrayBuffer(2), new SharedArrayBuffer(2), Object('x'), Object(1n),
  Object.create(Uint8Array.prototype), Object.create(Buffer.prototype), Object.create(Date.prototype), new Proxy({}, {}), new Proxy([], {}),
  { toString: 5, valueOf: 5 }, { [Symbol.toPrimitive]: 5 }, { [Symbol.toStringTag]: 'Uint8Array' }, { length: 5 },
  Object.defineProperty(new Uint16Array(2), Symbol.toStringTag, { value: 'Uint8Array' }),
]
const names = [
  'Data', 'PartitionKey', 'SequenceNumber', 'ApproximateArrivalTimestamp', 'kinesis', 'eventID', 'data', 'partitionKey', 'sequenceNumber',
  'subSequenceNumber', 'approximateArrivalTimestamp', 'recordId', 'kinesisRecordMetadata', 'kinesisStreamRecordMetadata',
]
const inMetadata = ['sequenceNumber', 'subsequenceNumber', 'partitionKey', 'shardId', 'approximateArrivalTimestamp']
const data = aggregateOf([{ partitionKey: 'a', data: 'x' }])
const sdk = { Data: data, PartitionKey: 'p', SequenceNumber: '7', ApproximateArrivalTimestamp: 5 }
const payload = { data, partitionKey: 'p', sequenceNumber: '7', approximateArrivalTimestamp: 5 }

function* inputs(): Generator<unknown> {
  for (const value of values) {
    // What cannot be iterated though it says so fails in its own way.
    if (!(value instanceof Uint8Array && !ArrayBuffer.isView(value))) yield value
    for (const name of names) {
      yield { [name]: value }
      yield { ...sdk, [name]: value }
      yield { ...payload, [name]: value }
      yield { kinesis: { ...payload, [name]: value }, eventID: 'shard:1' }
      yield { kinesis: payload, [name]: value }
    }
    for (const name of inMetadata) {
      yield { data, kinesisRecordMetadata: { sequenceNumber: '7', [name]: value } }
      yield { data, kinesisStreamRecordMetadata: { sequenceNumber: '7', [name]: value } }
    }
  }
}

const range = { startingHashKey: '0', endingHashKey: String(2n ** 128n - 1n) }
const ways: [string, DeaggregateOptions][] = [
  ['by default', {}],
  ['with copy', { copy: true }],
  ['under a range and a checkpoint', { hashKeyRange: range, after: { sequenceNumber: '5' } }],
]

for (const [name, options] of ways) {
  t.test(`odd members ${name}`, (t) => {
    const wrong: string[] = []
    let given = 0
    let refused = 0
    for (const input of inputs()) {
      try {
        for (const record of deaggregate(input as KinesisInput, options)) {
          given++
          touch(record)
        }
      } catch (error) {
        refused++
        if (!(error instanceof KplError)) wrong.push(`${(error as Error).stack}`)
      }
    }
    t.same(wrong.slice(0, 5), [])
    t.ok(given > 500 && refused > 500, `${given} given, ${refused} refused`)
    t.end()
  })
}

/** Every accessor holds what it promises. */
function touch(record: UserRecord): void {
  const { partitionKey, sequenceNumber, subSequenceNumber, approximateArrivalTimestamp, data } = record
  const isRight =
    typeof partitionKey === 'string' &&
    typeof sequenceNumber === 'string' &&
    Number.isSafeInteger(subSequenceNumber) &&
    subSequenceNumber >= 0 &&
    (approximateArrivalTimestamp === undefined || typeof approximateArrivalTimestamp.getTime() === 'number') &&
    Buffer.isBuffer(data) &&
    typeof record.text() === 'string'
  if (!isRight) throw new Error(`a record that is none: ${JSON.stringify(record)}`)
  record.toJSON()
}

t.test("what an accessor of the caller's throws is the caller's", (t) => {
  const failure = new Error('of the accessor')
  for (const name of ['Data', 'PartitionKey', 'SequenceNumber', 'ApproximateArrivalTimestamp']) {
    const input = Object.defineProperty({ ...sdk }, name, { get() { throw failure } })
    t.throws(() => [...deaggregate(input)], failure, name)
  }
  t.end()
})
