import type { UserRecord } from '../deaggregate/user-record.js'
import type { Io } from './command.js'
import { type Place, numbered } from './place.js'
import { type Column, headOf, rowOf } from './table.js'
import { grouped, jsonLine, preview, textOf, visible } from './text.js'

/** How user records are written, one after the other. */
export interface Format {
  readonly begin: string
  readonly between: string
  readonly end: string
  piece(record: UserRecord<object>, place: Place): string | Buffer
}

const NEWLINE = Buffer.from('\n')

export function formatOf(name: string, isBase64: boolean, isJoined: boolean, io: Io): Format {
  const line = (record: UserRecord<object>) => jsonLine(fieldsOf(record, isBase64))
  if (name === 'json') return { begin: '[', between: ',', end: '\n]\n', piece: (record) => `\n  ${line(record)}` }
  if (name === 'raw') return { begin: '', between: '', end: '', piece: ({ data }) => (isJoined ? data : Buffer.concat([data, NEWLINE])) }
  return name === 'table' ? tableFormat(io) : { begin: '', between: '', end: '', piece: (record) => `${line(record)}\n` }
}

/** As `toJSON()`, with `text` in place of `data` where the payload is text: it is what `encode` reads. */
function fieldsOf(record: UserRecord<object>, isBase64: boolean): object {
  const { data, ...fields } = record.toJSON()
  const text = isBase64 ? undefined : textOf(record.data)
  return text === undefined ? { ...fields, data } : { ...fields, text }
}

/** The columns are as wide as the terminal lets them, and not as what they hold: rows are shown as they come. */
function tableFormat({ width, paint }: Io): Format {
  const LONGEST_PREVIEW = 100
  const isWide = width >= 90
  const columns: Column[] = [
    { title: 'record', isRight: true },
    { title: 'sub', isRight: true },
    ...(isWide ? [{ title: 'sequence number' }] : []),
    { title: 'partition key', colour: 'cyan' },
    { title: 'bytes', isRight: true },
    { title: 'data' },
  ]
  const widths = [6, 4, ...(isWide ? [15] : []), Math.min(32, Math.max(13, Math.floor(width / 5))), 10]
  const used = widths.reduce((sum, column) => sum + column + 2, 0)
  widths.push(Math.max(10, Math.min(LONGEST_PREVIEW, width - used)))
  const piece = (record: UserRecord<object>, place: Place) => {
    const { sequenceNumber, subSequenceNumber, partitionKey, data } = record
    // Its last digits are what tells one from the other.
    const sequence = sequenceNumber.length > 15 ? `…${sequenceNumber.slice(-14)}` : sequenceNumber
    const cells = [numbered(place), String(subSequenceNumber), ...(isWide ? [visible(sequence)] : []), visible(partitionKey), grouped(data.length), preview(data, widths.at(-1)!)]
    return `${rowOf(columns, widths, cells, paint)}\n`
  }
  return { begin: `${headOf(columns, widths, paint)}\n`, between: '', end: '', piece }
}
