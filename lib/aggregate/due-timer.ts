/**
 * Tells when aggregates have waited long enough. It keeps one timer, for the oldest
 * open aggregate, and none where nothing waits.
 */
export class DueTimer {
  /** Aggregates opened by then are due, and leave once there is room. */
  dueUntil = -Infinity
  readonly #maxBufferedTime: number
  readonly #onDue: () => void
  #cancelTimer: (() => void) | undefined

  /** @param maxBufferedTime milliseconds; with `Infinity` nothing is ever due. */
  constructor(maxBufferedTime: number, onDue: () => void) {
    this.#maxBufferedTime = maxBufferedTime
    this.#onDue = onDue
  }

  /** Whether it is set already, or never has to be. */
  get needsNone(): boolean {
    return this.#cancelTimer !== undefined || this.#maxBufferedTime === Infinity
  }

  /** @param openedAt when the oldest open aggregate was opened; `undefined` where none is open. */
  schedule(openedAt: number | undefined): void {
    if (openedAt === undefined) this.cancel()
    else if (!this.needsNone) {
      this.#cancelTimer = startTimer(openedAt + this.#maxBufferedTime, () => {
        this.#cancelTimer = undefined
        // The timer is believed, whatever the clock says: the two need not agree to the millisecond.
        this.dueUntil = Math.max(openedAt, performance.now() - this.#maxBufferedTime)
        this.#onDue()
      })
    }
  }

  cancel(): void {
    this.#cancelTimer?.()
    this.#cancelTimer = undefined
  }
}

/** Calls back at a time; at once means after what the event loop has in hand. Returns how to cancel it. */
function startTimer(time: number, callback: () => void): () => void {
  const delay = time - performance.now()
  if (delay <= 0) {
    const immediate = setImmediate(callback)
    return () => clearImmediate(immediate)
  }
  const timeout = setTimeout(callback, Math.ceil(delay))
  return () => clearTimeout(timeout)
}
