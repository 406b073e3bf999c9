import { Transform, type TransformCallback, finished } from 'node:stream'
import { check } from '../errors.js'
import type { UserRecordInput } from '../format/draft.js'
import { checkCallback } from '../options.js'
import { type StreamOptions, asError, transformOptions } from '../stream-options.js'
import { takeAll } from './aggregator.js'
import type { PutRecordsEntry } from './entry.js'
import { type AggregateOptions, writingOptions } from './options.js'
import { Packer } from './packer.js'

/** How to write a stream. */
export interface AggregateStreamOptions<R extends UserRecordInput = UserRecordInput> extends AggregateOptions<R>, StreamOptions {
  /**
   * An aggregate leaves no later than this many milliseconds after its first user record.
   * Default 100; 0: once the writes already queued are taken; `Infinity`: only when it is
   * full, on `flush()` or at the end.
   */
  recordMaxBufferedTime?: number | undefined
}

/** What setTimeout can wait. */
const LONGEST_TIMEOUT = 2_147_483_647

/** Written by `flush`, so that it stands behind every write made before it. */
const FLUSH = Symbol('flush')

/**
 * `aggregate` for `stream.pipeline`: a chunk is a user record, what is read are
 * entries for PutRecords. What a write's callback has confirmed is in an entry
 * read from the stream or in `takePending()`.
 */
export class AggregateStream<R extends UserRecordInput = UserRecordInput> extends Transform {
  readonly #packer: Packer<R>
  readonly #maxBufferedTime: number
  /** Whom to tell when all complete entries have left. */
  #done: TransformCallback | undefined
  #cancelTimer: (() => void) | undefined
  /** Aggregates opened by then are due, and leave once there is room. */
  #dueUntil = -Infinity

  /** @throws KplError `ERR_KPL_INVALID_ARGUMENT`, `ERR_KPL_INVALID_SHARDS` */
  constructor(options: AggregateStreamOptions<R> = {}) {
    const resolved = writingOptions(options)
    const { onRejected, recordMaxBufferedTime = 100 } = options
    checkCallback('onRejected', onRejected)
    check(
      recordMaxBufferedTime === Infinity || (recordMaxBufferedTime >= 0 && recordMaxBufferedTime <= LONGEST_TIMEOUT),
      `recordMaxBufferedTime must be 0 to ${LONGEST_TIMEOUT} or Infinity`,
      recordMaxBufferedTime,
    )
    super(transformOptions(options))
    this.#packer = new Packer<R>(resolved, onRejected, () => performance.now())
    this.#maxBufferedTime = recordMaxBufferedTime
  }

  /** User records that were written and are in no entry yet. */
  get pendingRecords(): number {
    return this.#packer.pendingRecords
  }

  /** Encoded bytes of them, and 512 for each aggregate. */
  get pendingBytes(): number {
    return this.#packer.pendingBytes
  }

  /**
   * Lets all that was written before it leave, without ending the stream.
   *
   * @param callback told when all of it can be read, or why it cannot.
   */
  flush(callback?: (error?: Error | null) => void): void {
    if (this.writableEnded && !this.destroyed) finished(this, { readable: false }, (error) => callback?.(error))
    else this.write(FLUSH, (error) => callback?.(error))
  }

  /**
   * Takes out all that was accepted and has not left: entries still unread in the
   * stream, then what is pending. Works after `destroy` too.
   */
  takePending(): PutRecordsEntry<R>[] {
    // Reading tells 'data' listeners, a piped destination among them, who would have the entries twice.
    const listeners = this.rawListeners('data') as ((entry: PutRecordsEntry<R>) => void)[]
    this.removeAllListeners('data')
    const entries: PutRecordsEntry<R>[] = []
    for (let entry = this.read() as PutRecordsEntry<R> | null; entry !== null; entry = this.read()) entries.push(entry)
    for (const listener of listeners) this.on('data', listener)
    this.#packer.end()
    entries.push(...takeAll(this.#packer))
    this.#pump()
    return entries
  }

  override _transform(record: R | typeof FLUSH, _encoding: BufferEncoding, done: TransformCallback): void {
    try {
      if (record === FLUSH) this.#packer.end()
      else this.#packer.put(record)
    } catch (error) {
      return done(asError(error))
    }
    this.#done = done
    this.#pump()
  }

  override _flush(done: TransformCallback): void {
    this.#packer.end()
    this.#done = done
    this.#pump()
  }

  override _read(size: number): void {
    // Node asks before it takes the entry that it is about to give out, so one more is wanted however full it looks.
    this.#pump(true)
    super._read(size)
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#cancelTimer?.()
    this.#cancelTimer = undefined
    callback(error)
  }

  // The first for `for await`, the second for `pipeline`, which takes any, the last for what infers from it.
  override [Symbol.asyncIterator](): NodeJS.AsyncIterator<PutRecordsEntry<R>>
  override [Symbol.asyncIterator](): NodeJS.AsyncIterator<any>
  override [Symbol.asyncIterator](): NodeJS.AsyncIterator<PutRecordsEntry<R>>
  override [Symbol.asyncIterator](): NodeJS.AsyncIterator<PutRecordsEntry<R>> {
    return super[Symbol.asyncIterator]()
  }

  /** Gives out what is complete or due as long as there is room; what stays open may grow meanwhile. */
  #pump(wanted = this.readableLength < Math.max(1, this.readableHighWaterMark)): void {
    for (let room = wanted && !this.destroyed; ; ) {
      if (room) this.#packer.closeOpenedUntil(this.#dueUntil)
      if (!this.#packer.isComplete) {
        if (room || this.#packer.openedAt === undefined) this.#schedule()
        const done = this.#done
        this.#done = undefined
        return done?.()
      }
      if (!room) return
      room = this.push(this.#packer.take()) && !this.destroyed
    }
  }

  /** Keeps one timer, for the oldest open aggregate; none where nothing waits. */
  #schedule(): void {
    const openedAt = this.#packer.openedAt
    if (openedAt === undefined) {
      this.#cancelTimer?.()
      this.#cancelTimer = undefined
    } else if (this.#cancelTimer === undefined && this.#maxBufferedTime !== Infinity) {
      this.#cancelTimer = startTimer(openedAt + this.#maxBufferedTime, () => {
        this.#cancelTimer = undefined
        // The timer is believed, whatever the clock says: the two need not agree to the millisecond.
        this.#dueUntil = Math.max(openedAt, performance.now() - this.#maxBufferedTime)
        this.#pump()
      })
    }
  }
}

/** Calls back at a time; at once means after what the event loop has in hand. Returns how to cancel it. */
function startTimer(time: number, callback: () => void): () => void {
  const delay = time - performance.now()
  if (delay <= 0) {
    const immediate = setImmediate(callback)
    return () => clearImmediate(immediate)
  }
  const timeout = setTimeout(callback, Math.ceil(delay))
  return () => clearTimeout(timeout)
}
