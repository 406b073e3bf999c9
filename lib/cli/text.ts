import { isUtf8 } from 'node:buffer'

// What of bytes and texts can be shown, and how wide it is on a terminal.

/** Control characters but for tab and line ends: bytes with them are no text, though they may be valid UTF-8. */
const CONTROLS = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/

/** Text that says the same as the bytes; `undefined` where they are no text. */
export function textOf(bytes: Uint8Array): string | undefined {
  if (!isUtf8(bytes)) return undefined
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString()
  return CONTROLS.test(text) ? undefined : text
}

/** A text with all written out that could move a terminal's cursor, or hide or turn around what stands beside it. */
export function visible(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (character) => {
    const short = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }[character]
    const code = character.codePointAt(0)!.toString(16)
    return short ?? (code.length < 3 ? `\\x${code.padStart(2, '0')}` : `\\u{${code}}`)
  })
}

/** JSON in one line, which a terminal too takes as it is: JSON alone escapes the control characters below 32 only. */
export function jsonLine(value: unknown): string {
  const json = JSON.stringify(value)
  // Nearly always; looking for each of them takes ten times as long.
  if (!/[^\0-~]/.test(json)) return json
  return json.replace(/[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}]/gu, (character) => {
    return Array.from({ length: character.length }, (_, n) => `\\u${character.charCodeAt(n).toString(16).padStart(4, '0')}`).join('')
  })
}

/** The beginning of a payload: text, or bytes in hexadecimal. */
export function preview(bytes: Buffer, width: number): string {
  const text = textOf(bytes)
  if (text !== undefined) return cut(visible(text.slice(0, width + 1)), width)
  return cut(`<${spaced(bytes.subarray(0, Math.ceil(width / 3)))}${bytes.length * 3 > width ? ' …' : ''}>`, width)
}

/** Bytes in hexadecimal with a blank between them. */
export function spaced(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ')
}

const WIDE = /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u
const COMBINING = /[\p{Mn}\p{Me}]/u

/** How many columns a text takes. */
export function widthOf(text: string): number {
  // Most texts: printable ASCII.
  if (/^[ -~]*$/.test(text)) return text.length
  let width = 0
  for (const character of text) width += columnsOf(character)
  return width
}

/** A text of so many columns at the most; one that is longer ends in an ellipsis. */
export function cut(text: string, width: number): string {
  if (text.length * 2 <= width || widthOf(text) <= width) return text
  let result = ''
  let left = width - 1
  for (const character of text) {
    left -= columnsOf(character)
    if (left < 0) break
    result += character
  }
  return `${result}…`
}

function columnsOf(character: string): number {
  return COMBINING.test(character) ? 0 : WIDE.test(character) ? 2 : 1
}

/** 1234567 as 1,234,567. */
export function grouped(number: number): string {
  return String(number).replace(/\B(?=(?:\d{3})+$)/g, ',')
}

/** One and many: `1 user record`, `2 user records`. */
export function counted(number: number, name: string): string {
  return `${grouped(number)} ${name}${number === 1 ? '' : 's'}`
}
