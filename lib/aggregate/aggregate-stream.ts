import { Transform, type TransformCallback } from 'node:stream'
import { check } from '../errors.js'
import type { UserRecordInput } from '../format/draft.js'
import { abortOn, transformOptions } from '../stream-options.js'
import { type Callback, asError, destroyedError, isDead } from '../stream-state.js'
import { EntryPump } from './entry-pump.js'
import type { PutRecordsEntry } from './entry.js'
import { keepCompiled } from './keep-compiled.js'
import { type AggregateStreamOptions, onRejectedOf, recordMaxBufferedTimeOf, writingOptions } from './options.js'
import { Packer } from './packer.js'
import { readUnheard } from './read-unheard.js'

/** Written by `flush`, so that it stands behind every write made before it. */
const FLUSH = Symbol('flush')

// Types alone: the first for `for await`, the second for `pipeline`, which takes any, the last for what infers from it.
export interface AggregateStream<R extends UserRecordInput = UserRecordInput> {
  [Symbol.asyncIterator](): NodeJS.AsyncIterator<PutRecordsEntry<R>>
  [Symbol.asyncIterator](): NodeJS.AsyncIterator<any>
  [Symbol.asyncIterator](): NodeJS.AsyncIterator<PutRecordsEntry<R>>
}

/**
 * `aggregate` for `stream.pipeline`: a chunk is a user record, what is read are
 * entries for PutRecords. What a write's callback has confirmed is in an entry
 * read from the stream or in `takePending()`.
 */
export class AggregateStream<R extends UserRecordInput = UserRecordInput> extends Transform {
  readonly #packer: Packer<R>
  readonly #pump: EntryPump<R>
  /** Flushes that came after the end. */
  readonly #untilEnd: Callback[] = []
  /** Whether the stream has ended, and all entries can be read or were. */
  #allLeft = false
  /** Whether it is a user record's write that waits, and not a flush. */
  #accepted = false
  /**
   * A source that is piped in gives many at once. What is complete then waits for it to pause, or for
   * enough of it: 1,100-byte records are written in 1.8 µs, not in 3.1.
   */
  #isPipedTo = false
  /** Whether `takePending` reads: only then may a dead stream be read. */
  #isTaking = false

  /** @throws KplError `ERR_KPL_INVALID_ARGUMENT`, `ERR_KPL_INVALID_SHARDS` */
  constructor(options: AggregateStreamOptions<R> = {}) {
    const packer = new Packer<R>(writingOptions(options), onRejectedOf(options), () => performance.now())
    const maxBufferedTime = recordMaxBufferedTimeOf(options)
    super(transformOptions(options))
    this.#packer = packer
    this.#pump = new EntryPump(this, packer, maxBufferedTime)
    this.once('pipe', () => {
      this.#isPipedTo = true
    })
    abortOn(options.signal, this)
    keepCompiled()
  }

  /** User records that were written and are in no entry yet. */
  get pendingRecords(): number {
    return this.#packer.pendingRecords
  }

  /** Encoded bytes of these user records, and 512 for each aggregate. */
  get pendingBytes(): number {
    return this.#packer.pendingBytes
  }

  /**
   * Lets all that was written before it leave, without ending the stream.
   *
   * @param callback told when all of it can be read, or why it cannot.
   * @throws KplError `ERR_KPL_INVALID_ARGUMENT`
   */
  flush(callback: Callback = () => {}): void {
    check(typeof callback === 'function', 'callback must be a function', callback)
    if (this.#allLeft && (this.readableEnded || !this.destroyed)) process.nextTick(callback)
    // What has ended takes no more writes, and what is destroyed tells its own error.
    else if (this.writableEnded && !this.destroyed) this.#untilEnd.push(callback)
    else this.write(FLUSH, callback)
  }

  /**
   * Takes out all that was accepted and has not left: entries still unread in the
   * stream, then what is pending. Works after `destroy` too.
   */
  takePending(): PutRecordsEntry<R>[] {
    this.#packer.end()
    // First: where this throws all is where it was, and leaves before what comes later.
    this.#packer.finish()
    this.#isTaking = true
    const entries = readUnheard<PutRecordsEntry<R>>(this)
    this.#isTaking = false
    const stranded = this.#pump.takeStranded()
    // With what reading has let in since; where this throws it is pending still, and the next call throws why.
    let pending: PutRecordsEntry<R>[] = []
    this.#packer.end()
    try {
      pending = this.#packer.takeAll()
    } catch {}
    this.#pump.run()
    return [...entries, ...stranded, ...pending]
  }

  /** After a failure entries wait for `takePending` alone: Node would go on reading for a reader that is told of none. */
  override read(size?: number): any {
    return isDead(this) && !this.#isTaking ? null : super.read(size)
  }

  /** In place of `_transform`: Transform holds a write back while the readable side is full, though its record is well kept here. */
  override _write(record: R | typeof FLUSH, _encoding: BufferEncoding, done: Callback): void {
    this.#accepted = record !== FLUSH
    try {
      if (record === FLUSH) this.#packer.end()
      else this.#packer.put(record)?.()
    } catch (error) {
      return done(asError(error))
    }
    if (this.#pump.isIdle || (this.#accepted && this.#isPipedTo && this.#pump.gather())) done()
    else this.#pump.runUntilDone(done)
  }

  override _flush(done: TransformCallback): void {
    this.#accepted = false
    this.#packer.end()
    this.#pump.runUntilDone((error) => {
      this.#allLeft = error === undefined
      done(error)
      this.#tellAtEnd(error)
    })
  }

  override _read(): void {
    this.#pump.ask()
  }

  override _destroy(error: Error | null, callback: Callback): void {
    const done = this.#pump.stop()
    callback(error)
    const reason = error ?? destroyedError()
    // What was being written is in takePending(), so its write has not failed; a flush has.
    const failure = this.#accepted ? undefined : reason
    // After 'close': until then it would be an error of the stream, and what it throws would go unheard.
    if (done !== undefined) process.nextTick(done, failure)
    this.#tellAtEnd(reason)
  }

  #tellAtEnd(error?: Error | null): void {
    for (const callback of this.#untilEnd.splice(0)) process.nextTick(callback, error)
  }
}
