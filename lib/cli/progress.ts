import type { Messages } from './messages.js'
import { counted } from './text.js'

/** How far a long input is read, as a line on standard error. */
export class Progress {
  /** Bytes to come, where that is known. */
  total: number | undefined
  readonly #messages: Messages
  readonly #now: () => number
  readonly #start: number
  #next: number
  #bytes = 0
  #userRecords = 0

  constructor(messages: Messages, isShown: boolean, now = () => performance.now()) {
    // What is done within a second needs no line.
    const PATIENCE = 1000
    this.#messages = messages
    this.#now = now
    this.#start = now()
    this.#next = isShown ? this.#start + PATIENCE : Infinity
  }

  read(bytes: number): void {
    const INTERVAL = 250
    this.#bytes += bytes
    const now = this.#now()
    if (now < this.#next) return
    this.#next = now + INTERVAL
    this.#messages.status(this.#text((now - this.#start) / 1000))
  }

  userRecord(): void {
    this.#userRecords++
  }

  #text(seconds: number): string {
    const { total } = this
    const share = total === undefined ? '' : ` of ${sized(total)} (${Math.floor((this.#bytes / total) * 100)} %)`
    return `${sized(this.#bytes)}${share}, ${sized(this.#bytes / seconds)}/s, ${counted(this.#userRecords, 'user record')}`
  }
}

/** 1.5 MiB */
export function sized(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  const unit = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10))
  return `${(bytes / 2 ** (unit * 10)).toFixed(unit === 0 ? 0 : 1)} ${units[unit]}`
}
