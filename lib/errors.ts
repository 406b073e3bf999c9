/** Every code that a {@link KplError} can have. The README lists the causes of each. */
export type KplErrorCode =
  | 'ERR_KPL_INVALID_ARGUMENT'
  | 'ERR_KPL_INVALID_INPUT'
  | 'ERR_KPL_INVALID_BASE64'
  | 'ERR_KPL_INVALID_JSON'
  | 'ERR_KPL_MIXED_SHARDS'
  | 'ERR_KPL_NOT_AGGREGATED'
  | 'ERR_KPL_DIGEST_MISMATCH'
  | 'ERR_KPL_MALFORMED'
  | 'ERR_KPL_INVALID_PARTITION_KEY'
  | 'ERR_KPL_INVALID_EXPLICIT_HASH_KEY'
  | 'ERR_KPL_RECORD_TOO_LARGE'
  | 'ERR_KPL_INVALID_SHARDS'

/** What an error knows beside its code and message. Only what applies is set. */
export type KplErrorDetails = Partial<
  Pick<KplError, 'offset' | 'sequenceNumber' | 'subSequenceNumber' | 'size' | 'limit' | 'input' | 'cause'>
>

/**
 * The one error class of kpl-codec. Test `code`, not `instanceof`: a program
 * may hold both the ESM and the CommonJS copy of this package.
 */
export class KplError extends Error {
  declare readonly code: KplErrorCode
  /** Where in the Kinesis record's data, in bytes from its first byte. */
  declare readonly offset?: number
  /** The Kinesis record's sequence number. */
  declare readonly sequenceNumber?: string
  /** The user record's position in its aggregate, from 0. */
  declare readonly subSequenceNumber?: number
  /** The size found, in bytes unless the message says otherwise. */
  declare readonly size?: number
  /** The limit that `size` breaks. */
  declare readonly limit?: number
  /** The refused value itself; not enumerable, so that it is not logged by accident. */
  declare readonly input?: unknown
  /** What went wrong below, as of any Error. Said again for compilers whose library, older than ES2022, has none. */
  declare cause?: unknown

  constructor(code: KplErrorCode, message: string, details: KplErrorDetails = {}) {
    // Error itself takes the cause; assigned once more it stays not enumerable, as input does.
    super(message, details)
    if ('input' in details) Object.defineProperty(this, 'input', { writable: true })
    Object.assign(this, details, { code })
  }

  static {
    this.prototype.name = 'KplError'
  }
}

/** The same error with more details, and perhaps more said; what is no KplError is thrown as it is. */
export function extended(error: unknown, details: KplErrorDetails, say = (message: string) => message): KplError {
  if (!(error instanceof KplError)) throw error
  return new KplError(error.code, say(error.message), { ...error, ...details })
}

/** Throws unless a rule is kept; the message says the rule, and what there is in its place. */
export function check(
  kept: boolean,
  rule: string,
  value: unknown,
  code: KplErrorCode = 'ERR_KPL_INVALID_ARGUMENT',
  input: unknown = value,
): asserts kept {
  if (!kept) throw new KplError(code, `${rule}, not ${excerpt(value)}`, { input })
}

/** Throws `ERR_KPL_INVALID_INPUT` unless a rule is kept. */
export function checkInput(kept: boolean, rule: string, value: unknown, input = value): asserts kept {
  check(kept, rule, value, 'ERR_KPL_INVALID_INPUT', input)
}

/** Throws unless it is text that can be written as UTF-8 and read again. */
export function checkText(text: unknown, name: string, code: KplErrorCode): asserts text is string {
  check(typeof text === 'string', `${name} must be text`, text, code)
  check(text.isWellFormed(), `${name} must be text without lone surrogates`, text, code)
}

/** A refused value, for a message: enough to recognise it by, at most 40 characters of it. */
export function excerpt(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 40))
  return (Object(value) === value ? classOf(value) : String(value)).slice(0, 40)
}

/** For an excerpt of what stands in a record's place: of text, which may be a payload, only that it is a String. Messages are logged. */
export function withoutText(value: unknown): unknown {
  return typeof value === 'string' ? Object(value) : value
}

/** Date, Promise, ArrayBuffer, Object…, or what the value itself says. */
export function classOf(value: unknown): string {
  try {
    return {}.toString.call(value).slice(8, -1)
  } catch {
    return 'object'
  }
}
