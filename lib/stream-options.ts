import { type Transform, type TransformOptions, addAbortSignal } from 'node:stream'

/** What a stream takes beside its own options, with Node's meaning. */
export type StreamOptions = Pick<
  TransformOptions,
  'highWaterMark' | 'readableHighWaterMark' | 'writableHighWaterMark' | 'signal' | 'autoDestroy' | 'emitClose'
>

/** Only these reach Transform: an option `transform` or `objectMode: false` would change what the stream is. */
export function transformOptions(options: StreamOptions = {}): TransformOptions {
  const { highWaterMark, readableHighWaterMark, writableHighWaterMark, autoDestroy, emitClose } = options
  // Node takes what is undefined as not given.
  return { highWaterMark, readableHighWaterMark, writableHighWaterMark, autoDestroy, emitClose, objectMode: true } as TransformOptions
}

/** The option `signal`. Given to Transform, one that is aborted already would destroy a stream that is not yet made. */
export function abortOn(signal: AbortSignal | undefined, stream: Transform): void {
  if (signal !== undefined) addAbortSignal(signal, stream)
}
