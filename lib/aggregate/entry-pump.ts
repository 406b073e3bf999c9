import type { Readable } from 'node:stream'
import type { UserRecordInput } from '../format/draft.js'
import { type Callback, asError, isDead } from '../stream-state.js'
import { DueTimer } from './due-timer.js'
import type { PutRecordsEntry } from './entry.js'
import type { Packer } from './packer.js'

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

  /** A reader wants an entry. */
  ask(): void {
    this.#asked = true
    this.run()
  }

  /**
   * Lets what is complete wait for more, if there is room and not yet as much as a packer wants to digest side by side.
   *
   * @returns whether it waits: it leaves with the next run, at the latest when the event loop comes round.
   */
  gather(): boolean {
    const { hasOutput, hasEnough } = this.#packer
    const waits = hasOutput && !hasEnough && this.#hasRoom && !isDead(this.#stream)
    if (waits) this.#runLater()
    return waits
  }

  /** Calls back when all that is complete has left. */
  runUntilDone(done: Callback): void {
    this.#done = done
    this.run()
  }

  /**
   * A failure destroys the stream, whoever asked for the run, and the entry at hand stays pending: node:crypto refuses MD5 in FIPS
   * mode. An error of a listener, or of a write's callback, that is called from here destroys it too: `takePending` has entries in hand.
   */
  run(): void {
    try {
      this.#giveOut()
    } catch (error) {
      this.#stream.destroy(asError(error))
    }
  }

  /**
   * Nothing leaves by itself any more: neither timer nor immediate is left.
   *
   * @returns whom to tell of it, who waits for what is complete to leave.
   */
  stop(): Callback | undefined {
    this.#timer.cancel()
    this.#cancelLater()
    return this.#takeDone()
  }

  /** The entries that came too late for the stream. */
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

  #cancelLater(): void {
    clearImmediate(this.#later)
    this.#later = undefined
  }

  #takeDone(): Callback | undefined {
    const done = this.#done
    this.#done = undefined
    return done
  }

  /** What stays open may grow while there is no room. */
  #giveOut(): void {
    // A shard map calls back. Whoever asks it goes on once it has answered; where it throws nobody would.
    if (this.#packer.isHeld) return this.#runLater()
    this.#cancelLater()
    let room = this.#hasRoom
    for (;;) {
      if (isDead(this.#stream)) room = false
      if (room && !this.#packer.hasOutput) this.#packer.closeOldest(this.#timer.dueUntil)
      if (room || this.#packer.openedAt === undefined) this.#timer.schedule(this.#packer.openedAt)
      // Destroyed by one of its own callbacks, it has been told nothing of the write at hand.
      if (!this.#packer.hasOutput || this.#stream.destroyed) return this.#takeDone()?.()
      if (!room) return
      this.#asked = false
      const entry = this.#packer.take()!
      // A shard that is asked for its id may have destroyed it: what is pushed then is gone.
      if (isDead(this.#stream)) this.#stranded.push(entry)
      else room = this.#stream.push(entry)
    }
  }
}
