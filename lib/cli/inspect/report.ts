import { DIGEST_LENGTH, MAGIC_LENGTH } from '../../format/constants.js'
import { messageEnd } from '../../format/frame.js'
import type { Io } from '../command.js'
import { type Column, table } from '../table.js'
import { counted, grouped, preview, spaced, visible } from '../text.js'
import { accountOf } from './account.js'
import type { Anatomy, KeyEntry, Member } from './anatomy.js'
import { hexExcerpt } from './hex.js'

/** Rows of a table, where not all of them are shown. */
const ENOUGH = 20
const LONGEST_PREVIEW = 80

/** An aggregate, whole or broken, in words and tables. */
export function* report(anatomy: Anatomy, outerKey: string, isAll: boolean, io: Io): Generator<string> {
  const { bytes, members, error, fault, partitionKeys, explicitHashKeys, unknown, digest } = anatomy
  const { paint } = io
  if (error === undefined) yield paint('green', `aggregate of ${counted(members.length, 'user record')}, ${counted(bytes.length, 'byte')}, digest right`)
  else yield* broken(anatomy, io)
  yield ''
  yield* parts(anatomy, io)
  if (!digest.isTrue && fault !== undefined) {
    yield* ['', paint('red', `The message cannot be read to its end either: ${visible(fault.message)}`), ...hexExcerpt(bytes, fault.offset!, io.width, paint)]
  }
  yield* keyTable('partition keys', partitionKeys, isAll, io)
  yield* keyTable('explicit hash keys', explicitHashKeys, isAll, io)
  yield* memberTable(anatomy, isAll, io)
  yield* tagTable(members, isAll, io)
  const columns = [right('offset'), right('field'), right('wire type'), right('bytes'), { title: 'in' }, { title: 'begins', least: 8 }]
  yield* section('unknown fields', columns, unknown, ({ field, where }) => {
    return [grouped(field.at), String(field.number), String(field.wireType), grouped(field.end - field.at), where, spaced(bytes.subarray(field.at, Math.min(field.end, field.at + 16)))]
  }, isAll, io)
  if (error === undefined && members.length > 0) yield* ['', ...accountOf(anatomy, outerKey), paint('dim', 'bytes of data and partition keys; a payload unit is 25 KiB')]
}

function* broken({ bytes, error, digest }: Anatomy, { paint, width }: Io): Generator<string> {
  yield paint('red', `broken aggregate, ${counted(bytes.length, 'byte')}: ${error!.code}`)
  yield* digest.isTrue
    ? [paint('red', visible(error!.message)), '', ...hexExcerpt(bytes, error!.offset!, width, paint)]
    : ['The MD5 is wrong, so readers hand it out whole, as a plain record that begins so by chance.']
}

function* parts({ bytes, digest, message }: Anatomy, { paint }: Io): Generator<string> {
  const end = messageEnd(bytes)
  // In 60 columns.
  const line = (at: string, size: string, part: string, what: string) => `${at.padStart(8)} ${size.padStart(7)}  ${part.padEnd(8)}  ${what}`
  yield paint('dim', '  offset   bytes  part')
  yield line('0', String(MAGIC_LENGTH), 'magic', spaced(bytes.subarray(0, MAGIC_LENGTH)))
  yield line(String(MAGIC_LENGTH), grouped(end - MAGIC_LENGTH), 'message', counted(message.fields.length, 'field'))
  yield line(grouped(end), String(DIGEST_LENGTH), 'MD5', paint(digest.isTrue ? 'green' : 'red', digest.found))
  if (!digest.isTrue) yield line('', '', 'expected', digest.expected)
}

function* keyTable(title: string, keys: readonly KeyEntry[], isAll: boolean, io: Io): Generator<string> {
  const columns: Column[] = [right('index'), right('offset'), right('bytes'), right('used'), { title: 'key', least: 12, colour: 'cyan' }]
  const row = ({ field, text, uses }: KeyEntry, n: number) => [String(n), grouped(field.at), grouped(field.end - field.start), grouped(uses), visible(text)]
  yield* section(title, columns, keys, row, isAll, io)
}

function* memberTable({ bytes, members, partitionKeys, explicitHashKeys }: Anatomy, isAll: boolean, io: Io): Generator<string> {
  const columns: Column[] = [right('sub'), right('offset'), right('data at'), right('bytes'), { title: 'partition key', least: 6, colour: 'cyan' }]
  const hasHashKeys = members.some(({ hashKeyIndex }) => hashKeyIndex !== undefined)
  if (hasHashKeys) columns.push({ title: 'explicit hash key', least: 8 })
  columns.push({ title: 'data', least: 8 })
  const row = ({ field, keyIndex, hashKeyIndex, data }: Member, n: number) => [
    String(n),
    grouped(field.at),
    data === undefined ? '-' : grouped(data.start),
    data === undefined ? '-' : grouped(data.end - data.start),
    keyIndex === undefined ? '(no index)' : keyOf(partitionKeys, keyIndex),
    ...(!hasHashKeys ? [] : [hashKeyIndex === undefined ? '-' : keyOf(explicitHashKeys, hashKeyIndex)]),
    field.inside!.error !== undefined ? `(${visible(field.inside!.error.message)})` : data === undefined ? '(no data)' : preview(bytes.subarray(data.start, data.end), LONGEST_PREVIEW),
  ]
  yield* section('user records', columns, members, row, isAll, io)
}

function* tagTable(members: readonly Member[], isAll: boolean, io: Io): Generator<string> {
  const tagged = members.flatMap(({ tags }, n) => tags.map((tag) => ({ ...tag, n })))
  const columns = [right('sub'), { title: 'key', least: 8 }, { title: 'value', least: 8 }]
  yield* section('tags', columns, tagged, ({ key, value, n }) => [String(n), visible(key), value === undefined ? '-' : visible(value)], isAll, io)
}

/** A table with its name above it; nothing where it has no rows. Those that are not shown, of hostile records millions, are not made. */
function* section<T>(title: string, columns: readonly Column[], items: readonly T[], row: (item: T, n: number) => string[], isAll: boolean, { width, paint }: Io): Generator<string> {
  if (items.length === 0) return
  const shown = isAll ? items : items.slice(0, ENOUGH)
  yield* ['', paint('bold', `${title} (${grouped(items.length)})`), ...table(columns, shown.map(row), width, paint)]
  if (shown.length < items.length) yield paint('dim', `… and ${grouped(items.length - shown.length)} more (--all shows them)`)
}

function right(title: string): Column {
  return { title, isRight: true }
}

function keyOf(keys: readonly KeyEntry[], index: number): string {
  const key = keys[index]
  return key === undefined ? `(index ${index} of ${keys.length})` : visible(key.text)
}
