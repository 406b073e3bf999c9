import t from 'tap'
import * as index from '../lib/index.js'

t.test('the public names, no more and no less', (t) => {
  t.same(Object.keys(index).sort(), [
    'AggregateStream',
    'Aggregator',
    'DeaggregateStream',
    'KplError',
    'ShardMap',
    'aggregate',
    'compareCheckpoints',
    'deaggregate',
    'decodeAggregate',
    'encodeAggregate',
    'hashKey',
    'isAggregated',
    'putRecordsBatches',
  ])
  t.end()
})
