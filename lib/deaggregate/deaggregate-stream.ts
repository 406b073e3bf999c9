import { Transform, type TransformCallback } from 'node:stream'
import { Passes } from '../passes.js'
import { type StreamOptions, abortOn, transformOptions } from '../stream-options.js'
import { type Callback, asError, destroyedError } from '../stream-state.js'
import { keepCompiled } from './keep-compiled.js'
import { isRecords } from './kinesis-record.js'
import type { KinesisInput } from './input.js'
import { type DeaggregateOptions, readingOptions } from './options.js'
import { Unpacker } from './unpacker.js'
import type { UserRecord } from './user-record.js'

/** How to read a stream. */
export interface DeaggregateStreamOptions<S = KinesisInput> extends DeaggregateOptions<S>, StreamOptions {}

// Types alone: the first for `for await`, the second for `pipeline`, which takes any, the last for what infers from it.
export interface DeaggregateStream<S extends KinesisInput = KinesisInput> {
  [Symbol.asyncIterator](): NodeJS.AsyncIterator<UserRecord<S>>
  [Symbol.asyncIterator](): NodeJS.AsyncIterator<any>
  [Symbol.asyncIterator](): NodeJS.AsyncIterator<UserRecord<S>>
}

/**
 * `deaggregate` for `stream.pipeline`: a chunk is a Kinesis record or an iterable
 * of them, what is read are user records. At most `readableHighWaterMark` of them
 * wait; it pauses inside an aggregate. A record that fails lets everything before
 * it be read first, then the stream fails with its error. Writes that wait
 * together are read together: their callbacks are told together, all of the
 * failure if one of them fails.
 */
export class DeaggregateStream<S extends KinesisInput = KinesisInput> extends Transform {
  readonly #unpacker: Unpacker<S>
  /** The chunks at hand, which of them is next, what those begun give, and whom to tell when all is done. */
  #chunks: readonly (S | Iterable<S>)[] = []
  #next = 0
  #userRecords: Iterator<UserRecord<S>> | undefined
  #done: TransformCallback | undefined
  #isPipedTo = false
  /** Whether the next user record is being made: callbacks may read from this very stream. */
  #isReading = false
  /** What the stream fails with once all before it is read. */
  #failure: Error | undefined

  /** @throws KplError `ERR_KPL_INVALID_ARGUMENT` */
  constructor(options?: DeaggregateStreamOptions<S>) {
    const resolved = readingOptions(options)
    super(transformOptions(options))
    this.#unpacker = new Unpacker(resolved)
    this.once('pipe', () => {
      this.#isPipedTo = true
    })
    abortOn(options?.signal, this)
    keepCompiled()
  }

  override _write(chunk: S | Iterable<S>, _encoding: BufferEncoding, done: Callback): void {
    this.#begin([chunk], done)
    this.#pump()
  }

  /** What is piped in waits for the end of the tick, for a source gives many at once: together they are read twice as fast. */
  override write(chunk: any, callback?: (error: Error | null | undefined) => void): boolean
  override write(chunk: any, encoding: BufferEncoding, callback?: (error: Error | null | undefined) => void): boolean
  override write(chunk: any, encoding?: any, callback?: any): boolean {
    if (this.#isPipedTo && this.writableCorked === 0) {
      this.cork()
      process.nextTick(() => this.uncork())
    }
    return super.write(chunk, encoding, callback)
  }

  /** All chunks that are queued at once: their aggregates are digested side by side. */
  override _writev(chunks: readonly { chunk: S | Iterable<S> }[], done: Callback): void {
    const queue = chunks.map(({ chunk }) => chunk)
    this.#begin(queue, done)
    // Not at once: Node empties its queue when this returns, with all that a callback or a listener has written meanwhile.
    process.nextTick(() => {
      // Unless a reader has begun it since, and may have all it wants.
      if (this.#chunks === queue && this.#next === 0) this.#pump()
    })
  }

  override _read(): void {
    this.#pump()
  }

  /** Node has no hook for "all was read", and a failure before that would lose what still waits. */
  override read(size?: number): any {
    const record: unknown = super.read(size)
    if (this.#failure !== undefined && this.readableLength === 0) process.nextTick(() => this.#finish())
    return record
  }

  override _destroy(error: Error | null, callback: Callback): void {
    const userRecords = this.#userRecords
    const done = this.#done
    this.#userRecords = this.#done = this.#failure = undefined
    this.#begin([], undefined)
    let failure = error
    try {
      userRecords?.return?.()
    } catch (thrown) {
      failure ??= asError(thrown)
    }
    callback(failure)
    // Node tells the writes that wait, but not the one at hand. After 'close': until then it would be an error of the stream.
    const reason = failure ?? destroyedError()
    process.nextTick(() => done?.(reason))
  }

  #begin(chunks: readonly (S | Iterable<S>)[], done: TransformCallback | undefined): void {
    this.#chunks = chunks
    this.#next = 0
    this.#done = done
  }

  #pump(): void {
    if (this.#isReading) return
    while (this.#done !== undefined && this.#failure === undefined && !this.destroyed) {
      const step = this.#attempt()
      if (step === undefined) continue
      if (step.done !== true) {
        if (!this.push(step.value)) return
      } else if (this.#next === this.#chunks.length) return this.#finish()
      else this.#userRecords = undefined
    }
    if (this.#failure !== undefined && this.readableLength === 0) this.#finish()
  }

  #finish(): void {
    const done = this.#done
    this.#userRecords = undefined
    this.#begin([], undefined)
    done?.(this.#failure)
  }

  /** The next user record of the input at hand; `undefined` after a failure. */
  #attempt(): IteratorResult<UserRecord<S>> | undefined {
    let step: IteratorResult<UserRecord<S>> | undefined
    this.#isReading = true
    try {
      // One unpacker for all of them: it remembers the shard.
      this.#userRecords ??= new Passes(this.#nextInput(), () => this.#unpacker)[Symbol.iterator]()
      step = this.#userRecords.next()
    } catch (error) {
      this.#failure = asError(error)
    }
    this.#isReading = false
    return step
  }

  /** The next chunk, where it is an iterable; or as one list the single records that follow each other. What is neither is refused as a record. */
  #nextInput(): Iterable<S> {
    const chunk = this.#chunks[this.#next++]!
    if (isRecords(chunk)) return chunk
    const list = [chunk]
    for (; this.#next < this.#chunks.length && isSingle(this.#chunks[this.#next]!); this.#next++) list.push(this.#chunks[this.#next] as typeof chunk)
    return list
  }
}

/** What cannot even be asked fails in its turn. */
function isSingle<S>(chunk: S | Iterable<S>): boolean {
  try {
    return !isRecords(chunk)
  } catch {
    return false
  }
}
