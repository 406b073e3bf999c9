import { KplError, type KplErrorDetails, excerpt } from './errors.js'

/** Refuses data to read that is neither bytes nor text with `ERR_KPL_INVALID_INPUT`; `found` says what it is instead. */
export function notData(data: unknown, found: string): never {
  throw new KplError('ERR_KPL_INVALID_INPUT', `data must be bytes or base64 text, not ${found}`, { input: data })
}

/** Whether a value is a `Uint8Array` (a `Buffer` too), of this realm or another (jest, vm). */
export function isBytes(value: unknown): value is Uint8Array {
  return ArrayBuffer.isView(value) && (value as Uint8Array)[Symbol.toStringTag] === 'Uint8Array'
}

/**
 * Throws `ERR_KPL_INVALID_INPUT` for bytes of length 0 that are not empty but whose memory is detached: transferred (to a worker), or shrunk.
 *
 * @param whose what they are the data of, for the message.
 */
export function checkAttached(bytes: Uint8Array, whose = '', details: KplErrorDetails = {}): void {
  try {
    new Uint8Array().set(bytes)
  } catch {
    throw new KplError('ERR_KPL_INVALID_INPUT', `data must be bytes that are still there${whose}`, { input: bytes, ...details })
  }
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

/**
 * Bytes from a `Uint8Array` (no copy) or from padded base64 text, the URL-safe
 * letters allowed.
 *
 * `Buffer.from(text, 'base64')` makes something of any text: it leaves out what
 * is no base64. Whatever it leaves out makes the result shorter than the text's
 * length says, so the length is the check; looking at every letter would cost
 * as much as the MD5. But letters above U+00FF it takes for others, by their low bits.
 *
 * @throws KplError `ERR_KPL_INVALID_BASE64`; `ERR_KPL_INVALID_INPUT` for anything else, and for bytes that are gone.
 */
export function toBuffer(data: unknown): Buffer {
  if (isBytes(data)) {
    if (data.length === 0) checkAttached(data)
    return asBuffer(data)
  }
  if (typeof data !== 'string') notData(data, excerpt(data))
  const bytes = Buffer.from(data, 'base64')
  const padding = data.endsWith('==') ? 2 : data.endsWith('=') ? 1 : 0
  if ((data.length / 4) * 3 - padding !== bytes.length || Buffer.byteLength(data) !== data.length) {
    // Nothing of the payload itself: messages are logged.
    const message = `data must be padded base64, not plain text: ${data.length} characters decode to ${bytes.length} bytes`
    throw new KplError('ERR_KPL_INVALID_BASE64', message, { input: data })
  }
  return bytes
}
