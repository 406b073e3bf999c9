import type { Tag } from '../format/tags.js'
import type { Checkpoint } from '../routing/checkpoint.js'
import type { KinesisInput } from './input.js'

/** A user record as it was read; the names are the KCL's. Immutable. */
export interface UserRecord<S = KinesisInput> extends Required<Checkpoint> {
  /** The Kinesis record's sequence number; `''` where the input has none. */
  readonly sequenceNumber: string
  /** The position in the aggregate, from 0; 0 for a plain record. */
  readonly subSequenceNumber: number
  /**
   * The payload. Without the option `copy` it is a view of the Kinesis record's
   * bytes, made when it is first touched: it keeps all of them alive.
   */
  readonly data: Buffer
  /** The user's partition key; `''` where the input has none. */
  readonly partitionKey: string
  /** The user's explicit hash key as it was written, unchecked; `undefined` where there is none. */
  readonly explicitHashKey: string | undefined
  /** Whether it came out of an aggregate here; `false` of one that somebody else has taken out before. */
  readonly aggregated: boolean
  /** Whether it is the last of its Kinesis record; `false` of one that somebody else has taken out of its aggregate, for nobody knows. */
  readonly last: boolean
  readonly approximateArrivalTimestamp: Date | undefined
  readonly tags: readonly Tag[] | undefined
  /** The input that it came from; neither in `toJSON()` nor in `console.log`. */
  readonly source: S
  /** The payload as UTF-8 text, without making `data`. A byte order mark stays. */
  text(): string
  /**
   * The payload parsed as JSON, without making `data`.
   *
   * @throws KplError `ERR_KPL_INVALID_JSON`
   */
  json<T = unknown>(): T
  /** All but `source`, the payload as base64. */
  toJSON(): UserRecordJSON
}

/** A user record in JSON: what is absent has no member. */
export interface UserRecordJSON {
  partitionKey: string
  explicitHashKey?: string
  sequenceNumber: string
  subSequenceNumber: number
  aggregated: boolean
  last: boolean
  approximateArrivalTimestamp?: string
  tags?: { key: string; value?: string }[]
  /** base64 */
  data: string
}
