import { Transform, type TransformCallback } from 'node:stream'
import { KplError } from '../errors.js'
import { through } from '../stage.js'
import { type StreamOptions, abortOn, asError, transformOptions } from '../stream-options.js'
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
 * it be read first, then the stream fails with its error.
 */
export class DeaggregateStream<S extends KinesisInput = KinesisInput> extends Transform {
  readonly #unpacker: Unpacker<S>
  /** What the chunks at hand hold that is not begun, the last one first; what the begun one gives; whom to tell when all is done. */
  #inputs: Iterable<S>[] = []
  #userRecords: Iterator<UserRecord<S>> | undefined
  #done: TransformCallback | undefined
  #isPipedTo = false
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
  }

  override _transform(chunk: S | Iterable<S>, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#done = done
    if (this.#inputs.length === 0) this.#inputs = inputsOf([chunk])
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
  override _writev(chunks: readonly { chunk: S | Iterable<S> }[], done: (error?: Error | null) => void): void {
    this.#inputs = inputsOf(chunks.map(({ chunk }) => chunk))
    super._write(undefined, 'utf8', done)
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
    const done = this.#done
    this.#userRecords = this.#done = this.#failure = undefined
    this.#inputs = []
    let failure = error
    try {
      userRecords?.return?.()
    } catch (thrown) {
      failure ??= asError(thrown)
    }
    callback(failure)
    // Node tells the writes that wait, but not the one at hand.
    done?.(failure ?? new KplError('ERR_KPL_INVALID_INPUT', 'the stream was destroyed before all was read'))
  }

  #pump(): void {
    while (this.#done !== undefined && this.#failure === undefined && !this.destroyed) {
      const step = this.#attempt()
      if (step === undefined) continue
      if (step.done !== true) {
        if (!this.push(step.value)) return
      } else if (this.#inputs.length === 0) return this.#finish()
      else this.#userRecords = undefined
    }
    if (this.#failure !== undefined && this.readableLength === 0) this.#finish()
  }

  #finish(): void {
    const done = this.#done
    this.#userRecords = this.#done = undefined
    done?.(this.#failure)
  }

  /** The next user record of the input at hand; `undefined` after a failure. */
  #attempt(): IteratorResult<UserRecord<S>> | undefined {
    try {
      this.#userRecords ??= through(this.#inputs.pop()!, () => this.#unpacker)[Symbol.iterator]()
      return this.#userRecords.next()
    } catch (error) {
      this.#failure = asError(error)
      return undefined
    }
  }
}

/**
 * Iterables as they are, and single records that follow each other as one list; the last one first, for
 * taking from the front would move all others up. What is neither is refused in its turn, as a record.
 */
function inputsOf<S>(chunks: (S | Iterable<S>)[]): Iterable<S>[] {
  const inputs: Iterable<S>[] = []
  let list: S[] | undefined
  for (const chunk of chunks) {
    if (isRecords(chunk)) {
      inputs.push(chunk)
      list = undefined
    } else if (list !== undefined) list.push(chunk)
    else inputs.push((list = [chunk]))
  }
  return inputs.reverse()
}
