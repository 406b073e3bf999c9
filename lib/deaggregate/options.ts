import type { KplError } from '../errors.js'
import { callback, choice, flag, resolved } from '../options.js'
import { type Checkpoint, checkCheckpoint } from '../routing/checkpoint.js'
import { type HashKeyRange, type Range, checkRange } from '../routing/hash-key-range.js'
import type { KinesisInput } from './input.js'
import type { UserRecord } from './user-record.js'

/** How to read. */
export interface DeaggregateOptions<S = KinesisInput> {
  /**
   * What the magic with a wrong MD5 is: `'passthrough'` (default, as in the KCL), a
   * plain payload that happens to begin so; `'error'`, corruption.
   */
  digestMismatch?: 'passthrough' | 'error' | undefined
  /**
   * What the right MD5 of bytes that are no valid message is: `'error'` (default) or
   * `'passthrough'`, a plain payload, told by `!aggregated && isAggregated(data)`.
   */
  malformed?: 'error' | 'passthrough' | undefined
  /** Gets what would be an error, with the input it is about; reading goes on with the next record. */
  onRejected?: ((error: KplError, source: S) => void) | undefined
  /**
   * The range of the one shard that is read. As in the KCL, an aggregate with a user
   * record outside it is hidden whole: its producer has sent it again elsewhere.
   * Never for streams with service-managed partition keys.
   */
  hashKeyRange?: HashKeyRange | undefined
  /** Gets all user records of an aggregate that `hashKeyRange` hides, once, in turn. */
  onHidden?: ((records: readonly UserRecord<S>[]) => void) | undefined
  /** Skips all up to and including this checkpoint, inside an aggregate too. */
  after?: Checkpoint | undefined
  /** Gives every payload memory of its own, instead of a view of its Kinesis record's. Default `false`. */
  copy?: boolean | undefined
}

/** The options, checked, with their defaults. */
export interface ReadingOptions<S> {
  readonly digestMismatch: 'passthrough' | 'error'
  readonly malformed: 'passthrough' | 'error'
  readonly onRejected: ((error: KplError, source: S) => void) | undefined
  readonly hashKeyRange: Range | undefined
  readonly onHidden: ((records: readonly UserRecord<S>[]) => void) | undefined
  readonly after: Checkpoint | undefined
  readonly copy: boolean
}

/** Written out, and not made by the rules below: most programs call without options, some for each record. The rules take 2 µs, and 130 in a process that has just begun. */
const DEFAULTS: ReadingOptions<any> = {
  digestMismatch: 'passthrough',
  malformed: 'error',
  onRejected: undefined,
  hashKeyRange: undefined,
  onHidden: undefined,
  after: undefined,
  copy: false,
}

/** @throws KplError `ERR_KPL_INVALID_ARGUMENT` */
export function readingOptions<S>(options?: DeaggregateOptions<S>): ReadingOptions<S> {
  if (options === undefined) return DEFAULTS
  return resolved<ReadingOptions<S>>(options, {
    digestMismatch: choice(DEFAULTS.digestMismatch, 'error'),
    malformed: choice(DEFAULTS.malformed, 'passthrough'),
    onRejected: callback(),
    hashKeyRange: (range) => (range === undefined ? undefined : checkRange(range)),
    onHidden: callback(),
    after: (checkpoint, name) => (checkpoint === undefined ? undefined : checkCheckpoint(checkpoint, name)),
    copy: flag(DEFAULTS.copy),
  })
}
