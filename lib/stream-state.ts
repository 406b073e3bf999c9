import type { Readable } from 'node:stream'
import { KplError, excerpt } from './errors.js'

/** Told that something is done, or why it failed. */
export type Callback = (error?: Error | null) => void

/** What was thrown, as a stream takes it: to a stream a thrown `undefined` is no error. */
export function asError(thrown: unknown): Error {
  return (thrown || new KplError('ERR_KPL_INVALID_INPUT', `the input threw ${excerpt(thrown)}`, { cause: thrown })) as Error
}

/** What those hear that wait for a stream which is destroyed without an error. */
export function destroyedError(): KplError {
  return new KplError('ERR_KPL_INVALID_INPUT', 'the stream was destroyed before all was read')
}

/** Whether it was destroyed or has failed: what is pushed then is lost. */
export function isDead(stream: Readable): boolean {
  return stream.destroyed || stream.errored !== null
}
