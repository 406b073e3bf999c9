import { ENOUGH_BYTES, ENOUGH_MESSAGES, md5Many } from '../digest/md5-many.js'
import { DIGEST_LENGTH } from '../format/constants.js'
import { framedMessage, setDigest } from '../format/frame.js'
import type { UserRecordInput } from '../format/draft.js'
import type { PutRecordsEntry } from './entry.js'

/** Entries on their way out, the digests of the aggregates among them still to be made: many at once, if many wait. */
export class CompleteEntries<R extends UserRecordInput> {
  /** User records in all of them. */
  records = 0
  /** What all of them cost in `pendingBytes`. */
  bytes = 0
  #waiting: ({ readonly entry: PutRecordsEntry<R>; readonly cost: number } | undefined)[] = []
  /** How many of them were taken, and how many are whole. */
  #taken = 0
  #whole = 0

  get isEmpty(): boolean {
    return this.#taken === this.#waiting.length
  }

  /** Whether to wait for more would gain nothing. */
  get isFull(): boolean {
    return this.#waiting.length - this.#taken >= ENOUGH_MESSAGES || this.bytes >= ENOUGH_BYTES
  }

  push(entry: PutRecordsEntry<R>, cost: number): void {
    this.records += entry.userRecords.length
    this.bytes += cost
    this.#waiting.push({ entry, cost })
  }

  /** Takes over what another has, of which nothing was taken yet. */
  append(other: CompleteEntries<R>): void {
    this.records += other.records
    this.bytes += other.bytes
    this.#waiting = this.#waiting.concat(other.#waiting)
  }

  /** All of them: where one cannot be completed, none is taken. */
  takeAll(): PutRecordsEntry<R>[] {
    while (this.#whole < this.#waiting.length) this.#complete()
    const entries: PutRecordsEntry<R>[] = []
    for (let entry = this.take(); entry !== undefined; entry = this.take()) entries.push(entry)
    return entries
  }

  take(): PutRecordsEntry<R> | undefined {
    if (this.isEmpty) return undefined
    if (this.#taken === this.#whole) this.#complete()
    const { entry, cost } = this.#waiting[this.#taken]!
    // Not kept until the last one leaves: there may be 64 MiB of them.
    this.#waiting[this.#taken++] = undefined
    if (this.isEmpty) {
      this.#waiting = []
      this.#taken = this.#whole = 0
    }
    this.records -= entry.userRecords.length
    this.bytes -= cost
    return entry
  }

  #complete(): void {
    const end = Math.min(this.#whole + ENOUGH_MESSAGES, this.#waiting.length)
    const frames: Buffer[] = []
    for (let n = this.#whole; n < end; n++) {
      const { entry } = this.#waiting[n]!
      if (entry.aggregated) frames.push(entry.Data)
    }
    // It throws where Node.js runs in FIPS mode: then they stay unfinished, and nothing of them is handed out.
    const digests = md5Many(frames.map(framedMessage))
    for (const [n, frame] of frames.entries()) setDigest(frame, digests, DIGEST_LENGTH * n)
    this.#whole = end
  }
}
