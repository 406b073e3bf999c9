// A way of going through a corpus.
import type { Corpus } from '../corpus.js'

/** Milliseconds: by the clock on the wall, and of all the process' threads, those of the garbage collector too. */
export interface Time {
  readonly wall: number
  readonly cpu: number
}

interface Proven {
  /** Throws unless the result is right to the last byte; gives what every pass is to give. */
  prove(): number | Promise<number>
}

export interface LocalWay extends Proven {
  /** One pass; gives the number of bytes touched. */
  run(): number | Promise<number>
}

/** In another process, which times itself. */
export interface RemoteWay extends Proven {
  /** Milliseconds that its compiler needs. */
  readonly warmUp: number
  /** So many passes: the time of all, and the number of bytes touched in each. */
  time(passes: number): Promise<Time & { readonly touched: number }>
}

export type Way = LocalWay | RemoteWay

export type Prepare = (corpus: Corpus) => Way | Promise<Way>
