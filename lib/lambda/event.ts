import { checkInput, withoutText } from '../errors.js'
import type { LambdaRecord } from '../deaggregate/input.js'

// What Lambda gives, as far as it is read here. Structural: no types of Lambda are imported.

/** A Lambda event of Kinesis records, of a stream or of an enhanced fan-out consumer. */
export interface KinesisEvent<S extends LambdaRecord = LambdaRecord> {
  readonly Records: readonly S[]
}

/** The event of a tumbling window. The last one of a window may have no records. */
export interface WindowEvent<S extends LambdaRecord = LambdaRecord> extends KinesisEvent<S> {
  readonly window: { readonly start: string; readonly end: string }
  /** What the last reply returned; `{}`, or none, at the beginning of a window. */
  readonly state?: unknown
}

/** The state of a tumbling window: an object that is kept as JSON, and not a promise of one. */
export type WindowState = object & { readonly then?: never }

/**
 * The Kinesis records of an event. An event has one source: all of its records come from Kinesis, or none.
 *
 * @throws KplError `ERR_KPL_INVALID_INPUT`
 */
export function recordsOf<S extends LambdaRecord>(event: KinesisEvent<S>): readonly S[] {
  const { Records } = Object(event) as KinesisEvent<S>
  checkInput(Array.isArray(Records), 'event must be as Lambda gives it, with Records', withoutText(event), event)
  for (const record of Records as unknown[]) {
    const { kinesis, eventSource } = Object(record) as Record<string, unknown>
    checkInput(kinesis !== undefined, 'Records must be of Kinesis', eventSource, event)
  }
  // A handler may change the event's list.
  return [...Records]
}
