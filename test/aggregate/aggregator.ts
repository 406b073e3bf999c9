import t from 'tap'
import { Aggregator } from '../../lib/index.js'
import { draw } from '../../fixtures/random.js'
import { contents, readBack, shown } from '../../fixtures/writing.js'

t.test('what a call completes it returns; the rest is pending', (t) => {
  const aggregator = new Aggregator({ aggregationMaxCount: 2 })
  t.same(aggregator.add({ partitionKey: 'a', data: '1' }), [])
  t.same(aggregator.add({ partitionKey: 'b', data: '2' }), [])
  t.equal(aggregator.pendingRecords, 2)
  t.same(contents(aggregator.add({ partitionKey: 'a', data: '3' })), [['a=1', 'a=3']])
  t.equal(aggregator.pendingRecords, 1)
  t.same(contents(aggregator.flush()), [['b=2']])
  t.equal(aggregator.pendingRecords, 0)
  t.equal(aggregator.pendingBytes, 0)
  t.end()
})

t.test('flush returns all that is pending, oldest first, and can be called again and again', (t) => {
  const aggregator = new Aggregator()
  t.same(aggregator.flush(), [])
  for (const partitionKey of ['c', 'a', 'b', 'a', 'c']) aggregator.add({ partitionKey, data: '' })
  t.same(contents(aggregator.flush()), [['c=', 'c='], ['a=', 'a='], ['b=']])
  t.same(aggregator.flush(), [])
  aggregator.add({ partitionKey: 'a', data: 'again' })
  t.same(contents(aggregator.flush()), [['a=again']])
  t.end()
})

t.test('pendingBytes: encoded bytes, and 512 for each open aggregate', (t) => {
  const aggregator = new Aggregator()
  t.equal(aggregator.pendingBytes, 0)
  // Frame 20, table entry 3, record: tag, length, key index 2, data 2 + 5.
  aggregator.add({ partitionKey: 'a', data: 'hello' })
  t.equal(aggregator.pendingBytes, 512 + 20 + 3 + 11)
  aggregator.add({ partitionKey: 'a', data: '' })
  t.equal(aggregator.pendingBytes, 512 + 20 + 3 + 11 + 6)
  aggregator.add({ partitionKey: 'b', data: '', explicitHashKey: '77' })
  t.equal(aggregator.pendingBytes, 512 + 20 + 3 + 11 + 6 + 512 + 20 + 3 + 4 + 8)
  aggregator.flush()
  t.equal(aggregator.pendingBytes, 0)
  t.end()
})

t.test('nothing is lost, invented or put out of its order within a hash key, and the counters tell the truth', (t) => {
  const random = draw(t, 10)
  const wrong: string[] = []
  for (let round = 0; round < 60; round++) {
    const options = {
      aggregationMaxSize: random.pick([100, 300, 2000]),
      aggregationMaxCount: random.pick([1, 2, 7, 1000]),
      maxPendingBytes: random.pick([1, 2000, 10_000, 1e6]),
      groupBy: random.pick(['hashKey', 'none'] as const),
      outerKey: random.pick(['first', 'kpl'] as const),
      loneRecord: random.pick(['raw', 'wrap'] as const),
    }
    const aggregator = new Aggregator(options)
    const keys = Array.from({ length: random.between(1, 12) }, () => random.text(2))
    const records = Array.from({ length: 200 }, (_, n) => ({
      partitionKey: random.pick(keys),
      data: `${n} ${'x'.repeat(random.pick([0, 5, 50, 400]))}`,
    }))
    const entries = []
    for (const [n, record] of records.entries()) {
      entries.push(...aggregator.add(record))
      const out = entries.reduce((sum, { userRecords }) => sum + userRecords.length, 0)
      if (aggregator.pendingRecords !== n + 1 - out) wrong.push(`round ${round}: ${aggregator.pendingRecords} pending after ${n + 1} in and ${out} out`)
      if (aggregator.pendingBytes > options.maxPendingBytes) wrong.push(`round ${round}: ${aggregator.pendingBytes} bytes pending`)
    }
    entries.push(...aggregator.flush())
    const given = entries.flatMap(({ userRecords }) => userRecords)
    for (const key of keys) {
      const before = records.filter(({ partitionKey }) => partitionKey === key)
      const after = given.filter(({ partitionKey }) => partitionKey === key)
      if (before.length !== after.length || before.some((record, n) => record !== after[n])) wrong.push(`round ${round}: the records of ${key}`)
    }
    if (readBack(entries).join('\n') !== given.map(shown).join('\n')) wrong.push(`round ${round}: what is read is not what userRecords says`)
  }
  t.same(wrong, [])
  t.end()
})

t.test('more keys than are kept in mind: still one aggregate for each hash key', (t) => {
  const aggregator = new Aggregator({ maxPendingBytes: 2 ** 30 })
  const count = 20_000
  for (const round of [1, 2]) for (let n = 0; n < count; n++) aggregator.add({ partitionKey: `${n}`, data: `${round}` })
  const entries = aggregator.flush()
  t.equal(entries.length, count)
  t.same(contents(entries).filter((texts, n) => texts.join() !== `${n}=1,${n}=2`), [])
  t.end()
})
