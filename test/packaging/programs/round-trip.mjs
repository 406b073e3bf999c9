// What every runtime must do alike: genuine KPL records read, written again, read again, in calls and in streams.
// Prints one line. Plain JavaScript, for each runtime runs it as it is.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { isDeepStrictEqual } from 'node:util'
import { gunzipSync } from 'node:zlib'
import { AggregateStream, DeaggregateStream, aggregate, deaggregate, encodeAggregate } from 'kpl-codec'
import { processBatch } from 'kpl-codec/lambda'

const folder = process.argv[2]
let userRecords = 0

for (const name of ['default-4shards', 'ehk-4shards', 'tricky-keys', 'tiny-10B', 'big-aggregate-1MB']) {
  const records = lines(`${name}.records`).map((record) => ({ ...record, data: Buffer.from(record.data, 'base64') }))
  const expected = lines(`${name}.user-records`).map(plain)
  const read = [...deaggregate(records)]
  same(read.map(plain), expected, `${name}: read as the KCL reads it`)
  same(await through(records, new DeaggregateStream()), expected, `${name}: the same in a stream`)

  // The KPL's bytes again.
  for (const { data } of records) {
    const given = [...deaggregate(data)]
    if (given[0]?.aggregated) assert.ok(encodeAggregate(given).equals(data), `${name}: the bytes of the KPL`)
  }
  const entries = [...aggregate(read)]
  const sorted = expected.map(content).sort()
  same(Array.from(deaggregate(entries), plain).map(content).sort(), sorted, `${name}: written and read again`)
  const streamed = []
  await pipeline(Readable.from(read), new AggregateStream(), new DeaggregateStream(), async (source) => {
    for await (const record of source) streamed.push(content(plain(record)))
  })
  same(streamed.sort(), sorted, `${name}: the same in streams`)
  const handled = []
  const event = { Records: records.map(({ data, ...kinesis }) => ({ kinesis: { ...kinesis, data: data.toString('base64') }, eventSource: 'aws:kinesis' })) }
  same(await processBatch(event, (record) => handled.push(plain(record))), { batchItemFailures: [] }, `${name}: no failure in a Lambda event`)
  same(handled, expected, `${name}: the same in a Lambda event`)
  userRecords += expected.length
}
assert.throws(() => encodeAggregate([]), { code: 'ERR_KPL_INVALID_ARGUMENT' })
console.log(`${userRecords} user records`)

function lines(name) {
  return String(gunzipSync(readFileSync(join(folder, 'kpl', `${name}.ndjson.gz`)))).trimEnd().split('\n').map((line) => JSON.parse(line))
}

function plain({ partitionKey, explicitHashKey, subSequenceNumber, data, aggregated }) {
  return { partitionKey, explicitHashKey: explicitHashKey ?? null, subSequenceNumber, data: typeof data === 'string' ? data : data.toString('base64'), aggregated }
}

/** Without the explicit hash key: that of a lone user record stays beside its Kinesis record. */
function content({ partitionKey, data }) {
  return JSON.stringify([partitionKey, data])
}

function same(found, expected, what) {
  assert.ok(isDeepStrictEqual(found, expected), what)
}

async function through(records, stream) {
  const read = []
  await pipeline(Readable.from(records), stream, async (source) => {
    for await (const record of source) read.push(plain(record))
  })
  return read
}
