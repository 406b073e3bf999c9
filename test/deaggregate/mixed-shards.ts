import t from 'tap'
import { DeaggregateStream, type DeaggregateOptions, type KinesisInput, type KplError, deaggregate } from '../../lib/index.js'
import { line, lines, readUntilError } from '../../fixtures/reading.js'

// hashKeyRange and after speak of one shard: inputs that name two are refused.

const metadata = (shardId: string) => ({ shardId, sequenceNumber: '7' })
const kinds: [string, (shard: string) => KinesisInput][] = [
  ['Lambda', (shard) => ({ kinesis: { data: 'eA==', sequenceNumber: '7' }, eventID: `${shard}:7` })],
  ['EventBridge Pipes', (shard) => ({ data: 'eA==', sequenceNumber: '7', eventID: `${shard}:7` })],
  ['Firehose', (shard) => ({ recordId: '1', data: 'eA==', kinesisRecordMetadata: metadata(shard) })],
  ['Kinesis Analytics', (shard) => ({ recordId: '1', data: 'eA==', kinesisStreamRecordMetadata: metadata(shard) })],
]
const A = 'shardId-000000000000'
const B = 'shardId-000000000001'
const range = { startingHashKey: '0', endingHashKey: '5' }
const oneShard: DeaggregateOptions[] = [{ hashKeyRange: range }, { after: { sequenceNumber: '5' } }, { hashKeyRange: range, after: { sequenceNumber: '5' } }]

for (const [name, make] of kinds) {
  for (const options of oneShard) {
    t.test(`${name}: two shards under ${Object.keys(options).join(' and ')} are refused in their turn`, (t) => {
      const inputs = [make(A), make(A), make(B), make(A)]
      const { given, error } = readUntilError(deaggregate(inputs, options))
      t.equal(given.length, 2)
      t.match(error, { code: 'ERR_KPL_MIXED_SHARDS', sequenceNumber: '7' })
      t.equal((error as KplError).input, inputs[2])
      t.match((error as KplError).message, A)
      t.end()
    })
  }

  t.test(`${name}: without these options shards do not matter`, (t) => {
    t.equal(lines([make(A), make(B)]).length, 2)
    t.equal(lines([make(A), make(B)], { onHidden: () => {}, copy: true, malformed: 'passthrough' }).length, 2)
    t.end()
  })
}

t.test('all shapes name the same shard', (t) => {
  t.equal(lines(kinds.map(([, make]) => make(A)), oneShard[2]).length, 4)
  for (const [, make] of kinds) {
    for (const [, other] of kinds) t.match(readUntilError(deaggregate([make(A), other(B)], oneShard[0])).error, { code: 'ERR_KPL_MIXED_SHARDS' })
  }
  t.end()
})

t.test('an input that tells no shard is of any', (t) => {
  const silent: KinesisInput[] = [
    { Data: 'eA==', SequenceNumber: '7' },
    { data: 'eA==', sequenceNumber: '7' },
    { kinesis: { data: 'eA==', sequenceNumber: '7' } },
    { kinesis: { data: 'eA==', sequenceNumber: '7' }, eventID: 'without a colon' },
    { recordId: '1', data: 'eA==', kinesisRecordMetadata: { sequenceNumber: '7' } },
  ]
  const named = kinds[0]![1]
  t.equal(lines([...silent, named(A), ...silent, named(A)], oneShard[2]).length, 12)
  t.match(readUntilError(deaggregate([named(A), ...silent, named(B)], oneShard[2])), { given: { length: 6 }, error: { code: 'ERR_KPL_MIXED_SHARDS' } })
  t.end()
})

t.test('a record behind the checkpoint counts too: numbers of two shards have no common order', (t) => {
  const { error } = readUntilError(deaggregate([kinds[0]![1](A), kinds[0]![1](B)], { after: { sequenceNumber: '9' } }))
  t.match(error, { code: 'ERR_KPL_MIXED_SHARDS' })
  t.end()
})

t.test('every pass is a shard of its own', (t) => {
  const shards = [[kinds[0]![1](A)], [kinds[0]![1](B)]]
  for (const records of shards) t.equal(lines(records, oneShard[2]).length, 1)
  const inputs = [kinds[0]![1](A)]
  const records = deaggregate(inputs, oneShard[2])
  t.same(Array.from(records, line).length, 1)
  inputs[0] = kinds[0]![1](B)
  t.same(Array.from(records, line).length, 1)
  t.end()
})

t.test('a stream is one shard over all of its chunks', async (t) => {
  const stream = new DeaggregateStream({ after: { sequenceNumber: '5' } })
  stream.write(kinds[0]![1](A))
  stream.write([kinds[2]![1](A)])
  stream.end([kinds[2]![1](B)])
  let count = 0
  const reading = async () => { for await (const _ of stream) count++ }
  await t.rejects(reading(), { code: 'ERR_KPL_MIXED_SHARDS' })
  t.equal(count, 2)
})
