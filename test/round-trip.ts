import t from 'tap'
import {
  type AggregatorOptions,
  type PutRecordsEntry,
  type UserRecordInput,
  aggregate,
  deaggregate,
  decodeAggregate,
  encodeAggregate,
  hashKey,
} from '../lib/index.js'
import { type Member, aggregateOf } from '../fixtures/aggregates.js'
import { type Draw, draw } from '../fixtures/random.js'
import { LAST_HASH_KEY, evenShards } from '../fixtures/writing.js'

// What is written is read again as it was, and what is read is written again as
// it was: random user records, every option.

/** A payload that is an aggregate itself: only its own reader may open it. */
const LOOKALIKE = aggregateOf([{ partitionKey: 'inner', data: 'inner' }])

/** Lengths at which a varint grows, and a little beside them. */
const LENGTHS = [0, 1, 2, 41, 42, 43, 126, 127, 128, 129, 300, 16_382, 16_383, 16_384]

function member(draw: Draw, keys: readonly string[], hashKeys: readonly string[]): Member {
  const length = draw.oneIn(30) ? draw.pick(LENGTHS) : draw.below(60)
  return {
    partitionKey: draw.pick(keys),
    explicitHashKey: draw.oneIn(3) ? draw.pick(hashKeys) : undefined,
    data: draw.oneIn(25) ? LOOKALIKE : draw.oneIn(4) ? draw.text(Math.min(length, 300)) : draw.bytes(length),
    tags: draw.oneIn(6) ? Array.from({ length: draw.between(1, 3) }, () => ({ key: draw.text(draw.below(4)), ...(draw.oneIn(2) && { value: draw.text(draw.below(200)) }) })) : undefined,
  }
}

function members(draw: Draw, count: number): Member[] {
  const keys = Array.from({ length: draw.between(1, 300) }, () => draw.text(draw.oneIn(20) ? 256 : draw.between(1, 12)))
  const hashKeys = ['0', String(LAST_HASH_KEY), ...Array.from({ length: draw.below(200) }, () => String(draw.below(2 ** 32)))]
  return Array.from({ length: count }, () => member(draw, keys, hashKeys))
}

const told = ({ partitionKey, explicitHashKey, data, tags }: UserRecordInput) =>
  JSON.stringify([partitionKey, explicitHashKey ?? null, Buffer.from(data as string).toString('base64'), tags?.map(({ key, value }) => [key, value ?? null]) ?? null])

t.test('encodeAggregate(decodeAggregate(x).records) is x, for all that a KPL could write', (t) => {
  const next = draw(t, 20260108)
  const wrong: number[] = []
  for (let n = 0; n < 400; n++) {
    const given = members(next, n < 20 ? 1000 : next.between(1, 60))
    const canonical = aggregateOf(given)
    const { records } = decodeAggregate(canonical)
    if (JSON.stringify(records.map(told)) !== JSON.stringify(given.map(told))) wrong.push(n)
    if (!encodeAggregate(records).equals(canonical)) wrong.push(n)
  }
  t.same(wrong, [])
  t.end()
})

t.test('user records of deaggregate are input of encodeAggregate as they are', (t) => {
  const given = members(draw(t, 20260109), 500)
  t.ok(encodeAggregate(deaggregate(aggregateOf(given))).equals(aggregateOf(given)))
  t.end()
})

const shards = evenShards(5)
const grouping: AggregatorOptions[] = [{ groupBy: 'hashKey' }, { groupBy: 'none' }, { shards }, { shards, groupBy: 'hashKey' }, { shards: () => undefined }]
const keys: AggregatorOptions[] = [{ outerKey: 'first' }, { outerKey: 'kpl' }]
const lone: AggregatorOptions[] = [{ loneRecord: 'raw' }, { loneRecord: 'wrap' }]
const sizes: AggregatorOptions[] = [{}, { aggregationMaxSize: 700 }, { aggregationMaxCount: 1 }, { aggregationMaxCount: 3 }, { maxPendingBytes: 2000 }, { aggregationMaxSize: 1 }]
const off: AggregatorOptions[] = grouping.flatMap((group) => keys.map((key) => ({ ...group, ...key, aggregationEnabled: false })))

const every = [...grouping.flatMap((group) => keys.flatMap((key) => lone.flatMap((raw) => sizes.map((size) => ({ ...group, ...key, ...raw, ...size }))))), ...off]

t.test(`aggregate, then deaggregate: nothing is lost, doubled, changed or out of its key's order, by any of ${every.length} sets of options`, (t) => {
  const next = draw(t, 20260110)
  const wrong: string[] = []
  for (const options of every) {
    const isRaw = options.aggregationEnabled === false
    const given: UserRecordInput[] = members(next, 120).map((record) => (isRaw ? { ...record, tags: undefined, data: record.data === LOOKALIKE ? '' : record.data } : record))
    const entries = [...aggregate(given, options)]
    const name = JSON.stringify({ ...options, shards: options.shards && 'some' })
    if (given.some((record, n) => record !== byInput(entries, given)[n])) wrong.push(`${name}: not the very records`)
    const problem = differences(given, entries)
    if (problem !== undefined) wrong.push(`${name}: ${problem}`)
  }
  t.same(wrong, [])
  t.end()
})

/** The user records that the entries say they hold, in the order of the input. */
function byInput(entries: readonly PutRecordsEntry[], given: readonly UserRecordInput[]): UserRecordInput[] {
  const place = new Map(given.map((record, n) => [record, n]))
  return entries.flatMap(({ userRecords }) => userRecords).sort((a, b) => place.get(a)! - place.get(b)!)
}

/** What a consumer misses, gets twice, changed or out of order. */
function differences(given: readonly UserRecordInput[], entries: readonly PutRecordsEntry[]): string | undefined {
  for (const [n, entry] of entries.entries()) {
    const read = [...deaggregate(entry)]
    // A raw record's explicit hash key is the entry's own, and no reader sees it.
    const expected = entry.aggregated ? entry.userRecords : entry.userRecords.map((record) => ({ ...record, explicitHashKey: undefined }))
    if (JSON.stringify(read.map(told)) !== JSON.stringify(expected.map(told))) return `entry ${n} does not hold what it says`
    if (read.some(({ aggregated }) => aggregated !== entry.aggregated)) return `entry ${n} is read as something else`
  }
  const order = (records: readonly UserRecordInput[]) => {
    const rows = new Map<bigint, string[]>()
    for (const record of records) {
      const key = hashKey(record.partitionKey, record.explicitHashKey)
      rows.set(key, [...(rows.get(key) ?? []), told(record)])
    }
    return rows
  }
  const [before, after] = [order(given), order(entries.flatMap(({ userRecords }) => userRecords))]
  for (const [key, row] of before) if (JSON.stringify(row) !== JSON.stringify(after.get(key))) return `the order of hash key ${key}`
  return before.size === after.size ? undefined : 'a hash key that was not given'
}
