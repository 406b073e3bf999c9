// A way of going through a corpus.
import type { Corpus } from '../corpus.js'

/** For V8's compilers. */
export const WARM_UP_MS = 1_000

/** Milliseconds: by the clock on the wall, and of all the process' threads, those of the garbage collector too. */
export interface Time {
  readonly wall: number
  readonly cpu: number
}

export interface Way {
  /** One pass; gives the number of bytes touched. */
  run(): number | Promise<number>
  /** Throws unless the result is right to the last byte; gives what every pass is to give. */
  prove(): number | Promise<number>
}

export type Prepare = (corpus: Corpus) => Way

/** A way that is timed where it runs, in this process or another. */
export interface TimedWay {
  /** Milliseconds that its compiler needs. */
  readonly warmUp: number
  prove(): Promise<number>
  /** So many passes: the time of all, and the number of bytes touched in each. */
  time(passes: number): Promise<Time & { readonly touched: number }>
  /** It is not asked again: what only it needed may go. */
  stop?(): void
}

export type PrepareTimed = (corpus: Corpus) => TimedWay
