import { classOf } from '../errors.js'

const ISO = /^\d{4}-\d\d-\d\d(?:T|$)/

/** From here on a number is milliseconds: as seconds it would be the year 5138, as milliseconds it is 1973. */
const FIRST_MILLISECONDS = 1e11

/**
 * When a Kinesis record arrived, by what its source tells: a Date as it is
 * (SDK), seconds (Lambda) or milliseconds (Firehose) since 1970, or ISO text.
 */
export function arrivalTime(value: unknown): Date | undefined {
  if (classOf(value) === 'Date') return value as Date
  if (typeof value === 'number') return valid(new Date(Math.round(value >= FIRST_MILLISECONDS ? value : value * 1000)))
  return typeof value === 'string' && ISO.test(value) ? valid(new Date(value)) : undefined
}

function valid(date: Date): Date | undefined {
  return Number.isNaN(date.getTime()) ? undefined : date
}
