import { pipeline } from 'node:stream/promises'
import { AggregateStream } from '../aggregate/aggregate-stream.js'
import type { PutRecordsEntry } from '../aggregate/entry.js'
import type { AggregatorOptions } from '../aggregate/options.js'
import { type Arguments, UsageError } from './arguments.js'
import type { Command, Io } from './command.js'
import { EntryWriter } from './entry-writer.js'
import { OF_USER_RECORDS, elementsOf } from './input/json-records.js'
import { areLinesOf, valuesIn } from './input/records.js'
import type { Place } from './place.js'
import { SHARDS, shardsIn } from './shards.js'
import { userRecordOf } from './user-record.js'

export const command: Command = {
  usage: 'encode [OPTION…] [FILE…]',
  about: 'Entries for PutRecords that hold user records, packed into aggregates.',
  options: {
    input: { value: 'KIND', short: 'i', choices: ['auto', 'json', 'ndjson'], fallback: 'auto', about: 'JSON over any lines, or a value in each line, where the first does not tell' },
    format: { value: 'FORMAT', short: 'f', choices: ['json', 'ndjson', 'requests'], fallback: 'json', about: 'a JSON array, an entry in each line, or in each line an array that one request takes' },
    shards: SHARDS,
    'group-by': { value: 'WHAT', choices: ['shard', 'hashKey', 'none'], about: 'who shares an aggregate: by default those of one shard with --shards, else those of one hash key' },
    'aggregation-max-size': { value: 'BYTES', isNumber: true, about: "an aggregate's data at the most (51200)" },
    'aggregation-max-count': { value: 'COUNT', isNumber: true, about: 'user records in an aggregate at the most (4294967295)' },
    'max-record-size': { value: 'BYTES', isNumber: true, about: "the stream's maximum record size (1048576)" },
    'outer-key': { value: 'WHOSE', choices: ['first', 'kpl'], fallback: 'first', about: "an aggregate's own keys: the first user record's, or as the KPL has them" },
    'lone-record': { value: 'HOW', choices: ['raw', 'wrap'], fallback: 'raw', about: 'a user record that is alone: as itself, or as an aggregate' },
    'max-pending-bytes': { value: 'BYTES', isNumber: true, about: 'what may wait in open aggregates (67108864)' },
    'no-aggregation': { about: 'every user record leaves alone, for streams with service-managed partition keys' },
  },
  notes: [
    'A user record is {"partitionKey", "text" or "data", "explicitHashKey"?, "tags"?}: text as it is, or data in base64. ' +
      'There is one in each line, or an array of them. The other fields that decode writes are passed over.',
    'Without --shards only user records of one partition key share an aggregate.',
  ],
  examples: [
    ['kpl-codec encode --shards shards.json records.ndjson > entries.json', 'then: aws kinesis put-records --stream-name … --records file://entries.json'],
    ['kpl-codec encode --format requests records.ndjson', 'where there is more than one request takes'],
    ['kpl-codec decode event.json | kpl-codec encode', 'the records of a Lambda event, packed anew'],
  ],
  run,
}

async function run(args: Arguments, io: Io): Promise<void> {
  const { messages, progress } = io
  const { positionals } = args
  const file = args.text('shards')
  if (file === '-' && (positionals.length === 0 || positionals.includes('-'))) throw new UsageError('standard input can hold the shards or the records, not both')
  const places = new WeakMap<object, Place>()
  if (file === undefined && args.text('group-by') === 'shard') throw new UsageError('--group-by shard needs --shards FILE')
  const stream = new AggregateStream({
    ...writingOptions(args),
    shards: file === undefined ? undefined : await shardsIn(file, io),
    recordMaxBufferedTime: Infinity,
    onRejected: (error, record) => messages.fail(places.get(record), `${error.code}: ${error.message}`),
  })
  const source = async function* () {
    for await (const values of valuesIn(positionals, 'json', io, areLinesOf(args.text('input') as 'auto' | 'json' | 'ndjson'))) {
      for (const { place, value } of values.flatMap((value) => elementsOf(value, OF_USER_RECORDS))) {
        const record = userRecordOf(value)
        if (typeof record === 'string') messages.fail(place, record)
        else {
          places.set(record, place)
          progress.userRecord()
          yield record
        }
      }
    }
  }
  const writer = new EntryWriter(args.text('format')!, io)
  await pipeline(source, stream, async (entries: AsyncIterable<PutRecordsEntry>) => {
    for await (const entry of entries) await writer.add(entry)
    await writer.end()
  })
}

function writingOptions(args: Arguments): AggregatorOptions {
  return {
    aggregationEnabled: !args.has('no-aggregation'),
    aggregationMaxSize: args.number('aggregation-max-size'),
    aggregationMaxCount: args.number('aggregation-max-count'),
    maxRecordSize: args.number('max-record-size'),
    maxPendingBytes: args.number('max-pending-bytes'),
    groupBy: args.text('group-by') as AggregatorOptions['groupBy'],
    outerKey: args.text('outer-key') as AggregatorOptions['outerKey'],
    loneRecord: args.text('lone-record') as AggregatorOptions['loneRecord'],
  }
}
