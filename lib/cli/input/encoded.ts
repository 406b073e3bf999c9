import { toBuffer } from '../../bytes.js'
import { beginsWithMagic } from '../../format/is-aggregated.js'

// Bytes written in letters, one record a line, as they are copied out of logs and programs.

/** The digits alone: "f3 89", "f3:89", "0xf3, 0x89" and "\xf3\x89" are written too. */
function digitsOf(text: string): string {
  return text.replace(/0x|\\x|[\s:,"']/gi, '')
}

/** The letters alone: without quotes and comma, and with what some programs escape in JSON. */
function lettersOf(text: string): string {
  const letters = text.replace(/^["']|["']?,?$/g, '').replaceAll('\\u003d', '=').replaceAll('\\/', '/')
  // Copies often lack the padding.
  return letters.endsWith('=') ? letters : letters + '='.repeat(-letters.length & 3)
}

/** @param isCut whether its end is to come, so that its length says nothing. */
export function isHex(text: string, isCut = false): boolean {
  const digits = digitsOf(text)
  return digits.length > 0 && (isCut || digits.length % 2 === 0) && !/[^0-9a-f]/i.test(digits)
}

/** @param isCut as for {@link isHex} */
export function isBase64(text: string, isCut = false): boolean {
  const padded = lettersOf(text)
  // By hand: what /=+$/ takes grows with the square of a row of "=" that something else follows.
  let end = padded.length
  while (padded[end - 1] === '=') end--
  const letters = padded.slice(0, end)
  return (isCut || letters.length % 4 !== 1) && !/[^A-Za-z0-9+/_-]/.test(letters)
}

export function isMagicHex(text: string): boolean {
  return digitsOf(text.slice(0, 32)).toLowerCase().startsWith('f3899ac2')
}

export function isMagicBase64(text: string): boolean {
  return beginsWithMagic(Buffer.from(lettersOf(text.slice(0, 9)), 'base64'))
}

/** @throws KplError, Error */
export function bytesOf(text: string, kind: 'base64' | 'hex'): Buffer {
  if (kind === 'base64') return toBuffer(lettersOf(text))
  if (!isHex(text)) throw new Error('no whole bytes in hexadecimal digits')
  return Buffer.from(digitsOf(text), 'hex')
}
