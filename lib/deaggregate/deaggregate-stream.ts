import { Transform, type TransformCallback } from 'node:stream'
import { through } from '../stage.js'
import { type StreamOptions, abortOn, asError, transformOptions } from '../stream-options.js'
import { isRecords } from './kinesis-record.js'
import type { KinesisInput } from './input.js'
import { type DeaggregateOptions, readingOptions } from './options.js'
import { Unpacker } from './unpacker.js'
import type { UserRecord } from './user-record.js'

/** How to read a stream. */
export interface DeaggregateStreamOptions<S = KinesisInput> extends DeaggregateOptions<S>, StreamOptions {}

/**
 * `deaggregate` for `stream.pipeline`: a chunk is a Kinesis record or an iterable
 * of them, what is read are user records. At most `readableHighWaterMark` of them
 * wait; it pauses inside an aggregate. A record that fails lets everything before
 * it be read first, then the stream fails with its error.
 */
export class DeaggregateStream<S extends KinesisInput = KinesisInput> extends Transform {
  readonly #unpacker: Unpacker<S>
  /** What the chunk at hand gives, and whom to tell when it is done. */
  #userRecords: Iterator<UserRecord<S>> | undefined
  #done: TransformCallback | undefined
  /** What the stream fails with once all before it is read. */
  #failure: Error | undefined

  /** @throws KplError `ERR_KPL_INVALID_ARGUMENT` */
  constructor(options?: DeaggregateStreamOptions<S>) {
    const resolved = readingOptions(options)
    super(transformOptions(options))
    this.#unpacker = new Unpacker(resolved)
    abortOn(options?.signal, this)
  }

  override _transform(chunk: S | Iterable<S>, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#done = done
    // What is neither a record nor an iterable is refused in its turn, as a record.
    const records = isRecords(chunk) ? chunk : [chunk]
    this.#attempt(() => {
      this.#userRecords = through(records, () => this.#unpacker)[Symbol.iterator]()
    })
    this.#pump()
  }

  override _read(size: number): void {
    this.#pump()
    // A chunk that has just been done may have left Transform waiting for this very call.
    super._read(size)
  }

  /** Node has no hook for "all was read", and a failure before that would lose what still waits. */
  override read(size?: number): any {
    const record: unknown = super.read(size)
    if (this.#failure !== undefined && this.readableLength === 0) process.nextTick(() => this.#finish())
    return record
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    const userRecords = this.#userRecords
    this.#userRecords = this.#done = this.#failure = undefined
    let failure = error
    try {
      userRecords?.return?.()
    } catch (thrown) {
      failure ??= asError(thrown)
    }
    callback(failure)
  }

  // The first for `for await`, the second for `pipeline`, which takes any, the last for what infers from it.
  override [Symbol.asyncIterator](): NodeJS.AsyncIterator<UserRecord<S>>
  override [Symbol.asyncIterator](): NodeJS.AsyncIterator<any>
  override [Symbol.asyncIterator](): NodeJS.AsyncIterator<UserRecord<S>>
  override [Symbol.asyncIterator](): NodeJS.AsyncIterator<UserRecord<S>> {
    return super[Symbol.asyncIterator]()
  }

  #pump(): void {
    while (this.#done !== undefined && this.#failure === undefined && !this.destroyed) {
      const step = this.#attempt(() => this.#userRecords!.next())
      if (step === undefined) break
      if (step.done === true) return this.#finish()
      if (!this.push(step.value)) return
    }
    if (this.#failure !== undefined && this.readableLength === 0) this.#finish()
  }

  #finish(): void {
    const done = this.#done
    this.#userRecords = this.#done = undefined
    done?.(this.#failure)
  }

  #attempt<R>(action: () => R): R | undefined {
    try {
      return action()
    } catch (error) {
      this.#failure = asError(error)
      return undefined
    }
  }
}
