import { copyOf, toBuffer } from '../bytes.js'
import { KplError, excerpt } from '../errors.js'
import { MAGIC_LENGTH } from '../format/constants.js'
import { digestMismatch, messageEnd } from '../format/frame.js'
import { isFramed } from '../format/is-aggregated.js'
import { MessageIndex } from '../format/message-index.js'
import { compareSequenceNumbers, isSequenceNumber } from '../routing/checkpoint.js'
import type { Stage } from '../stage.js'
import { type KinesisRecord, invalidInput, readKinesisRecord } from './kinesis-record.js'
import type { ReadingOptions } from './options.js'
import { RangeFilter } from './range-filter.js'
import { type Parcel, ReadUserRecord, parcelOf } from './user-record.js'

/**
 * One pass over the records of a stream: takes a Kinesis record, decides what it
 * is, and gives out its user records one by one. An aggregate is checked to its
 * last byte before its first user record is given.
 */
export class Unpacker<S> implements Stage<S, ReadUserRecord<S>> {
  readonly #options: ReadingOptions<S>
  readonly #filter: RangeFilter | undefined
  readonly #index = new MessageIndex()
  #shardId: string | undefined
  // The Kinesis record at hand, and which of its user records are still to be given.
  #parcel!: Parcel<S>
  #next = 0
  #count = 0
  #hidden = false

  constructor(options: ReadingOptions<S>) {
    this.#options = options
    this.#filter = options.range && new RangeFilter(options.range)
  }

  put(source: S): void {
    const { onRejected, onHidden } = this.#options
    this.#next = this.#count = 0
    this.#hidden = false
    try {
      this.#open(source)
    } catch (error) {
      if (onRejected === undefined || !(error instanceof KplError)) throw error
      onRejected(error, source)
    }
    if (this.#hidden) onHidden?.(Array.from({ length: this.#index.count }, (_, n) => this.#userRecord(n)))
  }

  get isComplete(): boolean {
    return this.#next < this.#count
  }

  take(): ReadUserRecord<S> | undefined {
    return this.#next < this.#count ? this.#userRecord(this.#next++) : undefined
  }

  end(): void {}

  #open(source: S): void {
    const record = readKinesisRecord(source)
    try {
      this.#unpack(record)
    } catch (error) {
      throw error instanceof KplError ? inRecord(error, record) : error
    }
  }

  #unpack(record: KinesisRecord<S>): void {
    const { after, range } = this.#options
    if (after !== undefined || range !== undefined) this.#checkShard(record)
    let first = 0
    if (after !== undefined) {
      const order = orderTo(after.sequenceNumber, record)
      // A Kinesis record that lies wholly behind the checkpoint is not opened: nothing in it can fail.
      if (order < 0 || (order === 0 && after.subSequenceNumber === undefined)) return
      if (order === 0) first = after.subSequenceNumber! + 1
    }
    const bytes = toBuffer(record.data)
    if (record.subSequenceNumber !== undefined) {
      this.#parcel = parcelOf(record, bytes, false, -1)
      this.#count = record.subSequenceNumber < first ? 0 : 1
      return
    }
    const aggregated = isFramed(bytes) && this.#isAggregate(bytes)
    const count = aggregated ? this.#index.count : 1
    this.#parcel = parcelOf(record, bytes, aggregated, count - 1)
    if (this.#hidden) return
    this.#next = first
    this.#count = count
  }

  /** Decides what bytes with the magic are: the one place where strictness counts. */
  #isAggregate(bytes: Buffer): boolean {
    const mismatch = digestMismatch(bytes)
    if (mismatch !== undefined) {
      if (this.#options.digestMismatch === 'error') throw mismatch
      return false
    }
    try {
      this.#index.read(bytes, MAGIC_LENGTH, messageEnd(bytes))
      this.#hidden = this.#filter !== undefined && !this.#filter.admits(this.#index)
      return true
    } catch (error) {
      if (this.#options.malformed === 'error') throw error
      return false
    }
  }

  /** Hash key ranges and checkpoints are a shard's: with records of two shards they would hide or skip what they must not. */
  #checkShard({ shardId, source }: KinesisRecord<S>): void {
    if (shardId === undefined) return
    this.#shardId ??= shardId
    if (shardId !== this.#shardId) {
      throw new KplError(
        'ERR_KPL_MIXED_SHARDS',
        `hashKeyRange and after are for one shard: a record of ${excerpt(shardId)} among those of ${excerpt(this.#shardId)}`,
        { input: source },
      )
    }
  }

  #userRecord(n: number): ReadUserRecord<S> {
    const parcel = this.#options.copy ? this.#copy(n) : this.#parcel
    const { record, bytes, aggregated } = parcel
    if (!aggregated) {
      return new ReadUserRecord(parcel, record.subSequenceNumber ?? 0, record.partitionKey, undefined, undefined, 0, bytes.length)
    }
    const index = this.#index
    const start = this.#options.copy ? 0 : index.start(n)
    const end = this.#options.copy ? bytes.length : index.end(n)
    return new ReadUserRecord(parcel, n, index.partitionKey(n), index.explicitHashKey(n), index.tags(n), start, end)
  }

  #copy(n: number): Parcel<S> {
    const { record, bytes, aggregated, last } = this.#parcel
    return parcelOf(record, copyOf(aggregated ? bytes.subarray(this.#index.start(n), this.#index.end(n)) : bytes), aggregated, last)
  }
}

function orderTo(sequenceNumber: string, record: KinesisRecord<unknown>): number {
  if (isSequenceNumber(record.sequenceNumber)) return compareSequenceNumbers(record.sequenceNumber, sequenceNumber)
  return invalidInput(`under after every record needs a sequence number, not ${excerpt(record.sequenceNumber)}`, record.source)
}

function inRecord(error: KplError, { sequenceNumber, source }: KinesisRecord<unknown>): KplError {
  if (sequenceNumber === '') return new KplError(error.code, error.message, { ...error, input: source })
  const message = `${error.message}, in Kinesis record ${sequenceNumber}`
  return new KplError(error.code, message, { ...error, sequenceNumber, input: source })
}
