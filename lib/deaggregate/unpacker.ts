import { copyOf, toBuffer } from '../bytes.js'
import { KplError, check, checkInput, excerpt, extended } from '../errors.js'
import { digestMismatchError, isDigestTrue } from '../format/frame.js'
import { isFramed } from '../format/is-aggregated.js'
import type { MessageIndex } from '../format/message-index.js'
import { readMessage } from '../format/message-reader.js'
import { compareSequenceNumbers, isSequenceNumber } from '../routing/checkpoint.js'
import type { Inputs, Stage } from '../stage.js'
import { isInRange } from './in-range.js'
import { type KinesisRecord, named } from './kinesis-record.js'
import { Lookahead } from './lookahead.js'
import type { ReadingOptions } from './options.js'
import { ReadUserRecord } from './read-user-record.js'

/**
 * One pass over the records of a stream: takes a Kinesis record, decides what it
 * is, and gives out its user records one by one. An aggregate is checked to its
 * last byte before its first user record is given.
 */
export class Unpacker<S> implements Stage<S, ReadUserRecord<S>> {
  readonly #options: ReadingOptions<S>
  readonly #lookahead = new Lookahead<S>((record) => this.#firstOf(record) === Infinity)
  #shardId: unknown
  // The Kinesis record at hand, and which of its user records are still to be given.
  #record!: KinesisRecord<S>
  #bytes!: Buffer
  #next = 0
  #count = 0
  #hidden = false

  constructor(options: ReadingOptions<S>) {
    this.#options = options
  }

  get hasOutput(): boolean {
    return this.#next < this.#count
  }

  put(source: S, inputs: Inputs<S>): (() => void) | undefined {
    const { onRejected, onHidden } = this.#options
    this.#next = this.#count = 0
    this.#hidden = false
    try {
      this.#open(source, inputs)
    } catch (error) {
      if (onRejected === undefined || !(error instanceof KplError)) throw error
      return () => onRejected(error, source)
    }
    if (!this.#hidden || onHidden === undefined) return undefined
    const hidden = Array.from({ length: this.#record.index!.count }, (_, n) => this.#userRecord(n))
    return () => onHidden(hidden)
  }

  take(): ReadUserRecord<S> | undefined {
    return this.#next < this.#count ? this.#userRecord(this.#next++) : undefined
  }

  end(): void {}

  #open(source: S, inputs: Inputs<S>): void {
    const record = (this.#record = this.#lookahead.take(source, inputs))
    const { sequenceNumber } = record
    try {
      this.#unpack(record)
    } catch (error) {
      const details = { ...(sequenceNumber && { sequenceNumber }), input: source }
      throw extended(error, details, (message) => `${message}, in ${named(sequenceNumber)}`)
    }
  }

  #unpack(record: KinesisRecord<S>): void {
    const { after, hashKeyRange, copy } = this.#options
    if (after !== undefined || hashKeyRange !== undefined) this.#checkShard(record.shardId)
    const first = this.#firstOf(record)
    // What lies wholly behind the checkpoint is not opened: nothing in it can fail.
    if (first === Infinity) return
    const bytes = (this.#bytes = toBuffer(record.bytes ?? record.data))
    // Copies must not keep the whole record alive.
    if (copy) record.bytes = undefined
    else record.keep(bytes)
    const own = record.subSequenceNumber
    if (own === undefined && isFramed(bytes)) record.index = this.#indexOf(bytes, record.isDigestTrue ?? isDigestTrue(bytes))
    const count = record.index?.count ?? (own ?? 0) + 1
    // Whether a record that was deaggregated already is the last one is not known.
    record.last = own === undefined ? count - 1 : -1
    this.#next = Math.max(own ?? 0, first)
    this.#count = this.#hidden ? 0 : count
  }

  /** The first sub-sequence number behind the checkpoint; `Infinity` where the whole Kinesis record is before it. */
  #firstOf({ sequenceNumber }: KinesisRecord<S>): number {
    const { after } = this.#options
    if (after === undefined) return 0
    checkInput(isSequenceNumber(sequenceNumber), 'sequence number must be a decimal number under after', sequenceNumber)
    const order = compareSequenceNumbers(sequenceNumber, after.sequenceNumber)
    if (order > 0) return 0
    return order < 0 ? Infinity : (after.subSequenceNumber ?? Infinity) + 1
  }

  /** Decides what bytes with the magic are: the one place where strictness counts. `undefined` of what is no aggregate. */
  #indexOf(bytes: Buffer, isTrue: boolean): MessageIndex | undefined {
    const { digestMismatch, malformed, hashKeyRange } = this.#options
    if (!isTrue) {
      if (digestMismatch === 'error') throw digestMismatchError(bytes)
      return undefined
    }
    try {
      const index = readMessage(bytes)
      this.#hidden = hashKeyRange !== undefined && !isInRange(index, hashKeyRange)
      return index
    } catch (error) {
      if (malformed === 'error') throw error
      return undefined
    }
  }

  /** Hash key ranges and checkpoints are a shard's: with records of two shards they would hide or skip what they must not. */
  #checkShard(shardId: unknown): void {
    const known = (this.#shardId ??= shardId)
    check((shardId ?? known) === known, `hashKeyRange and after need records of one shard, ${excerpt(known)}`, shardId, 'ERR_KPL_MIXED_SHARDS')
  }

  #userRecord(n: number): ReadUserRecord<S> {
    const record = this.#record
    const bytes = this.#bytes
    const { index } = record
    const data = this.#options.copy ? copyOf(bytes.subarray(index?.start(n), index?.end(n))) : undefined
    return new ReadUserRecord(record, n, index?.tags(n, bytes), data)
  }
}
