import { pipeline } from 'node:stream/promises'
import { DeaggregateStream } from '../deaggregate/deaggregate-stream.js'
import type { DeaggregateOptions } from '../deaggregate/options.js'
import type { UserRecord } from '../deaggregate/user-record.js'
import { beginsWithMagic } from '../format/is-aggregated.js'
import { type Arguments, UsageError } from './arguments.js'
import type { Command, Io } from './command.js'
import { damageOf } from './damage.js'
import { formatOf } from './formats.js'
import { INPUT, INPUT_NOTES, MALFORMED, MISMATCH } from './reading.js'
import { recordsIn } from './input/records.js'
import type { Kind } from './input/kind.js'
import type { Place } from './place.js'
import { recordFault } from './record-fault.js'

export const command: Command = {
  usage: 'decode [OPTION…] [FILE…]',
  about: 'The user records in Kinesis records: those of aggregates taken apart, plain records as they are.',
  options: {
    input: INPUT,
    format: { value: 'FORMAT', short: 'f', choices: ['ndjson', 'table', 'json', 'raw'], fallback: 'ndjson', about: 'how to write them: JSON lines, a table for people, a JSON array, or the payloads alone' },
    base64: { about: 'ndjson and json: every payload as base64 in "data"; without it text stands in "text"' },
    join: { about: 'raw: no newline behind each payload' },
    'digest-mismatch': MISMATCH,
    malformed: MALFORMED,
  },
  notes: [...INPUT_NOTES, 'What decode writes as ndjson or json, encode reads.'],
  examples: [
    ['kpl-codec decode event.json', 'a saved Lambda event'],
    ['aws kinesis get-records --shard-iterator … | kpl-codec decode --format table', 'a reply of GetRecords, to look at'],
    ['pbpaste | kpl-codec decode', 'base64 copied out of a log'],
    ['kpl-codec decode events.ndjson.gz | jq -r .text', 'gzipped JSON lines, the payloads alone'],
  ],
  run,
}

async function run(args: Arguments, io: Io): Promise<void> {
  const { messages, output, progress } = io
  const places = new WeakMap<object, Place>()
  const name = args.text('format')!
  if (args.has('join') && name !== 'raw') throw new UsageError('--join needs --format raw')
  if (args.has('base64') && name !== 'ndjson' && name !== 'json') throw new UsageError('--base64 needs --format ndjson or json')
  const format = formatOf(name, args.has('base64'), args.has('join'), io)
  const stream = new DeaggregateStream<any>({
    digestMismatch: args.text('digest-mismatch') as DeaggregateOptions['digestMismatch'],
    malformed: args.text('malformed') as DeaggregateOptions['malformed'],
    onRejected: (error, source: object) => messages.fail(places.get(source), recordFault(error)),
  })
  const source = async function* () {
    for await (const given of recordsIn(args.positionals, args.text('input') as Kind | 'auto', io)) {
      for (const { place, record } of given) places.set(record, place)
      yield given.map(({ record }) => record)
    }
  }
  await pipeline(source, stream, async (records: AsyncIterable<UserRecord<object>>) => {
    let before = format.begin
    for await (const record of records) {
      const place = places.get(record.source)!
      const note = record.aggregated ? undefined : noteOn(record.data)
      if (note !== undefined) messages.note(place, note)
      if (before !== '') await output.write(before)
      await output.write(format.piece(record, place))
      before = format.between
      progress.userRecord()
    }
    if (before === format.begin) await output.write(before)
    await output.write(format.end)
  })
}

/** What may be wrong with a plain payload. */
function noteOn(data: Buffer): string | undefined {
  if (beginsWithMagic(data)) return 'begins as an aggregate, but is none: given out as it is (kpl-codec inspect shows why)'
  return damageOf(data)
}
