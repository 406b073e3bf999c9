import { toBuffer } from '../bytes.js'
import { type KinesisRecord, readKinesisRecord } from '../deaggregate/kinesis-record.js'
import { KplError } from '../errors.js'
import { isFramed } from '../format/is-aggregated.js'
import type { Arguments } from './arguments.js'
import { UsageError } from './arguments.js'
import type { Command, Io } from './command.js'
import type { Kind } from './input/kind.js'
import { recordsIn } from './input/records.js'
import { anatomyOf } from './inspect/anatomy.js'
import { Dump } from './inspect/dump.js'
import { plainReport } from './inspect/plain.js'
import { report } from './inspect/report.js'
import { type Place, named } from './place.js'
import { INPUT, INPUT_NOTES } from './reading.js'
import { recordFault } from './record-fault.js'
import { visible } from './text.js'

export const command: Command = {
  usage: 'inspect [OPTION…] [FILE…]',
  about: 'The anatomy of Kinesis records: magic, key tables, user records with their offsets, digest; where and why one is broken.',
  options: {
    input: INPUT,
    record: { value: 'N', short: 'n', isNumber: true, about: 'only the N-th record, counted from 1 over all that is read' },
    hex: { about: 'every byte, and what it says' },
    all: { short: 'a', about: 'all rows of long tables, all bytes of long values' },
  },
  notes: [...INPUT_NOTES, 'Offsets count from the first byte of the record\'s data, from 0. Exit code 1: one of the records is broken, or there was none.'],
  examples: [
    ['kpl-codec inspect record.bin', 'one record'],
    ['pbpaste | kpl-codec inspect --hex', 'base64 copied out of a log, byte by byte'],
    ['kpl-codec inspect --record 3 event.json', 'the third record of a Lambda event'],
  ],
  run,
}

async function run(args: Arguments, io: Io): Promise<void> {
  const { output, messages } = io
  const wanted = args.number('record')
  if (wanted === 0) throw new UsageError('--record counts from 1')
  let count = 0
  for await (const given of recordsIn(args.positionals, args.text('input') as Kind | 'auto', io)) {
    for (const { place, record } of given) {
      count++
      if (wanted !== undefined && count < wanted) continue
      if (count > 1 && wanted === undefined) await output.write('\n')
      try {
        await output.lines(inspected(record, place, args, io))
      } catch (error) {
        if (!(error instanceof KplError)) throw error
        messages.fail(place, recordFault(error))
      }
      if (count === wanted) return
    }
  }
  if (count < (wanted ?? 1)) messages.fail(undefined, count === 0 ? 'there is no record to inspect' : `there are only ${count} records`)
}

function* inspected(source: object, place: Place, args: Arguments, io: Io): Generator<string> {
  const record = readKinesisRecord(source)
  const bytes = toBuffer(record.data)
  yield io.paint('bold', visible(named(place)))
  yield* outerFields(record)
  if (!isFramed(bytes)) return yield* plainReport(bytes, io)
  const anatomy = anatomyOf(bytes)
  // The report itself tells it.
  if (anatomy.error !== undefined) io.messages.failures++
  yield* report(anatomy, record.partitionKey, args.has('all'), io)
  if (args.has('hex')) yield* ['', io.paint('bold', 'all bytes'), ...new Dump(anatomy, args.has('all'), io.width, io.paint).lines()]
}

/** What the Kinesis record says of itself. */
function* outerFields({ partitionKey, sequenceNumber, subSequenceNumber, shardId, approximateArrivalTimestamp }: KinesisRecord<object>): Generator<string> {
  if (partitionKey !== '') yield `partition key    ${visible(partitionKey)}`
  if (sequenceNumber !== '') yield `sequence number  ${visible(sequenceNumber)}`
  if (subSequenceNumber !== undefined) yield `sub-sequence     ${subSequenceNumber}: taken out of its aggregate already, readers leave it as it is`
  if (typeof shardId === 'string') yield `shard            ${visible(shardId)}`
  if (approximateArrivalTimestamp !== undefined) yield `arrived          ${approximateArrivalTimestamp.toISOString()}`
}
