import { KplError } from '../errors.js'
import type { Tag } from '../format/tags.js'
import type { Checkpoint } from '../routing/checkpoint.js'
import type { KinesisInput } from './input.js'
import type { KinesisRecord } from './kinesis-record.js'

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
  /** Whether it came out of an aggregate. */
  readonly aggregated: boolean
  /** Whether it is the last of its Kinesis record. */
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

/** What the user records of one Kinesis record share. */
export interface Parcel<S> {
  readonly record: KinesisRecord<S>
  readonly bytes: Buffer
  /** `bytes.buffer` and `bytes.byteOffset`, which are slow to ask for. */
  readonly memory: ArrayBufferLike
  readonly offset: number
  readonly aggregated: boolean
  /** The sub-sequence number of the last user record; -1 where that is not known. */
  readonly last: number
}

export function parcelOf<S>(record: KinesisRecord<S>, bytes: Buffer, aggregated: boolean, last: number): Parcel<S> {
  return { record, bytes, memory: bytes.buffer, offset: bytes.byteOffset, aggregated, last }
}

/**
 * The class that `subarray` of a Buffer makes its views with. Used directly a view
 * takes 25 ns instead of 65 (10-byte records are read a third faster).
 */
const BufferView = (Buffer as unknown as Record<symbol, unknown>)[Symbol.species] as new (
  memory: ArrayBufferLike,
  offset: number,
  length: number,
) => Buffer

/**
 * Accessors on the prototype and one small object a record: making the view of
 * the payload only when it is touched is what reading fast hangs on.
 */
export class ReadUserRecord<S> implements UserRecord<S> {
  readonly #parcel: Parcel<S>
  readonly #subSequenceNumber: number
  readonly #partitionKey: string
  readonly #explicitHashKey: string | undefined
  readonly #tags: readonly Tag[] | undefined
  readonly #start: number
  readonly #end: number
  #data: Buffer | undefined

  constructor(
    parcel: Parcel<S>,
    subSequenceNumber: number,
    partitionKey: string,
    explicitHashKey: string | undefined,
    tags: readonly Tag[] | undefined,
    start: number,
    end: number,
  ) {
    this.#parcel = parcel
    this.#subSequenceNumber = subSequenceNumber
    this.#partitionKey = partitionKey
    this.#explicitHashKey = explicitHashKey
    this.#tags = tags
    this.#start = start
    this.#end = end
  }

  get partitionKey(): string {
    return this.#partitionKey
  }

  get explicitHashKey(): string | undefined {
    return this.#explicitHashKey
  }

  get sequenceNumber(): string {
    return this.#parcel.record.sequenceNumber
  }

  get subSequenceNumber(): number {
    return this.#subSequenceNumber
  }

  get aggregated(): boolean {
    return this.#parcel.aggregated
  }

  get last(): boolean {
    return this.#subSequenceNumber === this.#parcel.last
  }

  get approximateArrivalTimestamp(): Date | undefined {
    return this.#parcel.record.approximateArrivalTimestamp
  }

  get tags(): readonly Tag[] | undefined {
    return this.#tags
  }

  get data(): Buffer {
    if (this.#data === undefined) {
      const { memory, offset } = this.#parcel
      this.#data = new BufferView(memory, offset + this.#start, this.#end - this.#start)
    }
    return this.#data
  }

  get source(): S {
    return this.#parcel.record.source
  }

  text(): string {
    return this.#parcel.bytes.toString('utf8', this.#start, this.#end)
  }

  json<T = unknown>(): T {
    try {
      return JSON.parse(this.text()) as T
    } catch (cause) {
      const { sequenceNumber, subSequenceNumber } = this
      const where = `user record ${subSequenceNumber} of Kinesis record ${sequenceNumber || '(no sequence number)'}`
      const message = `${where} is not JSON: ${(cause as Error).message}`
      throw new KplError('ERR_KPL_INVALID_JSON', message, { sequenceNumber, subSequenceNumber, cause })
    }
  }

  toJSON(): UserRecordJSON {
    const { data, approximateArrivalTimestamp: arrival, explicitHashKey, tags } = this
    const time = arrival?.toJSON() ?? undefined
    return {
      partitionKey: this.#partitionKey,
      ...(explicitHashKey !== undefined && { explicitHashKey }),
      sequenceNumber: this.sequenceNumber,
      subSequenceNumber: this.#subSequenceNumber,
      aggregated: this.aggregated,
      last: this.last,
      ...(time !== undefined && { approximateArrivalTimestamp: time }),
      ...(tags !== undefined && { tags: tags.map(({ key, value }) => (value === undefined ? { key } : { key, value })) }),
      data: data.toString('base64'),
    }
  }

  /** What `console.log` shows: the accessors' values, without the source. */
  [Symbol.for('nodejs.util.inspect.custom')](_depth: number, options: object, inspect: (value: unknown, options: object) => string): string {
    const { partitionKey, explicitHashKey, sequenceNumber, subSequenceNumber, aggregated, last, data, tags } = this
    const { approximateArrivalTimestamp } = this
    const shown = { partitionKey, explicitHashKey, sequenceNumber, subSequenceNumber, aggregated, last, approximateArrivalTimestamp, tags, data }
    return `UserRecord ${inspect(shown, options)}`
  }
}
