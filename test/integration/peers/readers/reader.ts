import type { AggregatorOptions, UserRecordInput } from 'kpl-codec'
import type { Toolchain } from '../../../../fixtures/toolchain.js'
import type { Outcome, Read } from '../reading.js'

/** A reader that others wrote. */
export interface Reader {
  /** With its version. */
  readonly name: string
  /** What it needs here besides Node. */
  readonly toolchain: Toolchain | undefined
  readonly faults: readonly ReaderFault[]
  start(): RunningReader
}

export interface RunningReader {
  /** A reading of each Kinesis record's data; the records' own partition key is `OUTER_KEY`. */
  read(payloads: readonly Buffer[]): Promise<Buffer[]>
  stop(): void
}

/** One that hides aggregates by a hash key range. */
export interface ShardReader extends Reader {
  start(): RunningReader & { readInRange(payloads: readonly Buffer[], first: string, last: string): Promise<Buffer[]> }
}

/** The partition key of every Kinesis record that is read. */
export const OUTER_KEY = 'outer'

/** What a reader makes of well-made records that it should not. */
export interface ReaderFault {
  readonly what: string
  /** What in it does so. */
  readonly why: string
  /** The smallest input that shows it; written by `aggregate`, it is one Kinesis record. */
  readonly given: readonly UserRecordInput[]
  readonly options: AggregatorOptions
  /** What the reader gives for it, as `shownOutcome` shows it. */
  readonly gives: string
  /** What it gives in place of the right user records, whatever they are. */
  readonly of: (right: readonly Read[]) => Outcome
}
