import t from 'tap'
import { Aggregator, type UserRecordInput, hashKey } from '../../lib/index.js'
import { caught } from '../../fixtures/reading.js'
import { LAST_HASH_KEY, contents, readBack, shown } from '../../fixtures/writing.js'

const all = (records: readonly UserRecordInput[]) => {
  const aggregator = new Aggregator({ groupBy: 'none' })
  return [...records.flatMap((record) => aggregator.add(record)), ...aggregator.flush()]
}

t.test('a partition key has 1 to 256 code points, counted in UTF-8 bytes in every size', (t) => {
  for (const letter of ['a', 'é', '水', '😀']) {
    for (const length of [1, 255, 256]) {
      const [entry] = all([{ partitionKey: letter.repeat(length), data: 'x' }])
      t.equal(entry!.size, Buffer.byteLength(letter) * length + 1, `${length} ${letter}`)
    }
    t.match(caught(() => all([{ partitionKey: letter.repeat(257), data: 'x' }])), { code: 'ERR_KPL_INVALID_PARTITION_KEY', size: 257, limit: 256 }, `257 ${letter}`)
  }
  for (const partitionKey of ['', '\ud800', 'a\udc00', undefined, null, 5, {}]) {
    t.equal(caught(() => all([{ partitionKey, data: 'x' } as UserRecordInput])).code, 'ERR_KPL_INVALID_PARTITION_KEY', JSON.stringify(partitionKey))
  }
  t.end()
})

t.test('keys like any other: numbers, names of prototypes, 256 characters of emoji, NUL; 5,000 in one aggregate', (t) => {
  const odd = ['10', '9', '1', '__proto__', 'constructor', 'hasOwnProperty', '😀'.repeat(256), '\0', 'a\0b', ' ', '\ufeff']
  for (const keys of [odd, [...odd, ...Array.from({ length: 5000 }, (_, n) => `${n + 11}`)]]) {
    const records = keys.map((partitionKey, n) => ({ partitionKey, data: `${n}` }))
    const aggregator = new Aggregator({ groupBy: 'none', aggregationMaxSize: 1_000_000 })
    for (const record of records) aggregator.add(record)
    const entries = aggregator.flush()
    t.equal(entries.length, 1)
    t.same(readBack(entries), records.map(shown), `${keys.length} keys`)
  }
  t.end()
})

t.test('an explicit hash key takes the place of the MD5', (t) => {
  const [entry] = all([{ partitionKey: 'a', data: 'x', explicitHashKey: '5' }])
  t.equal(entry!.ExplicitHashKey, '5')
  t.equal(hashKey(entry!.PartitionKey, entry!.ExplicitHashKey), 5n)
  t.end()
})

t.test('leading zeros are removed from an explicit hash key', (t) => {
  const table: [string, string][] = [['007', '7'], ['000', '0'], ['0', '0'], [`0${LAST_HASH_KEY}`, String(LAST_HASH_KEY)], [`${'0'.repeat(300)}5`, '5']]
  for (const [given, written] of table) {
    const record = { partitionKey: 'a', data: 'x', explicitHashKey: given }
    t.equal(all([record])[0]!.ExplicitHashKey, written, 'on a raw record')
    const [entry] = all([record, record])
    t.equal(entry!.ExplicitHashKey, written, 'on an aggregate')
    t.same(contents([entry!]), [[`a#${written}=x`, `a#${written}=x`]], 'inside it')
  }
  t.end()
})

t.test('what is no explicit hash key is refused, what the KPL takes beside digits too', (t) => {
  for (const explicitHashKey of ['', ' 5', '5 ', '+5', '-1', '0x5', '5.0', '5\n', '٥', 'none', String(LAST_HASH_KEY + 1n), '9'.repeat(60), null, 5, 5n, {}]) {
    const error = caught(() => all([{ partitionKey: 'a', data: 'x', explicitHashKey } as UserRecordInput]))
    t.equal(error.code, 'ERR_KPL_INVALID_EXPLICIT_HASH_KEY', `${typeof explicitHashKey} ${explicitHashKey}`)
  }
  t.end()
})

t.test('one hash key is one group, whichever keys lead to it, and keeps its order', (t) => {
  const ofB = String(hashKey('b'))
  const aggregator = new Aggregator()
  const records = [
    { partitionKey: 'b', data: '1' },
    { partitionKey: 'a', data: '2', explicitHashKey: ofB },
    { partitionKey: 'c', data: 'elsewhere' },
    { partitionKey: 'b', data: '3' },
    { partitionKey: 'c', data: '4', explicitHashKey: `00${ofB}` },
    { partitionKey: 'b', data: 'elsewhere', explicitHashKey: '5' },
    { partitionKey: 'b', data: '5', explicitHashKey: ofB },
  ]
  for (const record of records) aggregator.add(record)
  t.same(contents(aggregator.flush()), [['b=1', `a#${ofB}=2`, 'b=3', `c#${ofB}=4`, `b#${ofB}=5`], ['c=elsewhere'], ['b=elsewhere']], 'alone and raw it is read without its explicit hash key')
  t.end()
})

t.test('explicit hash keys are never invented inside an aggregate', (t) => {
  for (const outerKey of ['first', 'kpl'] as const) {
    const aggregator = new Aggregator({ groupBy: 'none', outerKey })
    for (const explicitHashKey of [undefined, '5', undefined]) aggregator.add({ partitionKey: 'a', data: '', explicitHashKey })
    t.same(contents(aggregator.flush()), [['a=', 'a#5=', 'a=']], outerKey)
  }
  t.end()
})
