import { KplError } from '../errors.js'
import { type Draft, type UserRecordInput, aggregateSize } from '../format/draft.js'
import { beginsWithMagic } from '../format/is-aggregated.js'
import type { Key } from '../format/key-table.js'
import { KPL_OUTER_KEY } from '../limits.js'
import { type PutRecordsEntry, newEntry } from './entry.js'
import type { OpenAggregate } from './open-aggregate.js'
import type { WritingOptions } from './options.js'

// In what form user records leave: raw or as an aggregate, and under which keys.

/** Bytes that an aggregate may have, with the outer partition key that its first user record gives it. */
export function sizeLimit(first: Key, options: WritingOptions): number {
  return Math.min(options.aggregationMaxSize, options.maxRecordSize - outerKeyLength(first, options))
}

/** Whether raw it would lose its tags, or be taken for an aggregate (text cannot: the magic is no UTF-8). */
export function mustWrap({ data, tags }: Draft, { loneRecord }: WritingOptions): boolean {
  return loneRecord === 'wrap' || tags !== undefined || (typeof data !== 'string' && beginsWithMagic(data))
}

/**
 * Whether a user record is too large for an aggregate with others.
 *
 * @throws KplError where it does not even fit alone, in the form that it must take.
 */
export function leavesAlone(draft: Draft, options: WritingOptions): boolean {
  const { aggregationEnabled, maxRecordSize } = options
  const size = aggregateSize(draft)
  if (aggregationEnabled && size <= sizeLimit(draft.key, options)) return false
  if (!aggregationEnabled && draft.tags !== undefined) {
    throw new KplError('ERR_KPL_INVALID_INPUT', 'aggregation is off, and a raw record cannot carry tags')
  }
  const wrap = aggregationEnabled && mustWrap(draft, options)
  const alone = wrap ? size + outerKeyLength(draft.key, options) : draft.length + draft.key.length
  if (alone <= maxRecordSize) return true
  const message = `the user record takes ${alone} bytes ${wrap ? 'as an aggregate' : 'with its key'}, a Kinesis record ${maxRecordSize}`
  throw new KplError('ERR_KPL_RECORD_TOO_LARGE', message, { size: alone, limit: maxRecordSize })
}

/** What leaves of an aggregate; the digest is still to be made. */
export function entryOf<R extends UserRecordInput>(
  aggregate: OpenAggregate<R>,
  { aggregationEnabled, outerKey }: WritingOptions,
): PutRecordsEntry<R> {
  const { partitionKey, explicitHashKey, userRecords, wrap, map, routedBy } = aggregate
  const aggregated = aggregationEnabled && (wrap || userRecords.length > 1)
  const asKpl = aggregationEnabled && outerKey === 'kpl'
  const data = aggregated ? aggregate.assemble() : aggregate.lastData()
  return newEntry(
    data,
    aggregated && asKpl ? KPL_OUTER_KEY : partitionKey.text,
    asKpl ? String(routedBy.hashKey) : explicitHashKey?.text,
    userRecords,
    aggregated,
    map?.shardFor(routedBy.hashKey).ShardId,
  )
}

function outerKeyLength(first: Key, { outerKey }: WritingOptions): number {
  return outerKey === 'kpl' ? KPL_OUTER_KEY.length : first.length
}
