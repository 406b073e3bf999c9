// Where memory runs short, or bytes are not what they say, a call throws and changes nothing.
import t, { type Test } from 'tap'
import { AggregateStream, Aggregator, type AggregatorOptions, type PutRecordsEntry, ShardMap, type UserRecordInput, aggregate, deaggregate, decodeAggregate, encodeAggregate } from '../../lib/index.js'
import { onAllocation } from '../../fixtures/allocations.js'
import { goneBytes, resizable } from '../../fixtures/gone.js'
import { LAST_HASH_KEY, evenShards } from '../../fixtures/writing.js'

const first: UserRecordInput[] = ['a', 'b', 'a'].map((partitionKey, n) => ({ partitionKey, data: `record ${n}` }))
const shortage = new RangeError('Array buffer allocation failed')

/** Makes every allocation fail until it is told to work again. */
function runShort(t: Test): () => void {
  return onAllocation(t, () => {
    throw shortage
  })
}

t.test('add: the open aggregate stays as it was, its tables too', (t) => {
  const aggregator = new Aggregator({ groupBy: 'none' })
  for (const record of first) aggregator.add(record)
  const { pendingBytes } = aggregator
  const free = runShort(t)
  t.throws(() => aggregator.add({ partitionKey: 'new', explicitHashKey: '5', data: Buffer.alloc(40_000) }), shortage)
  t.equal(aggregator.pendingBytes, pendingBytes)
  free()
  aggregator.add({ partitionKey: 'c', data: 'last' })
  const [entry] = aggregator.flush()
  t.same(decodeAggregate(entry!.Data).records.map(({ partitionKey, data }) => `${partitionKey} ${data}`), ['a record 0', 'b record 1', 'a record 2', 'c last'])
  t.end()
})

t.test('flush: what was pending still is', (t) => {
  const aggregator = new Aggregator({ groupBy: 'none' })
  for (const record of first) aggregator.add(record)
  const free = runShort(t)
  for (let n = 0; n < 2; n++) t.throws(() => aggregator.flush(), shortage)
  t.equal(aggregator.pendingRecords, 3)
  free()
  t.equal(decodeAggregate(aggregator.flush()[0]!.Data).records.length, 3)
  t.end()
})

/** A short text, its aggregates too small to leave in their memory; or one of which each shard's second aggregate is nearly full. */
const SMALL = { count: 20, length: 0 }
const LARGE = { count: 168, length: 900 }

/** User records pending in four shards, and what makes them one shard. */
function beforeRegrouping(options: AggregatorOptions = {}, { count, length } = SMALL) {
  const four = new ShardMap(evenShards(4))
  let shards: ShardMap = four
  const aggregator = new Aggregator({ ...options, shards: () => shards })
  const entries = Array.from({ length: count }, (_, n) => {
    const explicitHashKey = String((LAST_HASH_KEY / 4n + 1n) * BigInt(n % 4))
    return aggregator.add({ partitionKey: `key ${n}`, explicitHashKey, data: `record ${n}`.padEnd(length) })
  }).flat()
  return { aggregator, entries, merge: (map = new ShardMap(evenShards(1))) => void (shards = map), split: () => void (shards = four) }
}

for (const [options, isSplit, size] of [
  [{}, false, SMALL],
  [{ aggregationMaxCount: 10 }, false, SMALL],
  [{ aggregationMaxCount: 10 }, true, SMALL],
  // The oldest leave early.
  [{ aggregationMaxCount: 10, maxPendingBytes: 10_000 }, true, SMALL],
  [{ aggregationMaxSize: 20_000 }, false, LARGE],
  [{ aggregationMaxSize: 20_000 }, true, LARGE],
] as [AggregatorOptions, boolean, typeof SMALL][]) {
  const then = isSplit ? 'the old shards are back' : 'the new ones stay'
  t.test(`a regrouping that fails, at whichever allocation, changes nothing: ${JSON.stringify(options)}, ${then}`, (t) => {
    let failures = 0
    for (let failing = 1; failing <= 12; failing++) {
      const { aggregator, entries, merge, split } = beforeRegrouping(options, size)
      const pending = [aggregator.pendingRecords, aggregator.pendingBytes]
      merge()
      let calls = 0
      let isTaken = true
      const free = onAllocation(t, () => {
        if (++calls === failing) throw shortage
      })
      try {
        entries.push(...aggregator.add({ partitionKey: 'new', data: `record ${size.count}` }))
      } catch (error) {
        failures++
        isTaken = false
        t.equal(error, shortage)
        t.same([aggregator.pendingRecords, aggregator.pendingBytes], pending)
        if (isSplit) split()
      }
      free()
      const count = size.count + (isTaken ? 1 : 0)
      const late = [...aggregator.add({ partitionKey: 'late', data: 'late'.repeat(2400) }), ...aggregator.flush()]
      const texts = Array.from(deaggregate([...entries, ...late]), (record) => record.text().trim().slice(0, 10))
      t.same(texts.sort(), [...Array.from({ length: count }, (_, n) => `record ${n}`), 'latelatela'].sort())
      if (isSplit) continue
      t.same(new Set(late.map(({ shardId }) => shardId)), new Set(['s0']))
      if (size === SMALL && options.aggregationMaxCount === undefined) t.equal(late.length, 1, 'it is done by the next call')
    }
    t.ok(failures > 1)
    t.end()
  })
}

/** User records of which many close an aggregate: by their number, because they leave alone, or because too much waits. */
const closing: [name: string, options: AggregatorOptions, records: UserRecordInput[]][] = [
  ['count', { groupBy: 'none', aggregationMaxCount: 2 }, Array.from({ length: 12 }, (_, n) => ({ partitionKey: 'k', data: `${n}` }))],
  ['alone', { loneRecord: 'wrap', aggregationMaxSize: 5000 }, Array.from({ length: 12 }, (_, n) => ({ partitionKey: 'k', data: `${n} `.padEnd(6000 - 1000 * (n % 3)) }))],
  ['size', { groupBy: 'none', aggregationMaxSize: 5000 }, Array.from({ length: 12 }, (_, n) => ({ partitionKey: 'k', data: `${n} `.padEnd(2000) }))],
  ['pending', { maxPendingBytes: 1500 }, Array.from({ length: 12 }, (_, n) => ({ partitionKey: `${n % 5}`, data: `${n}` }))],
]

for (const [name, options, records] of closing) {
  t.test(`an add that throws has taken nothing, and one that does not has taken its user record, whatever it closes: ${name}`, (t) => {
    const undisturbed = new Aggregator(options)
    const groupsOf = (entries: PutRecordsEntry[]): string[] => entries.map(({ Data, userRecords }) => `${Data.toString('hex')} ${userRecords.map(({ data }) => data)}`)
    const expected = groupsOf([...records.flatMap((record) => undisturbed.add(record)), ...undisturbed.flush()])
    let throws = 0
    for (let failing = 1; failing <= 40; failing++) {
      const aggregator = new Aggregator(options)
      const entries: PutRecordsEntry[] = []
      let calls = 0
      // Three in a row: what waits since an earlier call fails again.
      const free = onAllocation(t, () => {
        calls++
        if (calls >= failing && calls < failing + 3) throw shortage
      })
      for (let n = 0; n < records.length; ) {
        const before = aggregator.pendingRecords
        try {
          entries.push(...aggregator.add(records[n]!))
          n++
        } catch (error) {
          throws++
          if (error !== shortage || aggregator.pendingRecords !== before) t.fail(`${error}, ${before} pending, then ${aggregator.pendingRecords}`)
        }
      }
      free()
      entries.push(...aggregator.flush())
      t.same(groupsOf(entries), expected)
    }
    t.ok(throws > 2, `${throws} thrown`)
    t.end()
  })
}

t.test('a shard that does not tell its id keeps no user record from being taken once', (t) => {
  let isTelling = false
  const shard = Object.defineProperty(evenShards(1)[0]!, 'ShardId', {
    get() {
      if (!isTelling) throw shortage
      return 'shard'
    },
  })
  const map = new ShardMap(evenShards(1))
  map.shardFor = () => shard
  const aggregator = new Aggregator({ shards: map, aggregationMaxCount: 1 })
  t.same(aggregator.add({ partitionKey: 'k', data: 'taken' }), [])
  for (let n = 0; n < 2; n++) t.throws(() => aggregator.add({ partitionKey: 'k', data: 'refused' }), shortage)
  isTelling = true
  t.same(aggregator.flush().map(({ Data, shardId }) => `${Data} ${shardId}`), ['taken shard'])
  t.end()
})

t.test('aggregate: what was complete before is given out, then it throws, closes its source and is at its end', (t) => {
  for (const isList of [true, false]) {
    let isClosed = false
    function* source(): Generator<UserRecordInput> {
      try {
        for (let n = 0; n < 60; n++) yield { partitionKey: 'k', data: `${n} `.padEnd(200) }
      } finally {
        isClosed = true
      }
    }
    let calls = 0
    const free = onAllocation(t, (size) => {
      // The entries themselves: each copies two user records.
      if (size > 400 && size < 500 && ++calls >= 12) throw shortage
    })
    const pass = aggregate(isList ? [...source()] : source(), { aggregationMaxCount: 2 })[Symbol.iterator]()
    let given = 0
    t.throws(() => {
      while (pass.next().done !== true) given++
    }, shortage)
    free()
    t.equal(given, 11)
    if (!isList) t.ok(isClosed)
    t.ok(pass.next().done)
  }
  t.end()
})

t.test('after a regrouping that failed the same keys are written on', (t) => {
  const { aggregator, entries, merge, split } = beforeRegrouping({}, { count: 20, length: 3000 })
  merge()
  let calls = 0
  // Some have been placed by then.
  const free = onAllocation(t, () => {
    if (++calls === 6) throw shortage
  })
  t.throws(() => aggregator.add({ partitionKey: 'new', data: 'new' }), shortage)
  free()
  split()
  for (let n = 0; n < 20; n++) entries.push(...aggregator.add({ partitionKey: `key ${n}`, explicitHashKey: String((LAST_HASH_KEY / 4n + 1n) * BigInt(n % 4)), data: `again ${n}` }))
  entries.push(...aggregator.flush())
  const texts = Array.from(deaggregate(entries), (record) => record.text().trim())
  t.same(texts.sort(), Array.from({ length: 20 }, (_, n) => [`record ${n}`, `again ${n}`]).flat().sort())
  t.same([aggregator.pendingRecords, aggregator.pendingBytes], [0, 0])
  t.end()
})

t.test('a map that throws while all is placed anew: nothing is lost', (t) => {
  const { aggregator, merge } = beforeRegrouping()
  const own = new Error('not now')
  const map = new ShardMap(evenShards(1))
  let isFailing = true
  const { shardFor } = map
  map.shardFor = (hashKey) => {
    if (isFailing) throw own
    return shardFor.call(map, hashKey)
  }
  merge(map)
  for (let n = 0; n < 2; n++) t.throws(() => aggregator.add({ partitionKey: 'new', data: 'x' }), own)
  t.equal(aggregator.pendingRecords, 20)
  isFailing = false
  const entries = aggregator.flush()
  t.equal(entries.flatMap(({ userRecords }) => userRecords).length, 20)
  t.equal(Array.from(deaggregate(entries)).length, 20)
  t.end()
})

t.test('takePending, at whichever allocation it fails: all that was confirmed leaves once, in its order', async (t) => {
  const shown = (entries: PutRecordsEntry[]) => entries.flatMap(({ userRecords }) => userRecords.map(({ data }) => String(data)))
  const turn = () => new Promise(setImmediate)
  let failures = 0
  for (let at = 0; at < 12; at++) {
    const stream = new AggregateStream({ aggregationMaxCount: 2, recordMaxBufferedTime: Infinity, loneRecord: 'wrap', readableHighWaterMark: 1 })
    stream.on('error', () => {})
    const confirmed: string[] = []
    const write = (n: number) => stream.write({ partitionKey: 'k', data: `${n}` }, (error) => void (error ?? confirmed.push(`${n}`)))
    const entries: PutRecordsEntry[] = []
    for (let n = 0; n < 9; n++) write(n)
    await turn()
    let calls = 0
    const free = onAllocation(t, () => {
      if (calls++ === at) throw shortage
    })
    try {
      entries.push(...stream.takePending())
    } catch (error) {
      t.equal(error, shortage)
      failures++
    }
    free()
    write(9)
    await turn()
    for (let entry: PutRecordsEntry | null; (entry = stream.read() as PutRecordsEntry | null) !== null; ) entries.push(entry)
    entries.push(...stream.takePending())
    await turn()
    t.same(shown(entries), confirmed.sort(), `allocation ${at} of ${calls}`)
  }
  t.ok(failures > 0)
})

t.test('takePending gives more entries than a call takes arguments', async (t) => {
  const stream = new AggregateStream({ recordMaxBufferedTime: Infinity, maxPendingBytes: 2 ** 30 })
  for (let n = 0; n < 150_000; n++) stream.write({ partitionKey: `${n}`, data: '' })
  await new Promise(setImmediate)
  t.equal(stream.pendingRecords, 150_000)
  // Else most would be read from the stream, one by one.
  stream.destroy()
  t.equal(stream.takePending().length, 150_000)
})

t.test('data that begins with the magic only once it was measured is held to the limit all the same', (t) => {
  const data = Buffer.alloc(990, 'x')
  const shards = () => void data.set([0xf3, 0x89, 0x9a, 0xc2])
  const aggregator = new Aggregator({ maxRecordSize: 1000, shards, groupBy: 'hashKey' })
  t.throws(() => aggregator.add({ partitionKey: 'k', data }), { code: 'ERR_KPL_RECORD_TOO_LARGE', limit: 1000 })
  t.same([aggregator.flush(), aggregator.pendingRecords], [[], 0])
  t.end()
})

t.test('empty data that is transferred after it was measured was empty', (t) => {
  const memory = new ArrayBuffer(0)
  const shards = () => void structuredClone(memory, { transfer: [memory] })
  const aggregator = new Aggregator({ groupBy: 'hashKey', shards })
  aggregator.add({ partitionKey: 'k', data: new Uint8Array(memory) })
  t.same(aggregator.flush().map(({ size }) => size), [1])
  t.end()
})

t.test('data resized since it was measured is refused, and its aggregate goes on: no bytes of others in its place', (t) => {
  for (const size of [1, 0, 6000]) {
    const buffer = resizable(5000, 6000)
    let calls = 0
    const aggregator = new Aggregator({ shards: () => void (calls++ === 1 && buffer.resize(size)) })
    aggregator.add({ partitionKey: 'k', data: 'first' })
    const input = new Uint8Array(buffer)
    t.throws(() => aggregator.add({ partitionKey: 'k', data: input }), { code: 'ERR_KPL_INVALID_INPUT', message: `data was measured as 5000 bytes, and has ${size}`, input })
    aggregator.add({ partitionKey: 'k', data: 'last' })
    t.same(aggregator.flush().map(({ userRecords }) => userRecords.length), [2])
  }
  t.end()
})

t.test('data is measured after tags were read, whose accessors may resize it', (t) => {
  const buffer = resizable(5000, 5000)
  const tags = [{ get key() { buffer.resize(1); return 'tag' } }]
  const [record] = decodeAggregate(encodeAggregate([{ partitionKey: 'k', data: new Uint8Array(buffer), tags }])).records
  t.equal(record!.data.length, 1)
  t.end()
})

t.test('what is detached and does not fit leaves the open aggregate open', (t) => {
  const data = new Uint8Array(50_000)
  let calls = 0
  const aggregator = new Aggregator({ shards: () => void (calls++ === 1 && structuredClone(data.buffer, { transfer: [data.buffer] })) })
  aggregator.add({ partitionKey: 'k', data: Buffer.alloc(2000) })
  t.throws(() => aggregator.add({ partitionKey: 'k', data }), { code: 'ERR_KPL_INVALID_INPUT' })
  t.same(aggregator.add({ partitionKey: 'k', data: 'more' }), [])
  t.same(aggregator.flush().map(({ userRecords }) => userRecords.length), [2])
  t.end()
})

t.test('data whose memory is gone is refused when it comes: it is not empty', (t) => {
  const aggregator = new Aggregator()
  aggregator.add({ partitionKey: 'k', data: 'first' })
  const before = [aggregator.pendingRecords, aggregator.pendingBytes]
  for (const data of goneBytes()) {
    t.throws(() => aggregator.add({ partitionKey: 'k', data }), { code: 'ERR_KPL_INVALID_INPUT', input: data })
    t.throws(() => encodeAggregate([{ partitionKey: 'k', data }]), { code: 'ERR_KPL_INVALID_INPUT', input: data })
    t.same([aggregator.pendingRecords, aggregator.pendingBytes], before)
  }
  aggregator.add({ partitionKey: 'k', data: new Uint8Array() })
  t.same(Array.from(deaggregate(aggregator.flush()), ({ data }) => data.length), [5, 0])
  t.end()
})

t.test('data that only looks like bytes is refused, and told to onRejected like any other', (t) => {
  for (const data of [new Proxy(new Uint8Array(3), {}), Object.create(Uint8Array.prototype)]) {
    t.throws(() => new Aggregator().add({ partitionKey: 'k', data }), { code: 'ERR_KPL_INVALID_INPUT' })
  }
  t.end()
})

t.test('bytes of a subclass that names itself otherwise are bytes: an aggregate among them is wrapped', (t) => {
  class Own extends Uint8Array {
    override get [Symbol.toStringTag](): never {
      return 'Own' as never
    }
  }
  const aggregator = new Aggregator()
  aggregator.add({ partitionKey: 'k', data: Own.from(Buffer.from('f3899ac2', 'hex')) })
  const [entry] = aggregator.flush()
  t.ok(entry!.aggregated)
  t.equal(decodeAggregate(entry!.Data).records[0]!.data.toString('hex'), 'f3899ac2')
  t.end()
})
