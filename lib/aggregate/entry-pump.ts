import type { Readable } from 'node:stream'
import type { UserRecordInput } from '../format/draft.js'
import { asError } from '../stream-options.js'
import { DueTimer } from './due-timer.js'
import type { PutRecordsEntry } from './entry.js'
import type { Packer } from './packer.js'

export type Callback = (error?: Error | null) => void

/** Brings a packer's entries into a stream, those that are complete or due, as long as there is room. */
export class EntryPump<R extends UserRecordInput> {
  readonly #stream: Readable
  readonly #packer: Packer<R>
  readonly #timer: DueTimer
  /** Whom to tell when all complete entries have left. */
  #done: Callback | undefined
  /**
   * Node has asked for an entry and got none yet. It asks before it takes out the one that it is
   * about to give, so one more is wanted however full it looks; and it does not ask twice.
   */
  #asked = false
  #later: NodeJS.Immediate | undefined
  /** What has left the packer, but came too late for the stream. */
  readonly #stranded: PutRecordsEntry<R>[] = []

  /** @param maxBufferedTime milliseconds after which an aggregate is due. */
  constructor(stream: Readable, packer: Packer<R>, maxBufferedTime: number) {
    this.#stream = stream
    this.#packer = packer
    this.#timer = new DueTimer(maxBufferedTime, () => this.run())
  }

  /** Nothing to give out, and no timer to set: so it is after nearly all user records, and a run takes as long as putting one. */
  get isIdle(): boolean {
    return !this.#packer.hasOutput && this.#timer.needsNone && !this.#packer.isHeld
  }

  /** Whether nobody would hear of what is given out. */
  get isDead(): boolean {
    return this.#stream.destroyed || this.#stream.errored !== null
  }

  /** A reader wants an entry. */
  ask(): void {
    this.#asked = true
    this.run()
  }

  /** Where there is room, lets what is complete wait for more, until there is as much as a packer wants to digest side by side: whether it does. */
  gather(): boolean {
    const { hasOutput, hasEnough } = this.#packer
    const waits = hasOutput && !hasEnough && this.#hasRoom
    if (waits) this.#runLater()
    return waits
  }

  /** Calls back when all that is complete has left. */
  runUntilDone(done: Callback): void {
    this.#done = done
    this.run()
  }

  /** What fails here (node:crypto refuses MD5 in FIPS mode) fails the stream, whoever asked; it is still pending then. */
  run(): void {
    try {
      this.#giveOut()
    } catch (error) {
      this.#stream.destroy(asError(error))
    }
  }

  /** Nothing is due any more. */
  stop(): void {
    this.#timer.cancel()
    clearImmediate(this.#later)
  }

  /** Tells whoever waits that it is done, or that it never will be. */
  finish(error?: Error): void {
    const done = this.#done
    this.#done = undefined
    done?.(error)
  }

  takeStranded(): PutRecordsEntry<R>[] {
    return this.#stranded.splice(0)
  }

  get #hasRoom(): boolean {
    const { readableLength, readableHighWaterMark } = this.#stream
    return this.#asked || readableLength < Math.max(1, readableHighWaterMark)
  }

  #runLater(): void {
    this.#later ??= setImmediate(() => this.run())
  }

  /** What stays open may grow while there is no room. */
  #giveOut(): void {
    // A shard map calls back. Whoever asks it goes on once it has answered; where it throws nobody would.
    if (this.#packer.isHeld) return this.#runLater()
    clearImmediate(this.#later)
    this.#later = undefined
    let room = this.#hasRoom
    for (;;) {
      if (this.isDead) room = false
      if (room && !this.#packer.hasOutput) this.#packer.closeOldest(this.#timer.dueUntil)
      if (room || this.#packer.openedAt === undefined) this.#timer.schedule(this.#packer.openedAt)
      // Destroyed by one of its own callbacks, it has been told nothing of the write at hand.
      if (!this.#packer.hasOutput || this.#stream.destroyed) return this.finish()
      if (!room) return
      this.#asked = false
      const entry = this.#packer.take()!
      // A shard that is asked for its id may have destroyed it: what is pushed then is gone.
      if (this.isDead) this.#stranded.push(entry)
      else room = this.#stream.push(entry)
    }
  }
}
