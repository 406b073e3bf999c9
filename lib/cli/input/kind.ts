import { beginsWithMagic } from '../../format/is-aggregated.js'
import { isBase64, isHex, isMagicBase64, isMagicHex } from './encoded.js'

/** What an input can be. */
export const KINDS = ['auto', 'json', 'ndjson', 'base64', 'hex', 'raw'] as const

export type Kind = Exclude<(typeof KINDS)[number], 'auto'>

/** Whether that is as much of an input as is needed to tell what it is: a line with something in it, or what is too long for one. */
export function isTelling(head: Buffer): boolean {
  const text = textOf(head)
  const start = text.search(/\S/)
  return head.length >= 65_536 || (start >= 0 && text.includes('\n', start))
}

/** What an input is, by its beginning. */
export function kindOf(head: Buffer, isWhole: boolean): Kind {
  if (beginsWithMagic(head)) return 'raw'
  const lines = textOf(head).split('\n').map((line, n, { length }) => ({ text: line.trim(), isCut: !isWhole && n === length - 1 }))
  const told = lines.filter(({ text }) => text !== '')
  const first = told[0]?.text ?? ''
  if (first.startsWith('{') || first.startsWith('[')) return 'json'
  if (isMagicHex(first) || (told.length > 0 && told.every(({ text, isCut }) => isHex(text, isCut)))) return 'hex'
  // Of nothing but blanks there are no lines to read.
  if (isMagicBase64(first) || told.every(({ text, isCut }) => isBase64(text, isCut))) return 'base64'
  return 'raw'
}

/** Whether an input is base64 or hexadecimal digits perhaps by chance, as short texts are: only an aggregate says for sure. */
export function isByChance(head: Buffer): boolean {
  const text = textOf(head).trimStart()
  return text !== '' && !isMagicHex(text) && !isMagicBase64(text)
}

/** Without a byte order mark. What is no UTF-16 is told byte by byte. */
function textOf(head: Buffer): string {
  const encoding = utf16Of(head)
  return encoding === undefined ? head.toString('latin1').replace(/^\xef\xbb\xbf/, '') : new TextDecoder(encoding).decode(head)
}

/** By its byte order mark. */
export function utf16Of(head: Buffer): string | undefined {
  const mark = head.toString('hex', 0, 2)
  return mark === 'fffe' ? 'utf-16le' : mark === 'feff' ? 'utf-16be' : undefined
}

export function isGzip(head: Buffer): boolean {
  return head[0] === 0x1f && head[1] === 0x8b
}
