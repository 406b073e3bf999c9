import t from 'tap'
import { type HashKeyRange, type KplError, type UserRecord, deaggregate, hashKey } from '../../lib/index.js'
import { type Member, aggregateOf, bytes, frame, number, record } from '../../fixtures/aggregates.js'
import { caught, line, lines } from '../../fixtures/reading.js'

// The KCL's rule: an aggregate with any user record outside the shard's range is
// hidden whole. `onHidden` is told once, in turn, of all that was hidden.

const max = 2n ** 128n - 1n
const range = (start: bigint | number, end: bigint | number): HashKeyRange => ({ startingHashKey: String(start), endingHashKey: String(end) })
const explicit = (...keys: (number | bigint)[]): Member[] => keys.map((key, n) => ({ partitionKey: 'a', explicitHashKey: String(key), data: String(n) }))
const shown = (members: readonly Member[], hashKeyRange: HashKeyRange) => lines(aggregateOf(members), { hashKeyRange }).length

t.test('both ends are in the range', (t) => {
  t.equal(shown(explicit(5, 6, 7), range(5, 7)), 3)
  t.equal(shown(explicit(5), range(5, 5)), 1)
  t.equal(shown(explicit(4), range(5, 7)), 0)
  t.equal(shown(explicit(8), range(5, 7)), 0)
  t.equal(shown(explicit(0, max), range(0, max)), 2)
  t.equal(shown(explicit(max), range(0, max - 1n)), 0)
  t.end()
})

t.test('a range comes in either casing, as the SDK gives it too', (t) => {
  const StartingHashKey = '5'
  const EndingHashKey = '7'
  t.equal(shown(explicit(5, 7), { StartingHashKey, EndingHashKey }), 2)
  t.equal(shown(explicit(5, 8), { StartingHashKey, EndingHashKey }), 0)
  t.end()
})

t.test('one outside hides all, wherever it stands', (t) => {
  for (const keys of [[9, 5, 5], [5, 9, 5], [5, 5, 9], [9, 9, 9]]) t.equal(shown(explicit(...keys), range(5, 7)), 0, String(keys))
  t.end()
})

t.test("a record without an explicit hash key counts by the MD5 of its partition key's UTF-8", (t) => {
  for (const partitionKey of ['a', 'žluť 🐎', '\ufffd', '']) {
    const key = partitionKey === '' ? BigInt('0xd41d8cd98f00b204e9800998ecf8427e') : hashKey(partitionKey)
    const members = [{ partitionKey, data: 'x' }]
    t.equal(shown(members, range(key, key)), 1, partitionKey)
    t.equal(shown(members, range(key + 1n, max)), 0)
    t.equal(shown(members, range(0, key - 1n)), 0)
    t.equal(shown([...members, ...members, ...explicit(key)], range(key, key)), 3, 'explicit hash keys beside it')
  }
  t.end()
})

t.test('the explicit hash key counts, not the partition key beside it; leading zeros mean nothing', (t) => {
  const key = hashKey('a')
  t.equal(shown([{ partitionKey: 'a', explicitHashKey: '5', data: 'x' }], range(key, key)), 0)
  t.equal(shown([{ partitionKey: 'a', explicitHashKey: `${'0'.repeat(50)}5`, data: 'x' }], range(5, 5)), 1)
  t.end()
})

t.test('tens of thousands of partition keys, met again and again, are all told right', (t) => {
  const keys = Array.from({ length: 20_000 }, (_, n) => `key ${n}`)
  const half = 2n ** 127n
  const wrong = new Set<string>()
  for (let round = 0; round < 2; round++) {
    const inside: string[] = []
    for (const { partitionKey } of deaggregate(keys.map((key) => aggregateOf([{ partitionKey: key, data: 'x' }])), { hashKeyRange: range(0, half) })) inside.push(partitionKey)
    const expected = keys.filter((key) => hashKey(key) <= half)
    if (inside.length !== expected.length) t.fail(`${inside.length} in place of ${expected.length}`)
    for (const [n, key] of expected.entries()) if (inside[n] !== key) wrong.add(key)
  }
  t.equal(wrong.size, 0)
  const all = aggregateOf([...keys, ...keys].map((partitionKey) => ({ partitionKey, data: '' })))
  t.equal(lines(all, { hashKeyRange: range(0, max) }).length, 40_000)
  t.end()
})

t.test('plain records are never hidden, nor is what was passed through', (t) => {
  const plain = [Buffer.from('plain'), Buffer.alloc(0), Buffer.from('f3899ac2', 'hex')]
  t.equal(lines(plain, { hashKeyRange: range(0, 0), onHidden: () => t.fail('hidden') }).length, 3)
  const malformed = frame(bytes(1, 'a'), record(number(1, 1), bytes(3, 'x')))
  t.equal(lines(malformed, { hashKeyRange: range(0, 0), malformed: 'passthrough' }).length, 1)
  t.end()
})

const bad = ['', ' 5', '5 ', '+5', '-1', '0x5', '1e3', '5.0', '٥', 'five', String(max + 1n), '9'.repeat(40)]

t.test('an explicit hash key that is no number makes the aggregate malformed, before the range is decided', (t) => {
  const outside = { partitionKey: 'a', explicitHashKey: '9', data: 'outside' }
  for (const explicitHashKey of bad) {
    const wrong = { partitionKey: 'a', explicitHashKey, data: 'x' }
    for (const members of [[wrong], [outside, wrong], [outside, outside, outside, wrong], [wrong, outside]]) {
      const data = aggregateOf(members)
      const options = { hashKeyRange: range(5, 7), onHidden: () => t.fail('hidden') }
      const error = caught(() => lines({ Data: data, SequenceNumber: '49' }, options))
      t.match(error, { code: 'ERR_KPL_MALFORMED', subSequenceNumber: members.indexOf(wrong), sequenceNumber: '49', message: /explicit hash key/ })
      t.ok(error.offset! > 0 && error.offset! < data.length - 16, 'the offset is in the message')
      t.equal(lines(data, { ...options, malformed: 'passthrough' }).length, 1, 'passed through, it is a plain record')
      t.equal(lines(data, { ...options, onRejected: () => {} }).length, 0, 'or rejected')
      t.equal(lines(data).length, members.length, 'without a range nothing hangs on it')
    }
  }
  t.end()
})

t.test('one that no user record uses does not matter', (t) => {
  const data = frame(bytes(1, 'a'), bytes(2, 'unused'), bytes(2, '5'), record(number(1, 0), number(2, 1), bytes(3, 'x')))
  t.same(lines(data, { hashKeyRange: range(5, 5) }), ['/0 a#5=x (aggregated last)'])
  t.end()
})

t.test('without onHidden they are hidden silently, and the rest is read', (t) => {
  t.same(lines([aggregateOf(explicit(5)), aggregateOf(explicit(9)), aggregateOf(explicit(6))], { hashKeyRange: range(5, 7) }).length, 2)
  t.end()
})

t.test('onHidden is told once for each aggregate, in turn, with all of its user records as they would have been', (t) => {
  const source = { Data: aggregateOf(explicit(5, 9)), SequenceNumber: '49', ApproximateArrivalTimestamp: new Date(5) }
  const events: string[] = []
  let hidden: readonly UserRecord[] = []
  const options = {
    hashKeyRange: range(5, 7),
    onHidden: (records: readonly UserRecord[]) => {
      hidden = records
      events.push(`hidden: ${records.map(line).join(', ')}`)
    },
  }
  for (const r of deaggregate([Buffer.from('before'), source, Buffer.from('behind')], options)) events.push(line(r))
  t.same(events, ['/0 =before (last)', 'hidden: 49/0 a#5=0 (aggregated), 49/1 a#9=1 (aggregated last)', '/0 =behind (last)'])
  t.ok(hidden.every((r) => r.source === source && r.approximateArrivalTimestamp === source.ApproximateArrivalTimestamp))
  t.end()
})

t.test('a throwing onHidden ends the pass and closes the input, and is no rejected record', (t) => {
  let closed = 0
  function* records() {
    try {
      yield* [Buffer.from('before'), aggregateOf(explicit(9)), Buffer.from('behind')]
    } finally {
      closed++
    }
  }
  const failure = new Error('enough')
  const options = { hashKeyRange: range(5, 7), onHidden: () => { throw failure }, onRejected: (_: KplError) => t.fail('rejected') }
  const given: string[] = []
  t.throws(() => { for (const r of deaggregate(records(), options)) given.push(r.text()) }, failure)
  t.same(given, ['before'])
  t.equal(closed, 1)
  t.end()
})
