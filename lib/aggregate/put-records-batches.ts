import { isBytes } from '../bytes.js'
import { KplError, check } from '../errors.js'
import { checkIterable, checkLimit, checkOptions } from '../options.js'
import { type Stage, through } from '../stage.js'

/** The service's limits for one PutRecords request. */
const LARGEST_COUNT = 500
const LARGEST_SIZE = 10_485_760
const DEFAULT_SIZE = 5_242_880

type Entry = { Data: Uint8Array; PartitionKey: string }

/**
 * Groups entries into PutRecords requests, in order. An entry above `maxSize` goes alone.
 *
 * @param limits `maxCount` entries (default and at most 500) and `maxSize` bytes of data and partition keys
 *   (default 5 MiB, at most 10 MiB) in one request.
 * @throws KplError at the call, `ERR_KPL_INVALID_ARGUMENT`; in an entry's turn `ERR_KPL_RECORD_TOO_LARGE`, `ERR_KPL_INVALID_INPUT`
 */
export function putRecordsBatches<E extends Entry>(
  entries: Iterable<E>,
  limits: { maxCount?: number | undefined; maxSize?: number | undefined } = {},
): Iterable<E[]> {
  checkOptions(limits)
  const { maxCount = LARGEST_COUNT, maxSize = DEFAULT_SIZE } = limits
  checkLimit('maxCount', maxCount, LARGEST_COUNT)
  checkLimit('maxSize', maxSize, LARGEST_SIZE)
  checkIterable('entries', entries)
  return through(entries, () => new Batcher<E>(maxCount, maxSize))
}

class Batcher<E extends Entry> implements Stage<E, E[]> {
  readonly #maxCount: number
  readonly #maxSize: number
  #batch: E[] = []
  #size = 0
  #full: E[] | undefined

  constructor(maxCount: number, maxSize: number) {
    this.#maxCount = maxCount
    this.#maxSize = maxSize
  }

  put(entry: E): void {
    const size = sizeOf(entry)
    if (this.#batch.length === this.#maxCount || this.#size + size > this.#maxSize) this.end()
    this.#batch.push(entry)
    this.#size += size
  }

  get isComplete(): boolean {
    return this.#full !== undefined
  }

  take(): E[] | undefined {
    const full = this.#full
    this.#full = undefined
    return full
  }

  end(): void {
    if (this.#batch.length > 0) this.#full = this.#batch
    this.#batch = []
    this.#size = 0
  }
}

function sizeOf(entry: Entry): number {
  const { Data, PartitionKey } = Object(entry) as Entry
  check(isBytes(Data) && typeof PartitionKey === 'string', 'an entry must have Data and PartitionKey', entry, 'ERR_KPL_INVALID_INPUT')
  const size = Data.length + Buffer.byteLength(PartitionKey)
  if (size > LARGEST_SIZE) {
    throw new KplError('ERR_KPL_RECORD_TOO_LARGE', `an entry takes ${size} bytes, a request ${LARGEST_SIZE}`, { size, limit: LARGEST_SIZE, input: entry })
  }
  return size
}
