// A reader dies inside an aggregate, and another one goes on behind its last checkpoint.
import assert from 'node:assert/strict'
import type { Shard } from '@aws-sdk/client-kinesis'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { type Checkpoint, aggregate } from 'kpl-codec'
import { readPlainly } from '../../../fixtures/plain-reader.js'
import { type KinesisServer, startKinesis } from '../server/kinesis-server.js'
import { KinesisStream } from '../stream/kinesis-stream.js'
import { shardRecords } from '../stream/read-shards.js'
import { readmeModule } from '../stream/readme-examples.js'
import { readShardFrom } from '../stream/resuming-reader.js'
import { seeded, userRecords } from '../stream/user-records.js'

const KILLS = Number(process.env.STREAM_KILLS ?? 100)
const CHILD_KILLS = 3
const COUNT = 4_000

let server: KinesisServer
let shards: Shard[]
const name = 'resume'
before(async () => {
  server = await startKinesis()
  const client = server.client()
  const stream = await KinesisStream.create(client, name, 2)
  shards = await stream.shards()
  const { put } = await readmeModule('PutRecords, and what to do with its reply')
  const records = userRecords(seeded({ diagnostic: () => {} }, 9), COUNT, shards)
  // Small aggregates, that some checkpoints lie at their ends, and a lone user record now and then.
  for (let n = 0; n < COUNT; n += 500) await put(client, name, aggregate(records.slice(n, n + 499), { shards, aggregationMaxSize: 600 }), shards)
  for (let n = 499; n < COUNT; n += 500) await put(client, name, aggregate([records[n]!], { shards }), shards)
})
after(() => server.stop())

test(`a reader is killed ${KILLS} times, and each goes on right behind the last checkpoint`, async (t) => {
  const draw = seeded(t, 10)
  const client = server.client()
  const deaths = { thrown: 0, aborted: 0, destroyed: 0 }
  let kills = 0
  let inside = 0
  let between = 0
  let repeated = 0
  for (let pass = 0; pass < 2 || kills < KILLS; pass++) {
    const shard = shards[pass % 2]!
    const places = await placesOf(shard)
    let saved: { at: number; checkpoint: Checkpoint } | undefined
    let next = 0
    while (next < places.length) {
      const death = kills < KILLS ? draw.pick(Object.keys(deaths) as (keyof typeof deaths)[]) : undefined
      let left = death === undefined ? Infinity : draw.between(1, 150)
      repeated += next - ((saved?.at ?? -1) + 1)
      next = (saved?.at ?? -1) + 1
      const abort = new AbortController()
      let isDead = false
      const run = readShardFrom({
        client,
        name,
        shard,
        after: saved?.checkpoint,
        signal: abort.signal,
        async handle({ sequenceNumber, subSequenceNumber, last }, stream) {
          assert.ok(!isDead, 'nothing comes from the dead')
          assert.equal(`${sequenceNumber} ${subSequenceNumber}`, places[next], `user record ${next} of ${shard.ShardId}`)
          // The checkpoint of a whole Kinesis record may leave the sub-sequence number out.
          const checkpoint = last && draw.oneIn(2) ? { sequenceNumber } : { sequenceNumber, subSequenceNumber }
          if (draw.oneIn(3)) saved = { at: next, checkpoint }
          next++
          if (--left > 0) return
          isDead = true
          if (death === 'thrown') throw new Error('killed')
          if (death === 'aborted') abort.abort()
          if (death === 'destroyed') stream.destroy()
        },
      })
      await run.catch((error) => {
        if (!isDead || error instanceof assert.AssertionError) throw error
      })
      if (!isDead) break
      assert.ok(death !== undefined, 'the last run of all lives')
      kills++
      deaths[death]++
      if (saved !== undefined && isLast(places, saved.at)) between++
      else if (saved !== undefined) inside++
    }
    assert.equal(next, places.length, `${shard.ShardId} was read to its end`)
  }
  t.diagnostic(`${kills} kills (${JSON.stringify(deaths)}), the checkpoint ${inside} times inside an aggregate, ${between} times between two Kinesis records`)
  t.diagnostic(`${repeated} user records behind a checkpoint came twice`)
  assert.ok(inside > KILLS / 2 && between > 0 && repeated > 0, 'checkpoints of all kinds')
})

test(`a process is killed ${CHILD_KILLS} times with SIGKILL, its checkpoint in a file`, async (t) => {
  const draw = seeded(t, 11)
  const folder = mkdtempSync(join(tmpdir(), 'kpl-codec-'))
  after(() => rmSync(folder, { recursive: true }))
  const [checkpointFile, handledFile] = [join(folder, 'checkpoint'), join(folder, 'handled')]
  const shard = shards[0]!
  const places = await placesOf(shard)
  const child = join(import.meta.dirname, '..', 'stream', 'reader-child.ts')
  const args = ['--import', 'tsx', child, String(server.port), name, JSON.stringify(shard), checkpointFile, handledFile]
  for (let run = 0; run <= CHILD_KILLS; run++) {
    const reader = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] })
    let left = run < CHILD_KILLS ? draw.between(50, 350) : Infinity
    reader.stdout.on('data', (dots: Buffer) => {
      left -= dots.length
      if (left <= 0) reader.kill('SIGKILL')
    })
    const [code, signal] = await once(reader, 'exit')
    assert.deepEqual([code, signal], run < CHILD_KILLS ? [null, 'SIGKILL'] : [0, null])
  }

  const lines = readFileSync(handledFile, 'utf8').split('\n').slice(0, -1)
  let next = 0
  let inside = 0
  for (const line of lines) {
    if (line === 'end') break
    if (line.startsWith('after ')) {
      const { sequenceNumber, subSequenceNumber } = (JSON.parse(line.slice(6)) ?? {}) as Partial<Checkpoint>
      const at = sequenceNumber === undefined ? -1 : places.indexOf(`${sequenceNumber} ${subSequenceNumber}`)
      if (at >= 0 && !isLast(places, at)) inside++
      next = at + 1
    } else assert.equal(line, places[next++], 'each process goes on behind the checkpoint')
  }
  assert.deepEqual([lines.at(-1), next], ['end', places.length], 'the last one reads to the end')
  t.diagnostic(`${lines.filter((line) => line.startsWith('after ')).length} processes, ${inside} began inside an aggregate`)
  assert.ok(inside > 0, 'some began inside an aggregate')
})

/** All user records of a shard, by the numbers of their Kinesis record and in it: counted by a reader that shares nothing with kpl-codec. */
async function placesOf(shard: Shard): Promise<string[]> {
  const places: string[] = []
  for await (const records of shardRecords(server.client(), name, shard.ShardId!)) {
    for (const { Data, SequenceNumber } of records) {
      const reading = readPlainly(Buffer.from(Data!))
      const count = reading.kind === 'message' ? reading.records.length : 1
      for (let n = 0; n < count; n++) places.push(`${SequenceNumber} ${n}`)
    }
  }
  return places
}

function isLast(places: readonly string[], at: number): boolean {
  return places[at + 1]?.split(' ')[0] !== places[at]!.split(' ')[0]
}
