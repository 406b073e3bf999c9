// Every example of the README is run as it is printed, against the built package, and its outcome is looked at.
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import t, { type Test } from 'tap'
import type { FirehoseTransformationEventRecord, KinesisStreamEvent } from '../fixtures/readme-aws-lambda.js'
import { KinesisClient, ListShardsCommand, type Stream, newStream } from '../fixtures/readme-client-kinesis.js'
import { runnable, typeErrors, writeModules } from '../fixtures/readme-modules.js'
import { forgetWaits, waits } from '../fixtures/readme-timers.js'
import * as yours from '../fixtures/readme-your-code.js'
import { blocksOf, readme, root } from '../fixtures/readme.js'
import { loadKplCase } from '../fixtures/load.js'
import { type Checkpoint, type UserRecordInput, decodeAggregate, deaggregate, encodeAggregate, hashKey } from '../lib/index.js'

/** Runs an example and returns what it exports, with all its top-level names. */
type Run = () => Promise<any>

const recipes: Record<string, (t: Test, run: Run) => Promise<void>> = {
  async 'kpl-codec'(t, run) {
    const { handler } = await run()
    const shown = t.capture(console, 'log')
    await handler(lambdaEvent(jsonAggregate('a1', 'a2'), Buffer.from('"b"')))
    t.same(shown().map(({ args }) => args), [['key of a1', 'a1'], ['key of a2', 'a2'], ['key-1', 'b']])
  },

  async 'Lambda: only what failed comes again'(t, run) {
    const { handler } = await run()
    t.capture(console, 'error')
    const context = { getRemainingTimeInMillis: () => 3000 }
    const event = lambdaEvent(textAggregate('a1', 'a2'), Buffer.from('b'), textAggregate('c1', 'c2', 'c3'), Buffer.from('d'))
    yours.forget()
    t.same(await handler(event, context), { batchItemFailures: [] })
    t.same(handledTexts(), ['a1', 'a2', 'b', 'c1', 'c2', 'c3', 'd'])
    yours.forget('c2')
    t.same(await handler(event, context), { batchItemFailures: [{ itemIdentifier: sequenceNumber(2) }] }, 'the aggregate that the failed user record is in')
    t.same(handledTexts(), ['a1', 'a2', 'b', 'c1'], 'and nothing after it')
    yours.forget()
    const broken = lambdaEvent(Buffer.from('a'), malformedAggregate(), Buffer.from('c'))
    t.same(await handler(broken, context), { batchItemFailures: [{ itemIdentifier: sequenceNumber(1) }] }, 'a broken aggregate is a failure too')
    t.same(await handler(event, { getRemainingTimeInMillis: () => 900 }), { batchItemFailures: [{ itemIdentifier: sequenceNumber(0) }] }, 'no time left')
  },

  async 'Lambda: only what failed comes again (2)'(t, run) {
    const { handler } = await run()
    const shown = t.capture(console, 'error')
    const context = { getRemainingTimeInMillis: () => 3000 }
    const event = lambdaEvent(textAggregate('a1', 'a2'), textAggregate('b1', 'b2', 'b3'))
    yours.forget('b2')
    t.same(await handler(event, context), { batchItemFailures: [{ itemIdentifier: sequenceNumber(1) }] })
    t.match(shown(), [{ args: [{ message: 'cannot handle b2' }] }], 'failures are logged')
    const before = handledTexts()
    yours.forget()
    t.same(await handler({ Records: event.Records.slice(1) }, context), { batchItemFailures: [] })
    t.same([...before, ...handledTexts()].sort(), ['a1', 'a2', 'b1', 'b2', 'b3'], 'each once, though an aggregate came twice')
  },

  async 'Lambda: only what failed comes again (3)'(t, run) {
    const { handler } = await run()
    t.capture(console, 'error')
    const windowOf = (state: object, isFinalInvokeForWindow: boolean, ...payloads: Buffer[]) => ({
      ...lambdaEvent(...payloads),
      window: { start: 'start', end: 'end' },
      state,
      isFinalInvokeForWindow,
      isWindowTerminatedEarly: false,
    })
    const numbers = encodeAggregate([{ partitionKey: 'a', data: '2' }, { partitionKey: 'b', data: '3' }])
    t.same(await handler(windowOf({}, false, Buffer.from('1'), numbers)), { batchItemFailures: [], state: { sum: 6 } })
    const failed = { batchItemFailures: [{ itemIdentifier: sequenceNumber(1) }], state: { sum: 11 } }
    t.same(await handler(windowOf({ sum: 6 }, true, numbers, textAggregate('7', 'no number'))), failed, 'the state before what comes again')
    t.same(yours.sums.size, 0, 'a window that is not done is not saved')
    t.same(await handler(windowOf({ sum: 11 }, true)), { batchItemFailures: [], state: { sum: 11 } })
    t.same([...yours.sums], [['end', 11]])
  },

  async 'Lambda: Powertools, middy, a handler that you have'(t, run) {
    const { handler } = await run()
    const event = lambdaEvent(textAggregate('a1', 'a2'), Buffer.from('b'))
    const [first, second] = event.Records.map(({ eventID }) => eventID)
    t.same(await handler(event), [`${first}:0 a1`, `${first}:1 a2`, `${second} b`])
  },

  async 'SDK v3: a GetRecords loop'(t, run) {
    const { readShard } = await run()
    const stream = newStream(2)
    const [shard, other] = stream.shards as [Stream['shards'][number], Stream['shards'][number]]
    const inside = keysOf(stream, shard.ShardId!, 6)
    const outside = keysOf(stream, other.ShardId!, 1)
    const write = (...members: UserRecordInput[]) => {
      const Data = members.length === 1 ? Buffer.from(members[0]!.data) : encodeAggregate(members)
      stream.records.get(shard.ShardId!)!.push({ Data, PartitionKey: 'outer', SequenceNumber: sequenceNumber(stream.records.get(shard.ShardId!)!.length) })
    }
    write({ partitionKey: inside[0]!, data: 'r0' })
    write({ partitionKey: inside[1]!, data: 'r1.0' }, { partitionKey: inside[2]!, data: 'r1.1' }, { partitionKey: inside[3]!, data: 'r1.2' })
    write({ partitionKey: inside[4]!, data: 'r2.0' }, { partitionKey: outside[0]!, data: 'r2.1' })
    write({ partitionKey: inside[5]!, data: 'r3' })

    yours.forget()
    await readShard(new KinesisClient({}), 'stream', shard)
    t.same(handledTexts(), ['r0', 'r1.0', 'r1.1', 'r1.2', 'r3'], 'all of two replies, but for the hidden aggregate')
    t.same(yours.hidden.map((record) => record.text()), ['r2.0', 'r2.1'])
    t.same(yours.checkpoints, [
      { sequenceNumber: sequenceNumber(1), subSequenceNumber: 2 },
      { sequenceNumber: sequenceNumber(3), subSequenceNumber: 0 },
    ], 'one checkpoint for each reply')

    yours.forget()
    const checkpoint: Checkpoint = { sequenceNumber: sequenceNumber(1), subSequenceNumber: 0 }
    await readShard(new KinesisClient({}), 'stream', shard, checkpoint)
    t.same(handledTexts(), ['r1.1', 'r1.2', 'r3'], 'from inside an aggregate on')
  },

  async '`stream.pipeline`'(t, run) {
    const { writeLines } = await run()
    const told = t.capture(console, 'error')
    const { records, userRecords } = loadKplCase('default-1shard')
    const path = join(t.testdir(), 'lines')
    async function* source() {
      yield records.slice(0, 10)
      yield* records.slice(10, 20)
      yield { data: malformedAggregate() }
      yield records.slice(20)
    }
    await writeLines(source(), path)
    t.ok(readFileSync(path, 'utf8') === userRecords.map(({ data }) => `${data}\n`).join(''), 'every user record that the KCL gives is a line')
    t.match(told().map(({ args }) => args), [[/truncated/]], 'the broken one is told')
  },

  async 'Firehose transform'(t, run) {
    const { handler } = await run()
    t.capture(console, 'error')
    const metadata = { shardId: 'shardId-0', partitionKey: 'k', approximateArrivalTimestamp: 1.7e12, sequenceNumber: sequenceNumber(0) }
    const whole = jsonAggregate('lies within')
    const records: FirehoseTransformationEventRecord[] = [
      firehoseRecord('direct', jsonAggregate('a1', 'a2')),
      { ...firehoseRecord('taken apart', Buffer.from('"b"')), kinesisRecordMetadata: { ...metadata, subsequenceNumber: '3' } },
      { ...firehoseRecord('not again', whole), kinesisRecordMetadata: { ...metadata, subsequenceNumber: '3' } },
      firehoseRecord('broken', malformedAggregate()),
    ]
    const answer: { records: { recordId: string; result: string; data: string }[] } = await handler({ records })
    t.same(
      answer.records.map(({ recordId, result, data }) => [recordId, result, result === 'Ok' ? Buffer.from(data, 'base64').toString() : data]),
      [
        ['direct', 'Ok', '{"transformed":"a1"}\n{"transformed":"a2"}\n'],
        ['taken apart', 'Ok', '{"transformed":"b"}\n'],
        ['not again', 'ProcessingFailed', whole.toString('base64')],
        ['broken', 'ProcessingFailed', malformedAggregate().toString('base64')],
      ],
    )
  },

  async 'Kinesis Analytics'(t, run) {
    const { handler } = await run()
    t.capture(console, 'error')
    const kinesisStreamRecordMetadata = { shardId: 'shardId-0', partitionKey: 'k', approximateArrivalTimestamp: 1.7e12, sequenceNumber: sequenceNumber(0) }
    const payloads = { whole: jsonAggregate('a1', 'a2'), plain: Buffer.from('"b"'), broken: malformedAggregate() }
    const records = Object.entries(payloads).map(([recordId, data]) => ({ recordId, data: data.toString('base64'), kinesisStreamRecordMetadata }))
    t.same(await handler({ invocationId: 'i', applicationArn: 'arn', streamArn: 'arn', records }), {
      records: [
        { recordId: 'whole', result: 'Ok', data: Buffer.from('{"transformed":"a1"}\n{"transformed":"a2"}\n').toString('base64') },
        { recordId: 'plain', result: 'Ok', data: Buffer.from('{"transformed":"b"}\n').toString('base64') },
        { recordId: 'broken', result: 'ProcessingFailed', data: records[2]!.data },
      ],
    })
  },

  async 'CommonJS'(t, run) {
    const { handler } = await run()
    const shown = t.capture(console, 'log')
    await handler(lambdaEvent(textAggregate('a1', 'a2'), Buffer.from('b')))
    t.same(shown().map(({ args }) => args), [['a1'], ['a2'], ['b']])
  },

  async "The stream's shards"(t, run) {
    const { listShards } = await run()
    const stream = newStream(5)
    t.same(await listShards(new KinesisClient({}), 'stream'), stream.shards, 'all pages of them')
  },

  async 'PutRecords, and what to do with its reply'(t, run) {
    const { put } = await run()
    const { listShards } = await import(pathToFileURL(runnable(modules.get("The stream's shards")!)).href)
    const { aggregate } = await import('kpl-codec')
    const records = newRecords(400, 60)

    await t.test('what failed is put again', async (t) => {
      const stream = newStream(3)
      stream.isThrottled = (request, entry) => request === 0 && entry % 2 === 0
      const shards = await listShards(new KinesisClient({}), 's')
      await put(new KinesisClient({}), 's', aggregate(records, { shards, aggregationMaxSize: 2_000 }), shards)
      t.same(textsSeen(stream, 'by range').sort(), textsOf(records).sort(), 'each user record once')
      t.equal(stream.requests.length, 2)
      const [first, second] = stream.requests.map((request) => request.map((entry) => ({ ...entry })))
      t.same(second, first!.filter((_, n) => n % 2 === 0), 'as the same bytes')
    })

    await t.test('what another shard took is put again, so that a KCL sees all', async (t) => {
      const stream = newStream(2)
      const before = await listShards(new KinesisClient({}), 's')
      const entries = aggregate(records, { shards: before })
      stream.split('shardId-000000000000')
      const after = await put(new KinesisClient({}), 's', entries, before)
      t.same([...new Set(textsSeen(stream, 'by range'))].sort(), textsOf(records).sort(), 'nothing is missing in the view by range')
      t.ok(textsSeen(stream, 'whole').length > records.length, 'and without a range some is seen twice')
      t.ok(stream.requests[1]!.length < stream.requests[0]!.length + stream.shards.length, 'not all was put again')
      t.same(after, stream.shards, 'the shards as they are now')
    })

    await t.test('what a shard took that ListShards does not tell yet is put again', async (t) => {
      const stream = newStream(2)
      const before = await listShards(new KinesisClient({}), 's')
      const entries = aggregate(records, { shards: before })
      stream.split('shardId-000000000000')
      stream.oldLists = 2
      const after = await put(new KinesisClient({}), 's', entries, before)
      t.same([...new Set(textsSeen(stream, 'by range'))].sort(), textsOf(records).sort(), 'nothing is missing in the view by range')
      t.equal(stream.requests.length, 4)
      t.same(after, stream.shards)
    })

    await t.test('what another shard took and no reader hides is not put again', async (t) => {
      const stream = newStream(2)
      const before = await listShards(new KinesisClient({}), 's')
      const entries = [...aggregate(newRecords(400, 60), { shards: before, groupBy: 'hashKey' })]
      stream.split('shardId-000000000001')
      await put(new KinesisClient({}), 's', entries, before)
      t.equal(stream.requests.length, 1)
      t.same(textsSeen(stream, 'whole').sort(), textsOf(records).sort())
    })

    await t.test('the entries of a request that throws are put again, and what failed before it', async (t) => {
      const stream = newStream(1)
      stream.isThrottled = (request, entry) => request === 0 && entry === 7
      stream.onPut = (request) => {
        if (request === 1) throw new Error('no network')
      }
      const many = newRecords(1100, 1100)
      await put(new KinesisClient({}), 's', aggregate(many, { aggregationEnabled: false }), [])
      t.same(textsSeen(stream, 'whole').sort(), textsOf(many).sort(), 'each user record once')
    })

    await t.test('where shards cannot be listed the worst is assumed', async (t) => {
      const stream = newStream(2)
      const before = await listShards(new KinesisClient({}), 's')
      const entries = aggregate(records, { shards: before })
      stream.split('shardId-000000000000')
      let failures = 0
      class Client extends KinesisClient {
        override async send(command: any): Promise<any> {
          if (command instanceof ListShardsCommand && failures++ === 0) throw new Error('no network')
          return super.send(command)
        }
      }
      await put(new Client({}), 's', entries, before)
      t.ok(failures > 0)
      t.same([...new Set(textsSeen(stream, 'by range'))].sort(), textsOf(records).sort(), 'nothing is missing in the view by range')
    })

    await t.test('it gives up in the end, with all that is not put in the error', async (t) => {
      const entries = [...aggregate(newRecords(2, 1))]
      forgetWaits()
      const stream = newStream(1)
      stream.isThrottled = () => true
      await t.rejects(put(new KinesisClient({}), 's', entries, []), { message: 'some records could not be put', entries })
      t.equal(stream.requests.length, 10)
      t.same(waits, [100, 200, 300, 400, 500, 600, 700, 800, 900, 1000])
      const cause = new Error('no network')
      newStream(1).onPut = () => {
        throw cause
      }
      await t.rejects(put(new KinesisClient({}), 's', entries, []), { message: 'some records could not be put', cause, entries })
    })
  },

  async 'PutRecords, and what to do with its reply (2)'(t, run) {
    const stream = newStream(3)
    await run()
    t.same(textsSeen(stream, 'by range').sort(), yours.orders.map((order) => JSON.stringify(order)).sort())
    t.equal(stream.requests.flat().length, 3, 'one aggregate for each shard')
  },

  async '`stream.pipeline`, without end'(t, run) {
    const { send } = await run()
    const stream = newStream(2)
    stream.onPut = (request) => {
      if (request === 1) stream.split('shardId-000000000001')
    }
    const records = newRecords(20_000, 500)
    async function* source() {
      yield* records
    }
    await send(new KinesisClient({}), 'stream', source())
    t.same([...new Set(textsSeen(stream, 'by range'))].sort(), textsOf(records).sort(), 'though a shard is split under way')
    t.ok(stream.requests.length > 2, 'in several requests')
    const last = stream.requests.at(-1)!
    t.same(last.map((entry) => Object.keys(entry).sort()), last.map(() => ['Data', 'PartitionKey']), 'with what the service takes')
  },

  async 'One call at a time'(t, run) {
    const { entries } = await run()
    t.ok(entries.length > 1)
    t.same(entries.filter(({ Data }: { Data: Buffer }) => Data.length > 25_000), [])
    t.same(
      Array.from(deaggregate(entries), (record) => [record.partitionKey, record.text()]),
      Array.from({ length: 1000 }, (_, n) => ['sensor-7', JSON.stringify({ n, celsius: 21.5 })]),
    )
  },

  async 'The bytes alone'(t, run) {
    const shown = t.capture(console, 'log')
    const { bytes } = await run()
    t.same(shown().map(({ args }) => args), [[true, true, false], [['ada: first', 'ben: second']]])
    t.equal(decodeAggregate(bytes).records[1]!.explicitHashKey, '42')
  },

  async 'Which shard, which first'(t, run) {
    const { shard, order } = await run()
    const firstByte = createHash('md5').update('ada').digest()[0]!
    t.equal(shard.ShardId, firstByte < 128 ? 'low' : 'high')
    t.equal(order, -1)
  },

  async 'Errors'(t, run) {
    const { countUserRecords } = await run()
    t.equal(countUserRecords(textAggregate('a1', 'a2', 'a3')), 3)
    t.equal(countUserRecords(Buffer.from('plain')), 1)
    t.throws(() => countUserRecords(malformedAggregate()), { code: 'ERR_KPL_MALFORMED' })
  },

  async 'TypeScript'(t, run) {
    const { customersByRegion } = await run()
    const order = encodeAggregate([{ partitionKey: 'k', data: '{"customer":"ada"}' }, { partitionKey: 'k', data: '{"customer":"ben"}' }])
    t.same(customersByRegion(lambdaEvent(order).Records), [['eu-central-1', 'ada'], ['eu-central-1', 'ben']])
  },
}

const blocks = blocksOf(readme)
const examples = blocks.filter(({ language }) => language === 'ts' || language === 'js')
const modules = writeModules(examples, t.testdir())

t.ok(existsSync(join(root, 'dist/esm/index.js')), 'the package is built: npm run build')

t.test('every example has a test here, and every test here an example', async (t) => {
  t.same(examples.map(({ name }) => name), Object.keys(recipes))
})

t.test('a block is run (ts, js) or is shell', async (t) => {
  t.same(blocks.filter(({ language }) => !['ts', 'js', 'sh'].includes(language)), [])
})

t.test('the examples type-check', async (t) => {
  t.same(typeErrors([...modules.values()].filter((path) => path.endsWith('.ts'))), [])
})

for (const [name, path] of modules) {
  const outcome = await t.test(name, async (t) => {
    await recipes[name]?.(t, () => import(pathToFileURL(runnable(path)).href))
  })
  t.ok(outcome!.count > 0, `the test of "${name}" asserts something`)
}

// ---------- what the examples are given

function lambdaEvent(...payloads: Buffer[]): KinesisStreamEvent {
  return {
    Records: payloads.map((payload, n) => ({
      awsRegion: 'eu-central-1',
      eventID: `shardId-000000000000:${sequenceNumber(n)}`,
      kinesis: { approximateArrivalTimestamp: 1.7e9, data: payload.toString('base64'), partitionKey: `key-${n}`, sequenceNumber: sequenceNumber(n) },
    })),
  }
}

function firehoseRecord(recordId: string, payload: Buffer): FirehoseTransformationEventRecord {
  return { recordId, approximateArrivalTimestamp: 1.7e12, data: payload.toString('base64') }
}

function sequenceNumber(n: number): string {
  return String(10n ** 55n + BigInt(n))
}

function textAggregate(...texts: string[]): Buffer {
  return encodeAggregate(texts.map((data) => ({ partitionKey: `key of ${data}`, data })))
}

function jsonAggregate(...texts: string[]): Buffer {
  return encodeAggregate(texts.map((text) => ({ partitionKey: `key of ${text}`, data: JSON.stringify(text) })))
}

/** The right digest of a message that ends too early. */
function malformedAggregate(): Buffer {
  const message = Buffer.from('0a05', 'hex')
  return Buffer.concat([Buffer.from('f3899ac2', 'hex'), message, createHash('md5').update(message).digest()])
}

function handledTexts(): string[] {
  return yours.handled.map((record) => record.text())
}

function newRecords(count: number, keys: number): UserRecordInput[] {
  return Array.from({ length: count }, (_, n) => ({ partitionKey: `key-${n % keys}`, data: `record ${n}` }))
}

function textsOf(records: readonly UserRecordInput[]): string[] {
  return records.map(({ data }) => String(data))
}

/** Partition keys that a shard owns. */
function keysOf(stream: Stream, shardId: string, count: number): string[] {
  const { StartingHashKey, EndingHashKey } = stream.shards.find(({ ShardId }) => ShardId === shardId)!.HashKeyRange!
  const keys: string[] = []
  for (let n = 0; keys.length < count; n++) {
    const hash = hashKey(`k${n}`)
    if (BigInt(StartingHashKey!) <= hash && hash <= BigInt(EndingHashKey!)) keys.push(`k${n}`)
  }
  return keys
}

/** All payloads in the stream: as a KCL sees them, or without a range. */
function textsSeen(stream: Stream, view: 'by range' | 'whole'): string[] {
  return stream.shards.flatMap(({ ShardId, HashKeyRange }) => {
    const records = deaggregate(stream.records.get(ShardId!)!, { hashKeyRange: view === 'by range' ? HashKeyRange : undefined })
    return Array.from(records, (record) => record.text())
  })
}
