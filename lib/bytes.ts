import { KplError, excerpt } from './errors.js'

/** Whether a value is a `Uint8Array` (a `Buffer` too), of this realm or another (jest, vm). */
export function isBytes(value: unknown): value is Uint8Array {
  return (
    value instanceof Uint8Array ||
    (ArrayBuffer.isView(value) && Object.prototype.toString.call(value) === '[object Uint8Array]')
  )
}

/** The same memory as a `Buffer`: no copy. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** A copy in memory of its own, not in Node's shared pool. */
export function copyOf(bytes: Uint8Array): Buffer {
  const copy = Buffer.allocUnsafeSlow(bytes.length)
  copy.set(bytes)
  return copy
}

/** How many bytes a padded base64 text stands for, going by its length and padding alone. */
export function base64Length(text: string): number {
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0
  return Math.floor((text.length * 3) / 4) - padding
}

/**
 * Bytes from a `Uint8Array` (no copy) or from padded base64 text, the URL-safe
 * letters allowed.
 *
 * `Buffer.from(text, 'base64')` makes something of any text: it leaves out what
 * is no base64. Whatever it leaves out makes the result shorter than the text's
 * length says, so the length is the check; looking at every letter would cost
 * as much as the MD5.
 *
 * @throws KplError `ERR_KPL_INVALID_BASE64`; `ERR_KPL_INVALID_INPUT` for anything else.
 */
export function toBuffer(data: unknown): Buffer {
  if (isBytes(data)) return asBuffer(data)
  if (typeof data !== 'string') {
    throw new KplError('ERR_KPL_INVALID_INPUT', `data must be a Uint8Array or base64 text, not ${excerpt(data)}`, { input: data })
  }
  const expected = base64Length(data)
  const bytes = Buffer.from(data, 'base64')
  if (data.length % 4 !== 0 || bytes.length !== expected) {
    throw new KplError(
      'ERR_KPL_INVALID_BASE64',
      `not padded base64: ${data.length} characters that decode to ${bytes.length} bytes: ${excerpt(data)}`,
      { size: bytes.length, input: data },
    )
  }
  return bytes
}
