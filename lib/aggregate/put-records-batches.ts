import { checkAttached, isBytes } from '../bytes.js'
import { KplError, checkInput } from '../errors.js'
import { DEFAULT_REQUEST_SIZE, LARGEST_REQUEST_COUNT, LARGEST_REQUEST_SIZE } from '../limits.js'
import { checkIterable, limit, resolved } from '../options.js'
import { Passes } from '../passes.js'
import type { Stage } from '../stage.js'

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
  const { maxCount, maxSize } = resolved<{ maxCount: number; maxSize: number }>(limits, {
    maxCount: limit(LARGEST_REQUEST_COUNT, LARGEST_REQUEST_COUNT),
    maxSize: limit(DEFAULT_REQUEST_SIZE, LARGEST_REQUEST_SIZE),
  })
  checkIterable('entries', entries)
  return new Passes(entries, () => batcher<E>(maxCount, maxSize))
}

function batcher<E extends Entry>(maxCount: number, maxSize: number): Stage<E, E[]> {
  let batch: E[] = []
  let size = 0
  let full: E[] | undefined
  return {
    put(entry) {
      const more = sizeOf(entry)
      if (batch.length === maxCount || size + more > maxSize) this.end()
      batch.push(entry)
      size += more
    },
    get hasOutput() {
      return full !== undefined
    },
    take() {
      const taken = full
      full = undefined
      return taken
    },
    end() {
      if (batch.length > 0) full = batch
      batch = []
      size = 0
    },
  }
}

function sizeOf(entry: Entry): number {
  const { Data, PartitionKey } = Object(entry) as Entry
  checkInput(isBytes(Data) && typeof PartitionKey === 'string', 'an entry must have Data and PartitionKey, as aggregate gives them', entry)
  if (Data.length === 0) checkAttached(Data, ' in an entry', { input: entry })
  const size = Data.length + Buffer.byteLength(PartitionKey)
  if (size > LARGEST_REQUEST_SIZE) {
    throw new KplError('ERR_KPL_RECORD_TOO_LARGE', `an entry takes ${size} bytes, a request ${LARGEST_REQUEST_SIZE}`, { size, limit: LARGEST_REQUEST_SIZE, input: entry })
  }
  return size
}
