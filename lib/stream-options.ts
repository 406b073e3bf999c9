import { type Readable, type Transform, type TransformOptions, addAbortSignal } from 'node:stream'
import { KplError, excerpt } from './errors.js'

/** What a stream takes beside its own options, with Node's meaning. */
export type StreamOptions = Pick<
  TransformOptions,
  'highWaterMark' | 'readableHighWaterMark' | 'writableHighWaterMark' | 'signal' | 'autoDestroy' | 'emitClose'
>

/** What a stream's implementation tells that it is done, or has failed. */
export type Callback = (error?: Error | null) => void

/** Only these reach Transform: an option `transform` or `objectMode: false` would change what the stream is. */
export function transformOptions(options: StreamOptions = {}): TransformOptions {
  const { highWaterMark, readableHighWaterMark, writableHighWaterMark, autoDestroy, emitClose } = options
  // Node takes what is undefined as not given.
  return { highWaterMark, readableHighWaterMark, writableHighWaterMark, autoDestroy, emitClose, objectMode: true } as TransformOptions
}

/** What was thrown, as a stream takes it: to a stream a thrown `undefined` is no error. */
export function asError(thrown: unknown): Error {
  return (thrown || new KplError('ERR_KPL_INVALID_INPUT', `the input threw ${excerpt(thrown)}`, { cause: thrown })) as Error
}

/** What those hear that wait for a stream which is destroyed without an error. */
export function destroyedError(): KplError {
  return new KplError('ERR_KPL_INVALID_INPUT', 'the stream was destroyed before all was read')
}

/** Whether nobody would hear of what is pushed. */
export function isDead(stream: Readable): boolean {
  return stream.destroyed || stream.errored !== null
}

/** The option `signal`. Given to Transform, one that is aborted already would destroy a stream that is not yet made. */
export function abortOn(signal: AbortSignal | undefined, stream: Transform): void {
  if (signal !== undefined) addAbortSignal(signal, stream)
}
