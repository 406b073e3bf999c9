import t from 'tap'
import { Aggregator } from '../../lib/index.js'
import { contents } from '../../fixtures/writing.js'

t.test('an aggregate with aggregationMaxCount user records leaves at once', (t) => {
  for (const aggregationMaxCount of [1, 2, 3, 500]) {
    const aggregator = new Aggregator({ aggregationMaxCount })
    const left = Array.from({ length: aggregationMaxCount * 2 }, (_, n) => aggregator.add({ partitionKey: 'a', data: `${n}` }).map(({ userRecords }) => userRecords.length))
    const expected = left.map((_, n) => ((n + 1) % aggregationMaxCount === 0 ? [aggregationMaxCount] : []))
    t.same(left, expected, `${aggregationMaxCount}`)
    t.equal(aggregator.pendingRecords, 0)
  }
  t.end()
})

t.test('aggregationMaxCount counts for each group alone', (t) => {
  const aggregator = new Aggregator({ aggregationMaxCount: 2 })
  for (const partitionKey of ['a', 'b', 'c']) t.same(aggregator.add({ partitionKey, data: '' }), [])
  t.same(contents(aggregator.add({ partitionKey: 'b', data: '' })), [['b=', 'b=']])
  t.end()
})

t.test('aggregationMaxCount: 1 sends every record raw, as loneRecord says', (t) => {
  t.equal(new Aggregator({ aggregationMaxCount: 1 }).add({ partitionKey: 'a', data: 'x' })[0]!.aggregated, false)
  t.equal(new Aggregator({ aggregationMaxCount: 1, loneRecord: 'wrap' }).add({ partitionKey: 'a', data: 'x' })[0]!.aggregated, true)
  t.end()
})

t.test('by default the count is no limit', (t) => {
  const aggregator = new Aggregator({ maxRecordSize: 10_485_760, aggregationMaxSize: 10_485_760 })
  for (let n = 0; n < 200_000; n++) if (aggregator.add({ partitionKey: 'a', data: '' }).length > 0) t.fail(`one left after ${n}`)
  t.equal(aggregator.flush()[0]!.userRecords.length, 200_000)
  t.end()
})
