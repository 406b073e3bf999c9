// Shard maps are users' objects too: what is asked of them may write, flush or throw while all is under way.
import { finished } from 'node:stream/promises'
import t from 'tap'
import { AggregateStream, Aggregator, type AggregatorOptions, type KplError, type PutRecordsEntry, type Shard, ShardMap, aggregate, deaggregate, encodeAggregate, putRecordsBatches } from '../../lib/index.js'
import { evenShards } from '../../fixtures/writing.js'

/** An aggregator, all texts that it has accepted, and all entries that it has given. */
class Writer {
  readonly accepted: string[] = []
  readonly entries: PutRecordsEntry[] = []
  readonly #aggregator: Aggregator

  constructor(options: AggregatorOptions) {
    this.#aggregator = new Aggregator(options)
  }

  add(text: string, partitionKey = 'k'): void {
    this.entries.push(...this.#aggregator.add({ partitionKey, data: text }))
    this.accepted.push(text)
  }

  flush(): void {
    this.entries.push(...this.#aggregator.flush())
  }

  get pending(): number[] {
    return [this.#aggregator.pendingRecords, this.#aggregator.pendingBytes]
  }

  get given(): string[] {
    return textsOf(this.entries).sort()
  }
}

const textsOf = (entries: readonly PutRecordsEntry[]): string[] => entries.flatMap(({ userRecords }) => userRecords.map(({ data }) => String(data)))

/** A map that does something in one of its calls, before it answers. */
function mapThat(action: () => void, at: number, count: number): ShardMap {
  const map = new ShardMap(evenShards(count))
  const { shardFor } = map
  let calls = 0
  map.shardFor = (hashKey) => {
    if (calls++ === at) action()
    return shardFor.call(map, hashKey)
  }
  return map
}

/** Shards of which the first does something whenever it is asked for its id. */
function shardsThat(action: () => void, count = 1): Shard[] {
  const shards = evenShards(count)
  Object.defineProperty(shards[0]!, 'ShardId', { get: () => (action(), 'shard') })
  return shards
}

for (const what of ['add', 'flush'] as const) {
  t.test(`a map that calls ${what} itself: all leaves once, at whichever of its calls`, (t) => {
    for (let at = 0; at < 8; at++) {
      let isCalled = false
      const callBack = (): void => {
        isCalled = true
        if (what === 'add') writer.add('inner')
        else writer.flush()
      }
      const writer: Writer = new Writer({ shards: mapThat(callBack, at, 1), aggregationMaxCount: 2 })
      for (let n = 0; n < 5; n++) writer.add(`outer ${n}`)
      for (let n = 0; n < 3; n++) writer.flush()
      t.same(writer.given, writer.accepted.sort(), `call ${at}`)
      t.same(writer.pending, [0, 0])
      t.ok(isCalled)
    }
    t.end()
  })
}

t.test('a shard whose id flushes when it is asked for: what is written after that leaves too', (t) => {
  let isArmed = false
  const shards = shardsThat(() => {
    if (!isArmed) return
    isArmed = false
    writer.flush()
  })
  const writer: Writer = new Writer({ shards })
  for (let n = 0; n < 3; n++) {
    writer.add(`record ${n}`)
    isArmed = n === 0
    writer.flush()
  }
  t.same(writer.given, writer.accepted)
  t.same(writer.pending, [0, 0])
  t.end()
})

t.test('a shard whose id changes the shards, writes and flushes: all leaves once', (t) => {
  let isArmed = false
  const one = shardsThat(() => {
    if (!isArmed) return
    isArmed = false
    shards = new ShardMap(evenShards(2))
    writer.add('inner', 'inner')
    writer.flush()
  })
  let shards = new ShardMap(one)
  const writer: Writer = new Writer({ shards: () => shards })
  for (let n = 0; n < 6; n++) writer.add(`outer ${n}`, `key ${n}`)
  isArmed = true
  writer.flush()
  writer.add('after')
  writer.flush()
  t.same(writer.given, writer.accepted.sort())
  t.same(writer.pending, [0, 0])
  t.end()
})

t.test('a shard whose id takes what is pending of a stream: all comes once, and the stream ends', async (t) => {
  for (let at = 0; at < 4; at++) {
    let calls = 0
    const entries: PutRecordsEntry[] = []
    let isMade = false
    const shards = shardsThat(() => {
      if (isMade && calls++ === at) entries.push(...stream.takePending())
    })
    const stream: AggregateStream = new AggregateStream({ shards, aggregationMaxCount: 2 })
    isMade = true
    stream.on('data', (entry: PutRecordsEntry) => entries.push(entry))
    for (let n = 0; n < 7; n++) stream.write({ partitionKey: 'k', data: String(n) })
    stream.end()
    await finished(stream)
    t.same(textsOf(entries).sort(), ['0', '1', '2', '3', '4', '5', '6'], `call ${at}`)
    t.ok(calls > at)
  }
})

t.test('a map that changes the shards and writes while a group is looked up: all leaves once', (t) => {
  for (let at = 0; at < 5; at++) {
    const two = new ShardMap(evenShards(2))
    const one = mapThat(() => {
      shards = two
      writer.add('inner', 'inner')
    }, at, 1)
    let shards: ShardMap = one
    const writer: Writer = new Writer({ shards: () => shards })
    for (let n = 0; n < 4; n++) writer.add(`outer ${n}`, `key ${n}`)
    writer.flush()
    t.same(writer.given, writer.accepted.sort(), `call ${at}`)
    t.same(writer.pending, [0, 0])
    t.ok(writer.accepted.includes('inner'))
  }
  t.end()
})

t.test('user records of one hash key leave in their order too: none waits in a group of the shards before', (t) => {
  for (let at = 0; at < 3; at++) {
    const two = new ShardMap(evenShards(2))
    const given: PutRecordsEntry[] = []
    let shards: ShardMap = mapThat(() => {
      shards = two
      given.push(...aggregator.add({ partitionKey: 'inner', data: 'inner' }))
    }, at, 1)
    const aggregator: Aggregator = new Aggregator({ shards: () => shards, aggregationMaxCount: 3 })
    // The same number in two texts: each remembers for itself where it went.
    for (const [n, explicitHashKey] of ['5', '05', '05', '05', '05', '05', '05'].entries()) given.push(...aggregator.add({ partitionKey: 'outer', explicitHashKey, data: String(n) }))
    given.push(...aggregator.flush())
    t.same(textsOf(given).filter((text) => text !== 'inner'), ['0', '1', '2', '3', '4', '5', '6'], `call ${at}`)
    t.ok(textsOf(given).includes('inner'))
  }
  t.end()
})

t.test('a map that is taken over must not write; what flushes then gets nothing, though it fails afterwards', (t) => {
  for (const what of ['add', 'flush'] as const) {
    for (let at = 0; at < 4; at++) {
      let error: unknown
      const two = mapThat(() => {
        try {
          if (what === 'add') writer.add('inner', 'inner')
          else writer.flush()
        } catch (thrown) {
          error = thrown
        }
        throw new Error('not now')
      }, at, 2)
      let shards: ShardMap = new ShardMap(evenShards(1))
      const writer: Writer = new Writer({ shards: () => shards })
      for (let n = 0; n < 4; n++) writer.add(`outer ${n}`, `key ${n}`)
      const before = writer.pending
      shards = two
      t.throws(() => writer.add('late', 'late'), { message: 'not now' })
      if (what === 'add') t.match(error, { code: 'ERR_KPL_INVALID_SHARDS' })
      else t.equal(error, undefined)
      t.same(writer.pending, before, 'all is as it was')
      t.same(writer.given, [])
      writer.add('late', 'late')
      writer.flush()
      t.same(writer.given, writer.accepted.sort())
    }
  }
  t.end()
})

t.test('a shard whose id destroys the stream: what was confirmed is in takePending', async (t) => {
  let isArmed = false
  const shards = shardsThat(() => void (isArmed && stream.destroy()))
  const stream: AggregateStream = new AggregateStream({ shards, aggregationMaxCount: 2 })
  isArmed = true
  const read: PutRecordsEntry[] = []
  stream.on('data', (entry: PutRecordsEntry) => read.push(entry))
  let confirmed = 0
  for (const data of ['0', '1']) stream.write({ partitionKey: 'k', data }, (error) => void (error ?? confirmed++))
  await new Promise((resolve) => stream.on('close', resolve))
  t.equal(confirmed, 2)
  t.same(textsOf([...read, ...stream.takePending()]), ['0', '1'])
})

t.test('a shard map that destroys the stream while an entry is made: what is unread comes first', async (t) => {
  let isArmed = false
  const shards = mapThat(() => undefined, 0, 1)
  const { shardFor } = shards
  shards.shardFor = (hashKey) => {
    if (isArmed) stream.destroy()
    return shardFor.call(shards, hashKey)
  }
  const stream: AggregateStream = new AggregateStream({ shards, groupBy: 'hashKey', aggregationMaxCount: 1, recordMaxBufferedTime: Infinity })
  for (const data of ['0', '1', '2']) stream.write({ partitionKey: 'k', data })
  await new Promise(setImmediate)
  isArmed = true
  stream.write({ partitionKey: 'k', data: '3' })
  t.ok(stream.destroyed)
  t.same(textsOf(stream.takePending()), ['0', '1', '2', '3'])
})

t.test('a pass that is stepped by its own shards or input throws, and loses nothing silently', (t) => {
  const records = Array.from({ length: 6 }, (_, n) => ({ partitionKey: 'k', data: String(n) }))
  let isArmed = false
  const shards = shardsThat(() => void (isArmed && ofShards.next()))
  const ofShards: Iterator<PutRecordsEntry> = aggregate(records, { aggregationMaxCount: 2, shards })[Symbol.iterator]()
  isArmed = true
  t.throws(() => ofShards.next(), { code: 'ERR_KPL_INVALID_ARGUMENT' })
  function* source() {
    yield records[0]!
    ofInput.next()
    yield records[1]!
  }
  const ofInput: Iterator<PutRecordsEntry> = aggregate(source())[Symbol.iterator]()
  t.same(textsOf([ofInput.next().value]), ['0'], 'what came before')
  t.throws(() => ofInput.next(), { code: 'ERR_KPL_INVALID_ARGUMENT' })
  t.ok(ofInput.next().done)
  t.end()
})

t.test('shards whose ids write while they are compared with those before: refused, and groups are as the shards say', (t) => {
  const one = new ShardMap(evenShards(1))
  let error: unknown
  const two = shardsThat(() => {
    try {
      if (error === undefined) writer.add('inner', 'inner')
    } catch (thrown) {
      error = thrown
    }
  }, 2)
  let shards: ShardMap = one
  const writer: Writer = new Writer({ shards: () => shards })
  for (let n = 0; n < 4; n++) writer.add(`outer ${n}`, `key ${n}`)
  shards = new ShardMap(two)
  writer.add('late', 'late')
  t.match(error, { code: 'ERR_KPL_INVALID_SHARDS' })
  writer.flush()
  t.same(writer.given, [...writer.accepted].sort())
  t.equal(writer.entries.length, 2, 'one for each shard')
  t.end()
})

t.test('a function for the shards must not add: that throws, and nothing is lost silently', (t) => {
  const map = new ShardMap(evenShards(1))
  let error: unknown
  let isArmed = false
  const writer: Writer = new Writer({
    shards: () => {
      if (!isArmed) return map
      isArmed = false
      try {
        writer.add('inner', 'inner')
      } catch (thrown) {
        error = thrown
      }
      writer.flush()
      return map
    },
  })
  for (let n = 0; n < 4; n++) {
    isArmed = n === 2
    writer.add(`outer ${n}`, `key ${n}`)
  }
  t.match(error, { code: 'ERR_KPL_INVALID_SHARDS' })
  writer.flush()
  t.same(writer.given, writer.accepted)
  t.same(writer.pending, [0, 0])
  t.end()
})

/** What a pass gives, and what it throws where it is stepped by what it asks. */
function stepped<T>(pass: Iterable<T>): { step: () => void; given: T[]; refused: unknown[] } {
  const steps = pass[Symbol.iterator]()
  const given: T[] = []
  const refused: unknown[] = []
  const step = (): void => {
    try {
      const { value, done } = steps.next()
      if (done !== true) given.push(value)
    } catch (error) {
      refused.push((error as KplError).code)
    }
  }
  return { step, given, refused }
}

t.test('a pass that is stepped by what it asks refuses that, at whichever call, and gives all', (t) => {
  const records = Array.from({ length: 6 }, (_, n) => ({ partitionKey: `k${n % 2}`, data: String(n) }))
  const texts = ['0', '1', '2', '3', '4', '5']
  for (const groupBy of ['none', 'shard'] as const) {
    for (const what of ['shards', 'map'] as const) {
      for (let at = 0; at < 6; at++) {
        for (const input of [records, records.values()]) {
          let calls = 0
          const map = new ShardMap(evenShards(2))
          const shards = what === 'map' ? mapThat(() => pass.step(), at, 2) : () => (calls++ === at && pass.step(), map)
          const pass: ReturnType<typeof stepped<PutRecordsEntry>> = stepped(aggregate(input, { groupBy, shards }))
          for (let n = 0; n < 10; n++) pass.step()
          t.same(textsOf(pass.given).sort(), texts, `${groupBy}, ${what}, call ${at}`)
          if (what === 'shards') t.same(pass.refused, ['ERR_KPL_INVALID_ARGUMENT'])
        }
      }
    }
  }
  t.end()
})

t.test('so does one that is stepped by an accessor of its input, reading and writing', (t) => {
  let pass: { step: () => void }
  const stepping = <T extends object>(object: T, name: string, value: unknown): T => Object.defineProperty(object, name, { enumerable: true, get: () => (pass.step(), value) })
  const check = <T>(iterable: Iterable<T>, shown: (given: T[]) => string[], expected: string[]) => {
    const steps = stepped(iterable)
    pass = steps
    for (let n = 0; n < 10; n++) steps.step()
    t.same(shown(steps.given), expected)
    t.ok(steps.refused.length > 0)
  }
  const record = (text: string) => ({ partitionKey: 'k', data: text })
  check(aggregate([record('a'), stepping(record('b'), 'data', 'b'), record('c')]), textsOf, ['a', 'b', 'c'])
  const aggregated = { data: encodeAggregate([record('b'), record('c')]) }
  const plain = { data: Buffer.from('d') }
  check(deaggregate([{ data: Buffer.from('a') }, stepping({ ...plain }, 'data', plain.data), aggregated].values()), (given) => given.map((one) => one.text()), ['a', 'd', 'b', 'c'])
  const entry = { Data: Buffer.from('x'), PartitionKey: 'k' }
  check(putRecordsBatches([entry, stepping({ PartitionKey: 'k' }, 'Data', entry.Data) as typeof entry, entry], { maxCount: 1 }), (given) => given.map(String), ['[object Object]', '[object Object]', '[object Object]'])
  t.end()
})

t.test('flush, of a shard that is asked for its id: told when all can be read, not before', async (t) => {
  let isArmed = true
  let told = 0
  const shards = shardsThat(() => {
    if (!isArmed) return
    isArmed = false
    stream.flush(() => void (told = stream.pendingRecords + 1))
  })
  const stream: AggregateStream = new AggregateStream({ shards, groupBy: 'hashKey', recordMaxBufferedTime: 1, readableHighWaterMark: 1 })
  for (const partitionKey of ['a', 'b', 'c']) stream.write({ partitionKey, data: partitionKey })
  await new Promise((resolve) => setTimeout(resolve, 20))
  t.notOk(isArmed)
  t.equal(told, 0, 'what waits for room is not out')
  t.ok(stream.pendingRecords > 0)
  const read: PutRecordsEntry[] = []
  stream.on('data', (entry: PutRecordsEntry) => read.push(entry))
  await new Promise((resolve) => setTimeout(resolve, 20))
  t.equal(told, 1, 'nothing is pending then')
  t.same(textsOf(read), ['a', 'b', 'c'])
  stream.destroy()
})

t.test('a shard whose id writes and then throws, in takePending: what was written leaves, and the stream takes more', async (t) => {
  let isArmed = false
  const shards = shardsThat(() => {
    if (!isArmed) return
    isArmed = false
    stream.write({ partitionKey: 'k', data: 'inner' })
    throw new Error('own')
  })
  const stream: AggregateStream = new AggregateStream({ shards, recordMaxBufferedTime: Infinity })
  const read: PutRecordsEntry[] = []
  stream.on('data', (entry: PutRecordsEntry) => read.push(entry))
  stream.write({ partitionKey: 'k', data: 'outer' })
  await new Promise(setImmediate)
  isArmed = true
  t.throws(() => stream.takePending(), { message: 'own' })
  stream.end({ partitionKey: 'k', data: 'later' })
  await finished(stream)
  t.same(textsOf(read), ['outer', 'inner', 'later'])
})

t.test('onRejected may step the pass that tells it, whatever the input is', (t) => {
  const records = ['0', '', '1', '2'].map((partitionKey) => ({ partitionKey, data: partitionKey }))
  for (const input of [records, records.values()]) {
    const inner: PutRecordsEntry[] = []
    const pass: Iterator<PutRecordsEntry> = aggregate(input, {
      aggregationMaxCount: 1,
      onRejected: () => {
        const { value } = pass.next()
        if (value !== undefined) inner.push(value)
      },
    })[Symbol.iterator]()
    const outer: PutRecordsEntry[] = []
    for (let step = pass.next(); step.done !== true; step = pass.next()) outer.push(step.value)
    t.same(textsOf([...inner, ...outer]).sort(), ['0', '1', '2'])
    t.equal(inner.length, 1)
  }
  t.end()
})
