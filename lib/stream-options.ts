import type { TransformOptions } from 'node:stream'

/** What a stream takes beside its own options, with Node's meaning. */
export type StreamOptions = Pick<
  TransformOptions,
  'highWaterMark' | 'readableHighWaterMark' | 'writableHighWaterMark' | 'signal' | 'autoDestroy' | 'emitClose'
>

/** Only these reach Transform: an option `transform` or `objectMode: false` would change what the stream is. */
export function transformOptions(options: StreamOptions = {}): TransformOptions {
  const { highWaterMark, readableHighWaterMark, writableHighWaterMark, signal, autoDestroy, emitClose } = options
  const given = { highWaterMark, readableHighWaterMark, writableHighWaterMark, signal, autoDestroy, emitClose }
  const set = Object.entries(given).filter(([, value]) => value !== undefined)
  return { ...Object.fromEntries(set), objectMode: true }
}
