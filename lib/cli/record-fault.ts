import { isKinesisRecord } from '../deaggregate/kinesis-record.js'
import type { KplError } from '../errors.js'

/** What to tell of a record that cannot be read. */
export function recordFault({ code, message, input }: KplError): string {
  // As it is where a payload that is JSON itself was taken for a record.
  const isNoRecord = code === 'ERR_KPL_INVALID_INPUT' && !isKinesisRecord(input)
  return `${code}: ${message}${isNoRecord ? ' (--input raw reads a payload as it is)' : ''}`
}
