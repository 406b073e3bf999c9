// A reader that is killed: port, stream, shard as JSON, and the files of its checkpoint and of what it has handled.
import { appendFileSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { KinesisClient, type Shard } from '@aws-sdk/client-kinesis'
import { NodeHttpHandler } from '@smithy/node-http-handler'
import type { Checkpoint } from 'kpl-codec'
import { readShardFrom } from './resuming-reader.js'

const [port, name, shard, checkpointFile, handledFile] = process.argv.slice(2) as [string, string, string, string, string]
const credentials = { accessKeyId: '000000000000', secretAccessKey: 'none' }
const client = new KinesisClient({ endpoint: `http://127.0.0.1:${port}`, region: 'us-east-1', credentials, requestHandler: new NodeHttpHandler() })
const after = existsSync(checkpointFile) ? (JSON.parse(readFileSync(checkpointFile, 'utf8')) as Checkpoint) : undefined

appendFileSync(handledFile, `after ${JSON.stringify(after ?? null)}\n`)
let handled = 0
await readShardFrom({
  client,
  name,
  shard: JSON.parse(shard) as Shard,
  after,
  async handle({ sequenceNumber, subSequenceNumber }) {
    appendFileSync(handledFile, `${sequenceNumber} ${subSequenceNumber}\n`)
    // Checkpoints are behind what was handled, and a file is there whole or not at all.
    if (++handled % 7 === 0) {
      writeFileSync(`${checkpointFile}.new`, JSON.stringify({ sequenceNumber, subSequenceNumber }))
      renameSync(`${checkpointFile}.new`, checkpointFile)
    }
    process.stdout.write('.')
    await setTimeout(1)
  },
})
appendFileSync(handledFile, 'end\n')
