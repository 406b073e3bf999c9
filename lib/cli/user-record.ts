import { toBuffer } from '../bytes.js'
import type { UserRecordInput } from '../format/draft.js'

/** The fields of a user record to write, and those that only reading gives. */
const FIELDS = new Set(['partitionKey', 'explicitHashKey', 'text', 'data', 'tags'])
const READ_FIELDS = new Set(['sequenceNumber', 'subSequenceNumber', 'aggregated', 'last', 'approximateArrivalTimestamp'])

/** A user record as `decode` writes it; a text where it is none, which says why. Keys, tags and sizes are left to the library. */
export function userRecordOf(value: unknown): UserRecordInput | string {
  if (typeof value !== 'object' || value === null) return 'a user record must be an object'
  const fields = value as Record<string, unknown>
  if ('Data' in fields || 'kinesis' in fields) return 'this is a Kinesis record, no user record: see kpl-codec decode'
  const unknown = Object.keys(fields).find((name) => !FIELDS.has(name) && !READ_FIELDS.has(name))
  if (unknown !== undefined) return `a user record has no field ${JSON.stringify(unknown)}`
  const { partitionKey, explicitHashKey, text, data, tags } = fields
  if (isThere(text) === isThere(data)) return 'a user record must have either text, or data in base64'
  if (typeof (text ?? data) !== 'string') return 'text and data must be text'
  try {
    const bytes = isThere(text) ? text : toBuffer(data)
    return { partitionKey, data: bytes, ...(isThere(explicitHashKey) && { explicitHashKey }), ...(isThere(tags) && { tags }) } as UserRecordInput
  } catch (error) {
    return `${(error as Error).message} (plain text goes into "text")`
  }
}

/** What is left out, many programs write as null. */
function isThere(value: unknown): boolean {
  return value !== undefined && value !== null
}
