// Every fault that the other aggregators were caught with (fixtures/writers/peer-bugs.ndjson),
// and that kpl-codec does it right.
import t, { type Test } from 'tap'
import { type PeerBug, type PeerBugRecord, loadPeerBugs } from '../fixtures/load.js'
import { Aggregator, type AggregatorOptions, type UserRecordInput, deaggregate, hashKey } from '../lib/index.js'

const MIB = 1_048_576

/** What kpl-codec shows, for each fault by its name in the file. */
const shows: Record<string, (t: Test, records: UserRecordInput[], bug: PeerBug) => void> = {
  'integer-like partition keys change places': comesBack,
  'integer-like explicit hash keys change places': comesBack,
  'the key __proto__ is not written, its index points nowhere'(t, records, { output }) {
    comesBack(t, records)
    t.throws(() => [...deaggregate({ data: output[0]!.data! })], { code: 'ERR_KPL_MALFORMED', subSequenceNumber: 1 }, 'and what was written so is not half read')
  },
  'after the key hasOwnProperty every further record throws': comesBack,
  'sizes count UTF-16 units: multi-byte keys make records far over 1 MiB': (t, records) => neverAbove(t, MIB, records),
  'no outer explicit hash key when only a later record has one'(t, records) {
    for (const { PartitionKey, ExplicitHashKey, userRecords } of aggregate(records, {})) {
      const hashKeys = userRecords.map((record) => hashKey(record.partitionKey, record.explicitHashKey))
      t.strictSame(hashKeys, hashKeys.map(() => hashKey(PartitionKey, ExplicitHashKey)), 'an entry has the hash key of all in it')
    }
  },
  'a lone record of 1,048,544 to 1,048,563 bytes (key of 1 byte) vanishes: an empty aggregate comes out, nothing is raised': nothingVanishes,
  'the same after a small record: that one comes out, the large one is gone': nothingVanishes,
  'with str keys each use of a key is counted again: the aggregate ends early'(t, records, { output }) {
    const options = { groupBy: 'none', maxRecordSize: MIB } as const
    const size = output[0]!.bytes!
    t.strictSame(aggregate(records, { ...options, aggregationMaxSize: size }).map(({ Data }) => Data.length), [size], 'all of it fits its exact size')
    t.equal(aggregate(records, { ...options, aggregationMaxSize: size - 1 }).length, 2, 'and not one byte less')
  },
  'explicit hash keys are not checked': (t, records) => allRefused(t, records, 'ERR_KPL_INVALID_EXPLICIT_HASH_KEY'),
  'partition keys are not checked: empty, and longer than 256': (t, records) => allRefused(t, records, 'ERR_KPL_INVALID_PARTITION_KEY'),
  'a lone record makes 1,048,596 bytes, 20 over 1 MiB'(t, records) {
    neverAbove(t, MIB, records)
    neverAbove(t, MIB, records, { loneRecord: 'wrap' })
  },
  'a record that fits nowhere throws and takes the waiting ones with it'(t, [small, large]) {
    comesBack(t, [small!, large!], { aggregationMaxSize: MIB })
    const aggregator = new Aggregator()
    aggregator.add(small!)
    t.throws(() => aggregator.add({ partitionKey: 'k', data: Buffer.alloc(MIB) }), { code: 'ERR_KPL_RECORD_TOO_LARGE', size: MIB + 1, limit: MIB })
    t.strictSame(aggregator.flush().flatMap(({ userRecords }) => userRecords), [small], 'what waited still waits')
  },
  'every record without an explicit hash key gets one written (MD5 of the key), some 44 bytes per distinct key'(t, records, { output }) {
    comesBack(t, records)
    t.ok(aggregate(records, { groupBy: 'none' })[0]!.Data.length <= Buffer.from(output[0]!.data!, 'base64').length - 2 * 40)
  },
  // The limit is 256 characters, and UTF-8 is what it takes to write them.
  'keys longer than 256 UTF-8 bytes'(t, [ofTwoBytes, tooLong]) {
    comesBack(t, [ofTwoBytes!])
    allRefused(t, [tooLong!], 'ERR_KPL_INVALID_PARTITION_KEY')
  },
  'keys of 256 characters but more than 256 UTF-8 bytes are refused': comesBack,
  'all records of an aggregate get the first key': comesBack,
  'the size limit ignores the framing': (t, records) => neverAbove(t, 51_200, records),
  'the key table is not deduplicated'(t, records, { output }) {
    comesBack(t, records)
    const theirs = Buffer.from(output[0]!.data!, 'base64')
    t.equal(aggregate(records, { groupBy: 'none' })[0]!.Data.length, theirs.length - 2 * 3, 'two entries of three bytes less')
  },
  'explicit hash keys do not exist'(t, records) {
    comesBack(t, records, { loneRecord: 'wrap' })
    t.equal(aggregate(records, {})[0]!.ExplicitHashKey, '5', 'of a raw record Kinesis sees it')
  },
}

const bugs = loadPeerBugs()
t.equal(bugs.length, 24, 'all faults are here')
for (const bug of bugs) {
  t.test(`${bug.writer}: ${bug.bug}`, (t) => {
    shows[bug.bug]!(t, recordsOf(bug), bug)
    t.end()
  })
}

/** What the aggregator was given. Of long lists the file tells the number and the sizes only. */
function recordsOf({ bug, input }: PeerBug): UserRecordInput[] {
  if (Array.isArray(input)) {
    return (input as PeerBugRecord[]).map(({ partitionKey, explicitHashKey, data }) => {
      return { partitionKey, explicitHashKey: explicitHashKey ?? undefined, data: Buffer.from(data, 'base64') }
    })
  }
  const { count, first, last } = input as Exclude<PeerBug['input'], readonly PeerBugRecord[]>
  return Array.from({ length: count }, (_, n) => {
    // As the sizes say: one more byte for every digit more.
    const digits = first.dataBytes === last.dataBytes ? 0 : String(n).length - 1
    const size = count === 2 && n === 1 ? last.dataBytes : first.dataBytes + digits
    return { partitionKey: keyOf(bug, n, count), data: Buffer.alloc(size, n) }
  })
}

function keyOf(bug: string, n: number, count: number): string {
  if (bug.includes('UTF-16')) return '鍵'.repeat(250) + n
  return count === 4000 ? 'a-partition-key-of-32-characters' : 'k'
}

function aggregate(records: readonly UserRecordInput[], options: AggregatorOptions) {
  const aggregator = new Aggregator(options)
  const entries = records.flatMap((record) => aggregator.add(record))
  return [...entries, ...aggregator.flush()]
}

/** All user records in one aggregate, read again: the same, in order. */
function comesBack(t: Test, records: readonly UserRecordInput[], options: AggregatorOptions | PeerBug = {}): void {
  const settings = 'bug' in options ? {} : options
  const back = [...deaggregate(aggregate(records, { groupBy: 'none', ...settings }))]
  t.strictSame(
    back.map(({ partitionKey, explicitHashKey, data }) => ({ partitionKey, explicitHashKey, data: data.toString('base64') })),
    records.map(({ partitionKey, explicitHashKey, data }) => ({ partitionKey, explicitHashKey, data: Buffer.from(data).toString('base64') })),
  )
}

function neverAbove(t: Test, limit: number, records: readonly UserRecordInput[], options: AggregatorOptions = {}): void {
  const entries = aggregate(records, { groupBy: 'none', aggregationMaxSize: limit, maxRecordSize: MIB, ...options })
  t.strictSame(entries.filter(({ Data, size }) => Data.length > limit || size > MIB).length, 0, `no entry above ${limit} bytes`)
  t.strictSame(entries.map(({ Data, PartitionKey, size }) => size - Data.length - Buffer.byteLength(PartitionKey)), entries.map(() => 0), 'sizes are told exactly')
  t.equal([...deaggregate(entries)].length, records.length, 'nothing is lost')
}

/** Around the limit a user record goes, whole, or is refused. */
function nothingVanishes(t: Test, records: readonly UserRecordInput[]): void {
  const wrong: string[] = []
  for (const loneRecord of ['raw', 'wrap'] as const) {
    for (let size = MIB - 40; size <= MIB + 2; size++) {
      const aggregator = new Aggregator({ groupBy: 'none', aggregationMaxSize: MIB, loneRecord })
      const large = { partitionKey: 'k', data: Buffer.alloc(size) }
      const [given, before] = records.length === 2 ? [[records[0]!, large], aggregator.add(records[0]!)] : [[large], []]
      const overhead = loneRecord === 'raw' ? 1 : 34
      try {
        const back = [...deaggregate([...before, ...aggregator.add(large), ...aggregator.flush()])]
        const same = back.length === given.length && back.at(-1)!.data.equals(large.data)
        if (!same || size + overhead > MIB) wrong.push(`${loneRecord} ${size}: ${back.length} user records`)
      } catch (error) {
        if ((error as { code?: unknown }).code !== 'ERR_KPL_RECORD_TOO_LARGE' || size + overhead <= MIB) wrong.push(`${loneRecord} ${size}: ${String(error)}`)
      }
    }
  }
  t.strictSame(wrong, [])
}

function allRefused(t: Test, records: readonly UserRecordInput[], code: string): void {
  const aggregator = new Aggregator()
  for (const record of records) t.throws(() => aggregator.add(record), { code })
  t.strictSame([aggregator.pendingRecords, aggregator.pendingBytes, aggregator.flush()], [0, 0, []], 'and leave no trace')
}
