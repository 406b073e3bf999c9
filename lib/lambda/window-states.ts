import { check } from '../errors.js'

/** The state of a tumbling window as the handler gives it on, and as it was before: a Kinesis record that comes again starts with that. */
export class WindowStates {
  current: unknown
  #sequenceNumber: string | undefined
  /** As JSON, for a handler may change the state in place. */
  #before = ''
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
