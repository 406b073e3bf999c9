import { deaggregate } from '../deaggregate/deaggregate.js'
import type { LambdaRecord } from '../deaggregate/input.js'
import { named } from '../deaggregate/kinesis-record.js'
import type { DeaggregateOptions } from '../deaggregate/options.js'
import type { UserRecord } from '../deaggregate/user-record.js'
import { type KplError, check } from '../errors.js'
import { compareSequenceNumbers } from '../routing/checkpoint.js'
import { type KinesisEvent, type WindowEvent, type WindowState, recordsOf } from './event.js'
import { inKeyOrder } from './in-key-order.js'
import { type ProcessBatchOptions, batchOptions } from './options.js'
import type { BatchResponse, WindowResponse } from './response.js'
import { WindowStates } from './window-states.js'

// Not the last: where no overload fits TypeScript 7 tells the last one's errors, and most events have no window.
/** In a tumbling window the handler also gets the state, and returns the next one. The other overload tells the rest. */
export function processBatch<S extends LambdaRecord, T extends WindowState = Record<string, any>>(
  event: WindowEvent<S>,
  handler: (record: UserRecord<S>, state: T) => T | Promise<T>,
  options?: ProcessBatchOptions<S>,
): Promise<WindowResponse<T>>
/**
 * Handles the user records of a Lambda event one after the other, and answers as
 * `ReportBatchItemFailures` wants it: without that in the event source mapping Lambda takes every
 * answer for success. They are read lazily, as the handler gets to them.
 *
 * **Failures.** The first failure ends the batch: what the handler throws or rejects with, or a Kinesis
 * record that cannot be read, once everything before it is handled. The reply names the Kinesis record
 * that it is in. Lambda gives it again, *whole*, and all after it: user records of the same aggregate that
 * were handled before are handled once more (`idempotencyKey` tells them). A sequence number that is
 * missing is named as `''`: Lambda gives the whole batch again.
 *
 * **Concurrency.** A user record is not begun before the one before it of its partition key has ended, nor
 * after that one has failed; those without a key are of one key. After a failure nothing of its Kinesis record
 * or behind it is begun; what is before it still is, so that one bad record does not hold back the good
 * ones before it. The reply comes when all have ended, and names the lowest sequence number that is not
 * wholly done. Sequence numbers are compared as numbers, as Lambda does to find the lowest, and records are taken to
 * come in their order, as Lambda gives them.
 *
 * **Time.** With `context`, no user record is begun, nor `onHidden` told, when less than `minRemainingTime` is left: this ends
 * the batch as a failure does. `onError` is told of it once, with a `TimeoutError`.
 *
 * **Tumbling windows.** With a `window` in the event the handler gets the state too, `{}` at the beginning,
 * and returns the next one, an object (else it is a failure). The reply has the last state; after a failure
 * the one before the Kinesis record that it names, since that comes again, even if the handler changes the
 * state in place: it is kept as JSON before each Kinesis record, which takes time if it is large, and must be JSON.
 *
 * @returns a promise that is fulfilled whatever the handler does.
 * @throws KplError as a rejection, before anything is handled: `ERR_KPL_INVALID_INPUT` of an event without
 *   records of Kinesis, `ERR_KPL_INVALID_ARGUMENT`. It also rejects with what `onError` throws, and with
 *   errors that no record is to blame for, once all that was begun has ended: Lambda then gives the whole batch again.
 */
export function processBatch<S extends LambdaRecord>(
  event: KinesisEvent<S> & { readonly window?: undefined },
  handler: (record: UserRecord<S>) => unknown,
  options?: ProcessBatchOptions<S>,
): Promise<BatchResponse>
export async function processBatch<S extends LambdaRecord>(
  event: KinesisEvent<S> & { readonly window?: object | undefined; readonly state?: unknown },
  handler: (record: UserRecord<S>, state: any) => unknown,
  options: ProcessBatchOptions<S> = {},
): Promise<any> {
  const records = recordsOf(event)
  const window = Object(event.window) === event.window ? new WindowStates(event.state) : undefined
  const { context, minRemainingTime, concurrency, onError, onHidden } = batchOptions(options)
  check(typeof handler === 'function', 'handler must be a function', handler)
  check(window === undefined || concurrency === 1, 'concurrency must be 1 in a tumbling window', concurrency)

  /** The lowest sequence number that is not wholly done; `''` is below all. */
  let stop: string | undefined
  /** What no record is to blame for. */
  let crash: { readonly error: unknown } | undefined
  let isLate = false
  /** Whom `onHidden` and `onError` are told of while reading, one after the other. */
  let told: Promise<void> | undefined
  let unreadable: S | undefined

  // By name, and none left out: options may be inherited, or accessors of the very object.
  const { digestMismatch, malformed, hashKeyRange, copy } = options
  const reading: Required<Omit<DeaggregateOptions<S>, 'after'>> = { digestMismatch, malformed, hashKeyRange, copy, onRejected: reject, onHidden: onHidden && tellHidden }
  const userRecords = deaggregate(records, reading)[Symbol.iterator]()

  await inKeyOrder(next, concurrency, work)
  await told
  if (crash !== undefined) throw crash.error
  const batchItemFailures = stop === undefined ? [] : [{ itemIdentifier: stop }]
  if (window === undefined) return { batchItemFailures }
  return { batchItemFailures, state: stop === undefined ? window.current : window.before(stop) }

  function reject(error: KplError, source: S): never {
    unreadable = source
    throw error
  }

  function tellHidden(hidden: readonly UserRecord<S>[]): void {
    const first = hidden[0]!
    tell(first.source, () => hasTime(first) && onHidden!(hidden))
  }

  function next(): UserRecord<S> | undefined {
    // All that is unread comes after it.
    if (stop !== undefined) return undefined
    try {
      return userRecords.next().value
    } catch (error) {
      if (unreadable === undefined) crashWith(error)
      else tell(unreadable, () => Promise.reject(error))
      return undefined
    }
  }

  async function work(record: UserRecord<S>): Promise<void> {
    if (told !== undefined) await told
    await attempt(record.source, () => handle(record), record)
  }

  async function handle(record: UserRecord<S>): Promise<void> {
    if (!hasTime(record)) return
    const result = await handler(record, window?.current)
    window?.take(result)
  }

  /** Whether there is time to begin with a user record, or to tell of a hidden aggregate that begins with it; throws the first time that there is none. */
  function hasTime({ sequenceNumber, subSequenceNumber }: UserRecord<S>): boolean {
    // Only a number that is too low: a context that was mocked may tell none.
    if (context === undefined || !(context.getRemainingTimeInMillis() < minRemainingTime)) return true
    if (isLate) {
      stopAt(sequenceNumber)
      return false
    }
    isLate = true
    const message = `less than ${minRemainingTime} ms left for user record ${subSequenceNumber} of ${named(sequenceNumber)}`
    // As the platform tells of time: nothing is wrong with a record.
    throw new DOMException(message, 'TimeoutError')
  }

  function tell(source: S, action: () => unknown): void {
    told = Promise.resolve(told).then(() => attempt(source, action))
  }

  /** Does something about a Kinesis record, unless that comes again anyway: if it fails, that record is not wholly done. */
  async function attempt(source: S, action: () => unknown, record?: UserRecord<S>): Promise<void> {
    try {
      const sequenceNumber = String(Object(source.kinesis).sequenceNumber ?? '')
      if (!isBeforeStop(sequenceNumber)) return
      window?.begin(sequenceNumber)
      try {
        await action()
      } catch (error) {
        stopAt(sequenceNumber)
        await onError(error, source, record)
      }
    } catch (error) {
      crashWith(error)
    }
  }

  function stopAt(sequenceNumber: string): void {
    if (isBeforeStop(sequenceNumber)) stop = sequenceNumber
  }

  function isBeforeStop(sequenceNumber: string): boolean {
    return stop === undefined || compareSequenceNumbers(sequenceNumber, stop) < 0
  }

  function crashWith(error: unknown): void {
    crash ??= { error }
    stop = ''
  }
}
