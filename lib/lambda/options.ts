import type { LambdaRecord } from '../deaggregate/input.js'
import type { DeaggregateOptions } from '../deaggregate/options.js'
import type { UserRecord } from '../deaggregate/user-record.js'
import { check } from '../errors.js'
import { callback, limit, resolved, rule } from '../options.js'

/** How to process a batch: how to read it, and these. */
export interface ProcessBatchOptions<S extends LambdaRecord = LambdaRecord> extends Omit<DeaggregateOptions<S>, 'onRejected' | 'after'> {
  /** What Lambda gives the function beside the event. With it, no user record is begun, nor `onHidden` told, when too little time is left. */
  context?: { getRemainingTimeInMillis(): number } | undefined
  /**
   * With less time left than this, in milliseconds, no user record is begun: what a call of
   * the handler takes at the most, and a little for the reply. Default 1,000: a third of the
   * timeout that a function has unless it sets another.
   */
  minRemainingTime?: number | undefined
  /**
   * How many user records may be under way at a time, each of another partition key: those of
   * one key stay in order. Default 1, which keeps all in order; it must be 1 in a tumbling window.
   */
  concurrency?: number | undefined
  /**
   * Told of each failure as it comes, with the Kinesis record that is to come again and the user record,
   * unless the Kinesis record could not be read or is hidden. What it returns is awaited. By default it is `console.error`.
   */
  onError?: ((error: unknown, source: S, record: UserRecord<S> | undefined) => unknown) | undefined
}

type OnError = NonNullable<ProcessBatchOptions<any>['onError']>

/**
 * The options that are not for reading, checked, with their defaults.
 *
 * @throws KplError `ERR_KPL_INVALID_ARGUMENT`
 */
export function batchOptions<S extends LambdaRecord>(options: ProcessBatchOptions<S>) {
  const own = resolved(options, {
    context: rule<ProcessBatchOptions['context']>(
      undefined,
      "Lambda's context",
      (value) => value === undefined || typeof value?.getRemainingTimeInMillis === 'function',
    ),
    minRemainingTime: rule(1000, 'a number from 0 on', (value) => typeof value === 'number' && value >= 0),
    concurrency: limit(1),
    onError: rule<OnError>(log, 'a function', (value) => typeof value === 'function'),
    onHidden: callback<NonNullable<ProcessBatchOptions<S>['onHidden']>>(),
  })
  // Taken for options it would be without effect, and a batch cut off in the middle.
  check(!('getRemainingTimeInMillis' in options), 'the context must be in the options, as { context }', options)
  return own
}

/** A failure that nobody is told of would only show as records that come again and again. */
const log: OnError = (error, { eventID }, record) => console.error(error, { eventID, subSequenceNumber: record?.subSequenceNumber })
