// What a process holds: the resident set while 1 GiB flows through a pipeline, and what is live
// while user records with a million different keys are aggregated, and while a batch is read.
// Needs --expose-gc.
import { pipeline } from 'node:stream/promises'
import { setImmediate } from 'node:timers/promises'
import { AggregateStream, Aggregator, DeaggregateStream, type UserRecord, deaggregate, encodeAggregate } from 'kpl-codec'
import { figure, report } from './report/children.js'
import type { Figure } from './report/results.js'
import { sinkTo, sourceOf } from './ways/streams.js'

const MB = 1_000_000
const FLOW = 2 ** 30
const KEYS = 1_000_000
const BATCH = 2_000

const figures: Figure[] = []

const collect = globalThis.gc ?? fail('run with --expose-gc')

await settle()
/** Before anything flowed: what the first flow leaves behind is counted to the second. */
const atFirst = process.memoryUsage.rss()
await flow(1_100, 44)
await flow(100, 460)
differentKeys()
lazily()
report({ figures })

/** Deaggregate → Aggregate → Deaggregate: nothing may pile up between them. */
async function flow(size: number, count: number): Promise<void> {
  const bytes = encodeAggregate(Array.from({ length: count }, (_, n) => ({ partitionKey: `user-${n % 20}`, data: Buffer.alloc(size, n) })))
  const times = Math.ceil(FLOW / bytes.length)
  let peak = 0
  let records = 0
  let data = 0
  const start = performance.now()
  await pipeline(
    sourceOf(copies(bytes, times)),
    new DeaggregateStream(),
    new AggregateStream<UserRecord>({ groupBy: 'none' }),
    new DeaggregateStream(),
    sinkTo((record: UserRecord) => {
      data += record.data.length
      if (records++ % 1_024 === 0) peak = Math.max(peak, process.memoryUsage.rss())
    }),
  )
  const seconds = (performance.now() - start) / 1_000
  if (records !== count * times || data !== records * size) fail(`${records} user records of ${data} bytes came out, not ${count * times} of ${size}`)
  const rate = (bytes.length * times) / 2 ** 20 / seconds
  say(
    `memory flow: ${bytes.length * times} bytes in ${records} user records of ${size} bytes through Deaggregate, Aggregate, Deaggregate (${rate.toFixed(0)} MiB/s)`,
    `resident at first ${mb(atFirst)}, at the most ${mb(peak)}, grown by`,
    figure(`memory/flow ${size}`, 'MB', (peak - atFirst) / MB),
  )
}

/** Without a shard map every key has an aggregate of its own, and `maxPendingBytes` alone bounds them. */
function differentKeys(): void {
  const maxPendingBytes = 64 * 2 ** 20
  collect()
  const before = live()
  const aggregator = new Aggregator({ maxPendingBytes })
  let most = 0
  let mostPending = 0
  let out = 0
  for (let n = 1; n <= KEYS; n++) {
    for (const { userRecords } of aggregator.add({ partitionKey: `user-${n}`, data: Buffer.alloc(100, n) })) out += userRecords.length
    mostPending = Math.max(mostPending, aggregator.pendingBytes)
    if (n % 50_000 === 0) {
      collect()
      most = Math.max(most, live())
    }
  }
  for (const { userRecords } of aggregator.flush()) out += userRecords.length
  if (out !== KEYS) fail(`${out} user records came out, not ${KEYS}`)
  if (mostPending > maxPendingBytes) fail(`${mostPending} bytes pending, above maxPendingBytes`)
  say(
    `memory keys: ${KEYS} user records of 100 bytes, each with another key, at most ${mb(mostPending)} pending`,
    `live before ${mb(before)}, at the most`,
    figure('memory/keys', 'MB', most / MB),
  )
}

/** A batch read record by record: beside the batch itself there is only what is looked ahead. */
function lazily(): void {
  const bytes = encodeAggregate(Array.from({ length: 460 }, (_, n) => ({ partitionKey: `user-${n % 20}`, data: Buffer.alloc(100, n) })))
  const batch = [...copies(bytes, BATCH)]
  collect()
  const before = live()
  let most = 0
  let records = 0
  for (const { data } of deaggregate(batch)) {
    if (data.length !== 100) fail(`user record ${records} has ${data.length} bytes, not 100`)
    if (records++ % 20_000 === 0) {
      collect()
      most = Math.max(most, live())
    }
  }
  if (records !== 460 * BATCH) fail(`${records} user records came out, not ${460 * BATCH}`)
  say(
    `memory batch: ${BATCH} aggregates of ${bytes.length} bytes in an array, read lazily`,
    `live before ${mb(before)}, at the most ${mb(most)}, grown by`,
    figure('memory/batch', 'MB', (most - before) / MB),
  )
}

/** Memory of its own for each, as records that come from the network have it. */
function* copies(bytes: Buffer, times: number): Generator<Buffer> {
  for (let n = 0; n < times; n++) yield Buffer.from(new Uint8Array(bytes).buffer)
}

/** After a collection: the heap, and what lies outside it. */
function live(): number {
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

async function settle(): Promise<void> {
  for (let n = 0; n < 3; n++) {
    collect()
    await setImmediate()
  }
}

function say(what: string, how: string, found: Figure): void {
  figures.push(found)
  console.log(`${what}\n  ${how} ${found.median.toFixed(1)} MB`)
}

function mb(bytes: number): string {
  return `${(bytes / MB).toFixed(1)} MB`
}

function fail(message: string): never {
  throw new Error(message)
}
