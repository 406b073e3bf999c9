import t from 'tap'
import { checkRange } from '../../lib/routing/hash-key-range.js'
import { caught } from '../../fixtures/reading.js'
import { LAST_HASH_KEY } from '../../fixtures/writing.js'

t.test('in either casing', (t) => {
  const ends = { start: 3n, end: LAST_HASH_KEY }
  t.same(checkRange({ startingHashKey: '3', endingHashKey: String(LAST_HASH_KEY) }), ends)
  t.same(checkRange({ StartingHashKey: '3', EndingHashKey: String(LAST_HASH_KEY) }), ends)
  t.same(checkRange({ startingHashKey: '003', endingHashKey: `0${LAST_HASH_KEY}` }), ends, 'leading zeros')
  t.same(checkRange({ startingHashKey: '5', endingHashKey: '5' }), { start: 5n, end: 5n }, 'one hash key')
  t.end()
})

t.test('two hash keys, the start not above the end', (t) => {
  const ranges = [
    undefined, null, 5, '0-5', {}, { startingHashKey: '0' }, { endingHashKey: '0' }, { startingHashKey: 0, endingHashKey: 5 }, { startingHashKey: '', endingHashKey: '5' },
    { startingHashKey: '0', endingHashKey: String(LAST_HASH_KEY + 1n) }, { startingHashKey: '-1', endingHashKey: '5' }, { StartingHashKey: undefined, EndingHashKey: undefined },
    { startingHashKey: '6', endingHashKey: '5' }, { StartingHashKey: '10', EndingHashKey: '9' },
  ]
  for (const range of ranges) {
    t.equal(caught(() => checkRange(range)).code, 'ERR_KPL_INVALID_ARGUMENT', JSON.stringify(range))
    t.equal(caught(() => checkRange(range, 'ERR_KPL_INVALID_SHARDS')).code, 'ERR_KPL_INVALID_SHARDS', `${JSON.stringify(range)} of a shard`)
  }
  t.end()
})
