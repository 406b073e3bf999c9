import { extended } from '../errors.js'
import { Reader, malformed } from '../wire/reader.js'
import {
  MAGIC_LENGTH,
  TAG_DATA,
  TAG_EXPLICIT_HASH_KEY,
  TAG_EXPLICIT_HASH_KEY_INDEX,
  TAG_PARTITION_KEY,
  TAG_PARTITION_KEY_INDEX,
  TAG_RECORD,
  TAG_TAGS,
} from './constants.js'
import { messageEnd } from './frame.js'
import type { MessageIndex } from './message-index.js'
import { INDEX_OUTSIDE } from './row.js'
import { Rows } from './rows.js'
import { readTag } from './tags.js'

/**
 * Reads the AggregatedRecord message of a framed record. The whole message is checked,
 * and no object is made for a user record.
 *
 * @throws KplError `ERR_KPL_MALFORMED`, with offset and user record.
 */
export function readMessage(bytes: Buffer): MessageIndex {
  const end = messageEnd(bytes)
  const reader = new Reader(bytes, MAGIC_LENGTH, end)
  const rows = new Rows()
  const partitionKeys: string[] = []
  const explicitHashKeys: string[] = []
  while (reader.pos < end) {
    const { pos } = reader
    if (bytes[pos] === TAG_RECORD) {
      reader.pos = rows.readCanonical(bytes, pos, end)
      if (reader.pos > pos) continue
    }
    const tag = reader.tag()
    if (tag === TAG_RECORD) readAnyRecord(rows, reader)
    else if (tag === TAG_PARTITION_KEY) partitionKeys.push(reader.text())
    else if (tag === TAG_EXPLICIT_HASH_KEY) explicitHashKeys.push(reader.text())
    else reader.skip(tag)
  }
  // Tables may stand behind the records, so keys are looked up last.
  return rows.index(partitionKeys, explicitHashKeys)
}

/** A record with its fields in any order and number: the last of a repeated field counts. */
function readAnyRecord(rows: Rows, reader: Reader): void {
  const n = rows.count
  const at = reader.pos
  const outer = reader.end
  let key = -1
  let explicit = -1
  let start = -1
  let end = -1
  let hasTags = false
  try {
    reader.end = reader.delimited()
    while (reader.pos < reader.end) {
      const tag = reader.tag()
      if (tag === TAG_PARTITION_KEY_INDEX) key = Math.min(reader.varint(), INDEX_OUTSIDE)
      else if (tag === TAG_EXPLICIT_HASH_KEY_INDEX) explicit = Math.min(reader.varint(), INDEX_OUTSIDE)
      else if (tag === TAG_DATA) {
        end = reader.delimited()
        start = reader.pos
        reader.pos = end
      } else if (tag === TAG_TAGS) {
        readTag(reader)
        hasTags = true
      } else reader.skip(tag, 1)
    }
    if (key < 0) malformed('no partition key index', at)
    if (start < 0) malformed('no data', at)
  } catch (error) {
    throw extended(error, { subSequenceNumber: n }, (message) => `user record ${n}: ${message}`)
  }
  reader.end = outer
  rows.add([key, explicit, start, end, hasTags ? -at : at], outer)
}
