import t from 'tap'
import { type PutRecordsEntry, ShardMap, type UserRecordInput, aggregate } from '../../lib/index.js'
import { readUntilError } from '../../fixtures/reading.js'
import { contents, shardsFrom } from '../../fixtures/writing.js'

// Of a list, 16 entries (or 8 MiB) are completed before the first is given out, so that they
// are digested together; of all else none but the one that is given.

const KIB = 1024

/** User records of so many bytes, each an entry of its own with `aggregationMaxCount: 1`, that tell how many were read. */
function watched(count: number, size: number) {
  let read = 0
  const data = Buffer.alloc(size)
  const records = Array.from({ length: count }, (_, n) => ({
    get partitionKey() {
      read = n + 1
      return `key ${n}`
    },
    data,
  }))
  return { records, read: () => read }
}
/** How many user records were read when each entry was given. */
function distances(size: number, wrap: (records: UserRecordInput[]) => Iterable<UserRecordInput> = (records) => records): number[] {
  const { records, read } = watched(100, size)
  return Array.from(aggregate(wrap(records), { aggregationMaxCount: 1 }), () => read())
}
/** The same for what is completed so many at a time. */
const steps = (...reads: [entries: number, read: number][]) => reads.flatMap(([entries, read]) => Array<number>(entries).fill(read))

t.test('a list is read until 16 entries or 8 MiB are complete, and again once all of them are given out', (t) => {
  const sixteen = steps(...Array.from({ length: 6 }, (_, n): [number, number] => [16, 16 * (n + 1)]), [4, 100])
  t.same(distances(1000), sixteen)
  t.same(distances(100 * KIB), sixteen)
  t.same(distances(700 * KIB), steps(...Array.from({ length: 8 }, (_, n): [number, number] => [12, 12 * (n + 1)]), [4, 100]), '12 have more than 8 MiB')
  t.end()
})

const lazy: [string, (records: UserRecordInput[]) => Iterable<UserRecordInput>][] = [
  ['a generator', function* (records) { yield* records }],
  ['an iterator', (records) => records.values()],
  ['a Set', (records) => new Set(records)],
  ['an array with an iterator of its own', (records) => Object.defineProperty([...records], Symbol.iterator, { value: () => records.values() })],
]
for (const [name, wrap] of lazy) {
  t.test(`${name} is read no further than the next entry needs`, (t) => {
    for (const size of [10, 10 * KIB, 700 * KIB]) t.same(distances(size, wrap), Array.from({ length: 100 }, (_, n) => n + 1))
    t.end()
  })
}

t.test('nothing is read before the first step, nor after the pass is left', (t) => {
  const { records, read } = watched(100, 100 * KIB)
  const pass = aggregate(records, { aggregationMaxCount: 1 })[Symbol.iterator]()
  t.equal(read(), 0)
  pass.next()
  pass.return!()
  t.same(pass.next(), { value: undefined, done: true })
  t.equal(read(), 16)
  t.end()
})

t.test('a refused record: first all before it, then its error, though many were complete before', (t) => {
  const own = new Error('own')
  const faults: [unknown, unknown][] = [
    [{ partitionKey: '', data: '' }, { code: 'ERR_KPL_INVALID_PARTITION_KEY' }],
    [undefined, { code: 'ERR_KPL_INVALID_INPUT' }],
    [{ partitionKey: 'a', data: Buffer.alloc(2_000_000) }, { code: 'ERR_KPL_RECORD_TOO_LARGE' }],
    [{ get partitionKey() { throw own } }, own],
  ]
  for (const [bad, expected] of faults) {
    for (const at of [0, 1, 5, 16, 17, 40]) {
      for (const aggregationMaxCount of [1, 2, 1000]) {
        const { records } = watched(50, 100 * KIB)
        const list: unknown[] = [...records.slice(0, at), bad, ...records.slice(at)]
        const { given, error } = readUntilError(aggregate(list as UserRecordInput[], { aggregationMaxCount }))
        t.same(given.map((entry) => entry.PartitionKey), Array.from({ length: at }, (_, n) => `key ${n}`), `${at} before it`)
        t.match(error, expected as object)
        if (expected === own) continue
        const rejected: unknown[] = []
        t.equal([...aggregate(list as UserRecordInput[], { aggregationMaxCount, onRejected: (_, record) => rejected.push(record) })].length, 50)
        t.same(rejected.map((each) => each === bad), [true])
      }
    }
  }
  t.end()
})

t.test('onRejected that throws: all before it, then that', (t) => {
  const own = new Error('own')
  const list = [...watched(30, 100 * KIB).records, { partitionKey: '', data: '' }]
  const { given, error } = readUntilError(aggregate(list, { onRejected: () => { throw own } }))
  t.equal(given.length, 30)
  t.equal(error, own)
  t.end()
})

t.test('a list that is changed while it is read: what it holds where it is read', (t) => {
  const list = ['a', 'b', 'c'].map((partitionKey) => ({ partitionKey, data: Buffer.alloc(4 * KIB * KIB, 'x') }))
  const given: PutRecordsEntry[] = []
  for (const entry of aggregate(list, { maxRecordSize: 10 * KIB * KIB })) {
    if (given.push(entry) === 1) list.push({ partitionKey: 'd', data: Buffer.from('d') })
    if (given.length === 2) list[2] = { partitionKey: 'e', data: Buffer.from('e') }
  }
  t.same(given.map((entry) => entry.PartitionKey), ['a', 'b', 'e', 'd'])
  t.same(contents(given.slice(2)), [['e=e'], ['d=d']])
  t.end()
})

t.test('shardId is of the shards as they were in the turn of the user record that closed the aggregate', (t) => {
  const records = Array.from({ length: 12 }, (_, n) => ({ partitionKey: `key ${n % 3}`, data: `${n}` }))
  for (const groupBy of ['none', 'hashKey', 'shard'] as const) {
    for (const input of [records, new Set(records)]) {
      let asked = 0
      const maps = ['first', 'second', 'third'].map((id) => new ShardMap(shardsFrom([id, 0n])))
      const shards = () => maps[Math.floor(asked++ / 4)]!
      const ids = Array.from(aggregate(input, { groupBy, shards, aggregationMaxCount: 1 }), ({ shardId }) => shardId)
      t.same(ids, [...Array(4).fill('first'), ...Array(4).fill('second'), ...Array(4).fill('third')], `${groupBy}, ${input.constructor.name}`)
    }
  }
  t.end()
})
