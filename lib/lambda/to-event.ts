import { deaggregate } from '../deaggregate/deaggregate.js'
import type { LambdaRecord } from '../deaggregate/input.js'
import type { DeaggregateOptions } from '../deaggregate/options.js'
import type { UserRecord } from '../deaggregate/user-record.js'
import { type KinesisEvent, recordsOf } from './event.js'

/**
 * The same event with a record for each user record, for handlers and tools that know nothing of aggregates.
 *
 * A user record out of an aggregate has the shape of its Kinesis record: its own partition key, its payload as
 * base64, the Kinesis record's sequence number, its sub-sequence number behind the `eventID` (`…:3`; before one that
 * names no shard also a colon), which makes this unique, and in `kinesis` also `subSequenceNumber` and, if it has
 * them, `explicitHashKey` and `tags`. So it can be read again by `deaggregate` and `processBatch`. What is no aggregate is the very same object.
 *
 * What fails is named to Lambda by its sequence number: the whole aggregate comes again, and all after it. Where
 * records may be handled at a time, or on after a failure, do so only if that does no harm.
 *
 * @param options as `deaggregate` has them.
 * @throws KplError as `deaggregate`, at once; `ERR_KPL_INVALID_INPUT` of an event without records of Kinesis.
 */
export function toEvent<S extends LambdaRecord, E extends KinesisEvent<S>>(
  event: E & KinesisEvent<S>,
  options?: DeaggregateOptions<E['Records'][number]>,
): E {
  return { ...event, Records: Array.from(deaggregate<S>(recordsOf<S>(event), options as DeaggregateOptions<S>), lambdaRecord) }
}

function lambdaRecord<S extends LambdaRecord>(record: UserRecord<S>): S {
  const { source, aggregated, sequenceNumber, subSequenceNumber, partitionKey, explicitHashKey, tags } = record
  if (!aggregated) return source
  return {
    ...source,
    eventID: eventIdOf(String(source.eventID ?? sequenceNumber), subSequenceNumber),
    kinesis: {
      ...source.kinesis,
      partitionKey,
      subSequenceNumber,
      ...(explicitHashKey !== undefined && { explicitHashKey }),
      ...(tags !== undefined && { tags }),
      data: record.data.toString('base64'),
    },
  }
}

/** What stands before its first colon is the shard: where there is no colon yet, no shard is named. */
function eventIdOf(eventID: string, subSequenceNumber: number): string {
  return `${eventID.includes(':') ? '' : ':'}${eventID}:${subSequenceNumber}`
}
