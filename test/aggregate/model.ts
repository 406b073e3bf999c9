import t from 'tap'
import { Aggregator, type AggregatorOptions, type PutRecordsEntry, type UserRecordInput, aggregate, decodeAggregate, hashKey, isAggregated } from '../../lib/index.js'
import { aggregateOf } from '../../fixtures/aggregates.js'
import { type Draw, draw } from '../../fixtures/random.js'

// The rules of packing written down a second time, as plainly as can be: all is measured by making it, by
// hand, and nothing is remembered. What the library gives must be the same to the byte, at the same call.

type Options = AggregatorOptions & { aggregationMaxSize: number; aggregationMaxCount: number; maxPendingBytes: number; maxRecordSize: number }

class Model {
  readonly #open = new Map<unknown, UserRecordInput[]>()
  readonly #options: Options

  constructor(options: Options) {
    this.#options = options
  }

  add(record: UserRecordInput): string[] {
    const { groupBy, aggregationMaxCount, maxPendingBytes } = this.#options
    const group = groupBy === 'none' ? 'all' : hashKey(record.partitionKey, record.explicitHashKey)
    const left: string[] = []
    const close = (group: unknown): void => {
      const members = this.#open.get(group)
      this.#open.delete(group)
      if (members !== undefined) left.push(this.#leaves(members))
    }
    const isAlone = !this.#fits([record])
    if (isAlone || !this.#fits([...(this.#open.get(group) ?? []), record])) close(group)
    const members = [...(this.#open.get(group) ?? []), record]
    this.#open.set(group, members)
    if (isAlone || members.length >= aggregationMaxCount) close(group)
    while (this.pendingBytes > maxPendingBytes) close([...this.#open.keys()][0])
    return left
  }

  flush(): string[] {
    const left = [...this.#open.values()].map((members) => this.#leaves(members))
    this.#open.clear()
    return left
  }

  get pendingBytes(): number {
    return [...this.#open.values()].reduce((sum, members) => sum + aggregateOf(members).length + 512, 0)
  }

  get pendingRecords(): number {
    return [...this.#open.values()].flat().length
  }

  #fits(members: readonly UserRecordInput[]): boolean {
    const { aggregationMaxSize, maxRecordSize, outerKey } = this.#options
    const outer = outerKey === 'kpl' ? 1 : Buffer.byteLength(members[0]!.partitionKey)
    return aggregateOf(members).length <= Math.min(aggregationMaxSize, maxRecordSize - outer)
  }

  #leaves(members: readonly UserRecordInput[]): string {
    const { outerKey, loneRecord } = this.#options
    const { partitionKey, explicitHashKey, data, tags } = members[0]!
    const raw = loneRecord === 'raw' && members.length === 1 && tags === undefined
    const asKpl = outerKey === 'kpl'
    const key = asKpl && !raw ? 'a' : partitionKey
    return line(key, asKpl ? String(hashKey(partitionKey, explicitHashKey)) : explicitHashKey, raw ? Buffer.from(data as string) : aggregateOf(members), members)
  }
}

/** Which object a user record is. */
const numbers = new WeakMap<UserRecordInput, number>()
let next = 0

/** An entry in one line: its keys, its data, and the very objects in it. */
function line(PartitionKey: string, ExplicitHashKey: string | undefined, Data: Uint8Array, userRecords: readonly UserRecordInput[]): string {
  return `${PartitionKey} ${ExplicitHashKey} ${userRecords.map((record) => numbers.get(record))} ${Buffer.from(Data).toString('latin1')}`
}

const lines = (entries: readonly PutRecordsEntry[]): string[] =>
  entries.map(({ PartitionKey, ExplicitHashKey, Data, userRecords }) => line(PartitionKey, ExplicitHashKey, Data, userRecords))

/** Records like those that most producers write, between all others; of few keys and of many. */
function recordOf(draw: Draw, keys: readonly string[]): UserRecordInput {
  const length = draw.pick([draw.below(12), draw.below(12), draw.between(118, 130), draw.below(400)])
  const data = Buffer.alloc(length, draw.pick(['a', 'b', 'c']))
  const record: UserRecordInput = {
    partitionKey: draw.pick(keys),
    data: draw.oneIn(6) ? data.toString() : data,
    ...(draw.oneIn(8) && { explicitHashKey: String(draw.below(4)) }),
    ...(draw.oneIn(30) && { tags: [{ key: 'tag', value: '' }] }),
  }
  numbers.set(record, next++)
  return record
}

function optionsOf(draw: Draw): Options {
  return {
    groupBy: draw.pick(['none', 'none', 'hashKey']),
    // A record that takes more than its own key leaves is alone; the largest here still fits a Kinesis record, with the largest key and as an aggregate.
    ...draw.pick([
      { aggregationMaxSize: draw.between(60, 200), maxRecordSize: 2600 },
      { aggregationMaxSize: draw.between(200, 2600), maxRecordSize: 2600 },
      { aggregationMaxSize: draw.between(2300, 6000), maxRecordSize: 6000 },
    ]),
    outerKey: draw.pick(['first', 'first', 'kpl']),
    loneRecord: draw.pick(['raw', 'raw', 'wrap']),
    aggregationMaxCount: draw.pick([2, 3, 1000, 1000]),
    maxPendingBytes: draw.pick([1500, 10_000, 1_000_000]),
  }
}

/** Few, or more than one byte can number. */
const keyCountOf = (draw: Draw): number => draw.pick([1, 5, 200])
/** Some as long as a key can be. */
const keysOf = (draw: Draw, count: number): string[] =>
  Array.from({ length: count }, (_, n) => `${draw.oneIn(20) ? '😀'.repeat(253) : draw.pick(['key-', ''])}${n}`)
/** Options with which 200 keys are in one aggregate. */
const LARGE = { groupBy: 'none', aggregationMaxSize: 60_000, aggregationMaxCount: 1000, maxPendingBytes: 1_000_000, maxRecordSize: 70_000, outerKey: 'first', loneRecord: 'raw' } as const
const isSame = (a: readonly string[], b: readonly string[]): boolean => a.length === b.length && a.every((entry, n) => entry === b[n])

function differs(draw: Draw, records: number): string | undefined {
  const options = optionsOf(draw)
  const keys = keysOf(draw, keyCountOf(draw))
  const model = new Model(options)
  const aggregator = new Aggregator(options)
  for (let n = 0; n < records; n++) {
    const record = recordOf(draw, keys)
    const [expected, found] = draw.oneIn(20) ? [model.flush(), lines(aggregator.flush())] : [model.add(record), lines(aggregator.add(record))]
    if (!isSame(expected, found)) return `${JSON.stringify(options)}, record ${n}: ${JSON.stringify({ expected, found }).slice(0, 2000)}`
    if (aggregator.pendingBytes !== model.pendingBytes) return `pendingBytes ${aggregator.pendingBytes}, not ${model.pendingBytes}, after record ${n}`
    if (aggregator.pendingRecords !== model.pendingRecords) return `pendingRecords ${aggregator.pendingRecords}, not ${model.pendingRecords}, after record ${n}`
  }
  return undefined
}

/** Of a list: there aggregates wait for each other once they are closed. */
function listDiffers(draw: Draw, records: number, options = optionsOf(draw), keyCount = keyCountOf(draw)): string | undefined {
  const keys = keysOf(draw, keyCount)
  const list = Array.from({ length: records }, () => recordOf(draw, keys))
  const model = new Model(options)
  const expected = [...list.flatMap((record) => model.add(record)), ...model.flush()]
  const found = lines([...aggregate(list, options)])
  return isSame(expected, found) ? undefined : `${JSON.stringify(options)}: ${JSON.stringify({ expected, found }).slice(0, 2000)}`
}

const ROUNDS = 150

t.test('whatever records come, an aggregator gives the same entries as a plain model of the rules, at the same calls', (t) => {
  const seeded = draw(t, 20_261_123)
  const found = Array.from({ length: ROUNDS }, () => differs(seeded, 120)).filter((difference) => difference !== undefined)
  t.same(found.slice(0, 1), [])
  t.end()
})

t.test('aggregate() gives the same of a list', (t) => {
  const seeded = draw(t, 23_112_026)
  const found = Array.from({ length: ROUNDS }, (_, round) => (round === 0 ? listDiffers(seeded, 500, LARGE, 200) : listDiffers(seeded, 200))).filter((difference) => difference !== undefined)
  t.same(found.slice(0, 1), [])
  t.end()
})

t.test('an aggregate that leaves with any number of short user records is whole', (t) => {
  const record = { partitionKey: 'a', data: Buffer.alloc(10, 'x') }
  const wrong: number[] = []
  // So many that its buffer is filled to the last byte a few times, and doubled.
  for (let count = 2; count < 1200; count++) {
    const aggregator = new Aggregator()
    // After a first one it knows how much room the keys take, and leaves what it writes where it is.
    for (const n of [2, count]) {
      aggregator.flush()
      for (let added = 0; added < n; added++) aggregator.add(record)
    }
    const [entry] = aggregator.flush()
    if (!isAggregated(entry!.Data) || decodeAggregate(entry!.Data).records.length !== count) wrong.push(count)
  }
  t.same(wrong, [])
  t.end()
})
