import { check } from '../errors.js'

/**
 * How far a shard was read. Without a sub-sequence number it means the whole
 * Kinesis record. A user record is a checkpoint of itself.
 */
export interface Checkpoint {
  readonly sequenceNumber: string
  readonly subSequenceNumber?: number | undefined
}

const SEQUENCE_NUMBER = /^(?:0|[1-9][0-9]{0,128})$/

/** Whether a text is a sequence number, and not `TRIM_HORIZON` or the like. */
export function isSequenceNumber(text: unknown): text is string {
  return typeof text === 'string' && SEQUENCE_NUMBER.test(text)
}

export function isSubSequenceNumber(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

/**
 * Orders two checkpoints of one shard: by sequence number as a number, then by
 * sub-sequence number, a missing one after all others of its Kinesis record.
 *
 * @throws KplError `ERR_KPL_INVALID_ARGUMENT`
 */
export function compareCheckpoints(a: Checkpoint, b: Checkpoint): -1 | 0 | 1 {
  checkCheckpoint(a, 'a')
  checkCheckpoint(b, 'b')
  const order = compareSequenceNumbers(a.sequenceNumber, b.sequenceNumber)
  return order !== 0 ? order : compare(a.subSequenceNumber ?? Infinity, b.subSequenceNumber ?? Infinity)
}

/** Sequence numbers have no leading zeros, so the longer text is the larger number. */
export function compareSequenceNumbers(a: string, b: string): -1 | 0 | 1 {
  return a.length !== b.length ? compare(a.length, b.length) : compare(a, b)
}

/**
 * A checkpoint as it is now.
 *
 * @throws KplError `ERR_KPL_INVALID_ARGUMENT`
 */
export function checkCheckpoint(checkpoint: unknown, name: string): Checkpoint {
  const { sequenceNumber, subSequenceNumber } = Object(checkpoint) as Checkpoint
  check(isSequenceNumber(sequenceNumber), `${name}: sequenceNumber must be text of decimal digits`, sequenceNumber)
  check(subSequenceNumber === undefined || isSubSequenceNumber(subSequenceNumber), `${name}: subSequenceNumber must be an integer from 0 on`, subSequenceNumber)
  return { sequenceNumber, subSequenceNumber }
}

function compare<T extends number | string>(a: T, b: T): -1 | 0 | 1 {
  return a < b ? -1 : a > b ? 1 : 0
}
