import { ENOUGH_BYTES, ENOUGH_MESSAGES, md5Many } from '../digest/md5-many.js'
import { DIGEST_LENGTH } from '../format/constants.js'
import type { UserRecordInput } from '../format/draft.js'
import { framedMessage, setDigest } from '../format/frame.js'
import type { PutRecordsEntry } from './entry.js'
import type { OpenAggregate } from './open-aggregate.js'

/**
 * Closed aggregates on their way out. They are put together when they are taken, and not when
 * they are closed: that may fail, and a user record that closes one has been accepted by then.
 * Their digests are made many at once, if many wait.
 */
export class CompleteEntries<R extends UserRecordInput> {
  /** User records in all of them. */
  records = 0
  /** Their share of `pendingBytes`. */
  bytes = 0
  readonly #entryOf: (aggregate: OpenAggregate<R>) => PutRecordsEntry<R>
  #waiting: OpenAggregate<R>[] = []
  /** How many of them were taken, and how many are whole. */
  #taken = 0
  #whole = 0
  /** Whether nothing can be taken just now. */
  isHeld = false

  /** @param entryOf what leaves of an aggregate, but for the digest; it may throw. */
  constructor(entryOf: (aggregate: OpenAggregate<R>) => PutRecordsEntry<R>) {
    this.#entryOf = entryOf
  }

  /** Whether there is nothing to take. */
  get isEmpty(): boolean {
    return this.isHeld || this.#taken === this.#waiting.length
  }

  /** Whether to wait for more would gain nothing. */
  get hasEnough(): boolean {
    return this.#waiting.length - this.#taken >= ENOUGH_MESSAGES || this.bytes >= ENOUGH_BYTES
  }

  push(aggregate: OpenAggregate<R>): void {
    this.records += aggregate.count
    this.bytes += aggregate.cost
    this.#waiting.push(aggregate)
  }

  /** @returns what takes back all that was pushed since, if nothing was taken meanwhile. */
  savepoint(): () => void {
    const { length } = this.#waiting
    return () => {
      for (const aggregate of this.#waiting.splice(length)) this.#subtract(aggregate)
    }
  }

  /** Nothing is taken or made whole while an action runs that asks a shard map: it may call back. */
  hold(action: () => void): void {
    const wasHeld = this.isHeld
    this.isHeld = true
    try {
      action()
    } finally {
      this.isHeld = wasHeld
    }
  }

  /** Makes all of them whole. Where that fails none is gone, and it can be tried again. */
  finish(): void {
    while (!this.isHeld && this.#whole < this.#waiting.length) this.#finishSome()
  }

  /** All of them: where one cannot be finished, none is taken. */
  takeAll(): PutRecordsEntry<R>[] {
    this.finish()
    const entries: PutRecordsEntry<R>[] = []
    for (let entry = this.take(); entry !== undefined; entry = this.take()) entries.push(entry)
    return entries
  }

  take(): PutRecordsEntry<R> | undefined {
    if (this.isEmpty) return undefined
    if (this.#taken === this.#whole) this.#finishSome()
    const aggregate = this.#waiting[this.#taken++]!
    if (this.isEmpty) {
      this.#waiting = []
      this.#taken = this.#whole = 0
    }
    const { entry } = aggregate
    this.#subtract(aggregate)
    return entry
  }

  #subtract(aggregate: OpenAggregate<R>): void {
    this.records -= aggregate.count
    this.bytes -= aggregate.cost
    aggregate.forget()
  }

  /** Makes some of them whole, those before one that fails too; throws if that is the first. */
  #finishSome(): void {
    const start = this.#whole
    const end = Math.min(start + ENOUGH_MESSAGES, this.#waiting.length)
    const frames: Buffer[] = []
    let at = start
    this.hold(() => {
      try {
        for (; at < end; at++) {
          const aggregate = this.#waiting[at]!
          const { aggregated, Data } = (aggregate.entry ??= this.#entryOf(aggregate))
          // Not kept until it leaves: with what was copied from it, all would be there twice.
          aggregate.clear()
          if (aggregated) frames.push(Data)
        }
      } catch (error) {
        if (at === start) throw error
      }
    })
    // It throws where Node.js runs in FIPS mode: then they stay unfinished, and nothing of them is handed out.
    const digests = md5Many(frames.map(framedMessage))
    for (const [n, frame] of frames.entries()) setDigest(frame, digests, DIGEST_LENGTH * n)
    this.#whole = at
  }
}
