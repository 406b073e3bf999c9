import t from 'tap'
import { Aggregator, type AggregatorOptions, type UserRecordInput, hashKey } from '../../lib/index.js'

const keysOf = (records: UserRecordInput[], options: AggregatorOptions = {}) => {
  const aggregator = new Aggregator({ groupBy: 'none', ...options })
  for (const record of records) aggregator.add(record)
  const [entry] = aggregator.flush()
  return { PartitionKey: entry!.PartitionKey, ExplicitHashKey: entry!.ExplicitHashKey }
}
const first = { partitionKey: 'first', data: '' }
const firstWithHashKey = { ...first, explicitHashKey: '05' }
const second = { partitionKey: 'second', data: '', explicitHashKey: '9' }

t.test("by default and with 'first': the keys of the first user record", (t) => {
  for (const options of [{}, { outerKey: 'first' }] as const) {
    t.same(keysOf([firstWithHashKey, second], options), { PartitionKey: 'first', ExplicitHashKey: '5' })
    t.same(keysOf([first, second], options), { PartitionKey: 'first', ExplicitHashKey: undefined })
  }
  t.end()
})

t.test('\'kpl\': "a", and the hash key of the first user record', (t) => {
  t.same(keysOf([firstWithHashKey, second], { outerKey: 'kpl' }), { PartitionKey: 'a', ExplicitHashKey: '5' })
  t.same(keysOf([first, second], { outerKey: 'kpl' }), { PartitionKey: 'a', ExplicitHashKey: String(hashKey('first')) })
  t.same(keysOf([first], { outerKey: 'kpl', loneRecord: 'wrap' }), { PartitionKey: 'a', ExplicitHashKey: String(hashKey('first')) }, 'a lone record that is wrapped')
  t.end()
})

t.test('either way the aggregate goes where its first user record would', (t) => {
  for (const outerKey of ['first', 'kpl'] as const) {
    for (const [record, expected] of [[first, hashKey('first')], [firstWithHashKey, 5n]] as const) {
      const { PartitionKey, ExplicitHashKey } = keysOf([record, second], { outerKey })
      t.equal(hashKey(PartitionKey, ExplicitHashKey), expected, outerKey)
    }
  }
  t.end()
})
