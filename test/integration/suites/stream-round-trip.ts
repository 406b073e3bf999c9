// From a generator of user records through PutRecords and GetRecords, and out again.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startKinesis } from '../server/kinesis-server.js'
import { KinesisStream } from '../stream/kinesis-stream.js'
import { Ledger, none } from '../stream/ledger.js'
import { readStream } from '../stream/read-shards.js'
import { readmeModule } from '../stream/readme-examples.js'
import { seeded, userRecords } from '../stream/user-records.js'

const COUNT = Number(process.env.STREAM_RECORDS ?? 200_000)

test(`${COUNT} user records over 4 shards: each comes out once, in order within its hash key, none hidden`, async (t) => {
  const server = await startKinesis()
  after(() => server.stop())
  const client = server.client()
  const stream = await KinesisStream.create(client, 'round-trip', 4)
  const sent = userRecords(seeded(t, 5), COUNT, await stream.shards())
  const ledger = new Ledger(sent)
  const { send } = await readmeModule('`stream.pipeline`, without end')
  async function* source() {
    yield* sent
  }

  let isOver = false
  let hidden = 0
  let kinesisRecords = 0
  const reading = readStream(client, stream.name, {
    isOver: () => isOver,
    byRange: true,
    onUserRecord(record, shard) {
      ledger.see(record, shard)
      if (record.last) kinesisRecords++
    },
    onHidden: (records) => (hidden += records.length),
  })
  await Promise.all([reading, send(client, stream.name, source()).finally(() => (isOver = true))])

  t.diagnostic(`${kinesisRecords} Kinesis records; user records by shard: ${[...ledger.byShard.values()].join(', ')}`)
  none(ledger.missing, 'are missing')
  none(ledger.doubled, 'came more than once')
  none(ledger.late, 'came after a later one of their hash key')
  none(ledger.strays, 'came from a shard that does not own them')
  assert.equal(hidden, 0)
  assert.equal(ledger.byShard.size, 4)
  assert.ok(kinesisRecords < COUNT / 100, 'they were aggregated')
})
