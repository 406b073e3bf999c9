import { check } from '../errors.js'

/** The state of a tumbling window: what the handler has returned last, and what it was before, with which a Kinesis record that comes again starts. */
export class WindowStates {
  current: unknown
  #sequenceNumber: string | undefined
  /** As JSON, for a handler may change the state in place. */
  #before = ''
  /** The one before all, where the whole batch comes again. */
  #atFirst: string | undefined

  constructor(state: unknown) {
    this.current = state ?? {}
  }

  /** A user record of this Kinesis record is next. */
  begin(sequenceNumber: string): void {
    if (sequenceNumber === this.#sequenceNumber) return
    this.#before = JSON.stringify(this.current)
    this.#atFirst ??= this.#before
    this.#sequenceNumber = sequenceNumber
  }

  /** @param state what the handler has returned. */
  take(state: unknown): void {
    check(typeof state === 'object' && state !== null, 'handler must return the next state in a tumbling window', state)
    this.current = state
  }

  /** @param stop the Kinesis record that comes again, the one begun last; `''` where all of them do. */
  before(stop: string): unknown {
    return JSON.parse(stop === '' ? this.#atFirst! : this.#before)
  }
}
