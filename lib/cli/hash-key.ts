import { hashKey } from '../routing/hash-key.js'
import { type Arguments, UsageError } from './arguments.js'
import type { Command, Io } from './command.js'
import { SHARDS, shardsIn } from './shards.js'
import { type Column, table } from './table.js'
import { jsonLine, visible } from './text.js'

export const command: Command = {
  usage: 'hash-key [OPTION…] KEY…',
  about: 'The hash keys of partition keys, by which Kinesis chooses their shards, and the shards.',
  options: {
    shards: SHARDS,
    format: { value: 'FORMAT', short: 'f', choices: ['table', 'ndjson'], fallback: 'table', about: 'how to write them' },
  },
  notes: [],
  examples: [
    ['kpl-codec hash-key user-1 user-2', 'in decimal and hexadecimal digits'],
    ['aws kinesis list-shards --stream-name orders | kpl-codec hash-key --shards - user-1', 'and the shard that takes it'],
  ],
  run,
}

async function run(args: Arguments, io: Io): Promise<void> {
  const { output, width, paint } = io
  if (args.positionals.length === 0) throw new UsageError('hash-key needs a KEY')
  const file = args.text('shards')
  const shards = file === undefined ? undefined : await shardsIn(file, io)
  const rows = args.positionals.map((partitionKey) => {
    const key = hashKey(partitionKey)
    return { partitionKey, hashKey: String(key), hex: key.toString(16).padStart(32, '0'), shardId: shards?.shardFor(key).ShardId }
  })
  if (args.text('format') === 'ndjson') return output.lines(rows.map(jsonLine))
  const columns: Column[] = [{ title: 'partition key', colour: 'cyan', least: 8 }, { title: 'hash key', isRight: true }, { title: 'in hexadecimal' }]
  if (shards !== undefined) columns.push({ title: 'shard' })
  const cells = rows.map(({ partitionKey, hashKey, hex, shardId }) => [visible(partitionKey), hashKey, hex, ...(shards === undefined ? [] : [visible(String(shardId))])])
  // A key that is cut is of no use: rather let the terminal break the line.
  return output.lines(table(columns, cells, Math.max(width, 100), paint))
}
