import { FRAME_OVERHEAD } from '../format/constants.js'
import { readMessage } from '../format/message-reader.js'
import { Rows } from '../format/rows.js'
import { Passes } from '../passes.js'
import { Reader } from '../wire/reader.js'
import { readingOptions } from './options.js'
import { Unpacker } from './unpacker.js'

let oneOfEach: unknown

/**
 * Keeps an object of each class alive that `deaggregate` makes. V8 throws away what it has compiled for a class where a
 * garbage collection finds no object of it, as between two batches: not in every collection, but in `gc()`, near the
 * heap's limit, and with `--optimize-for-size`. The batch after `gc()`, 3 MB of 100-byte records, took 14 ms, and takes 4.
 */
export function keepCompiled(): void {
  oneOfEach ??= some()
}

function some(): unknown {
  // No aggregate, for there is no digest in FIPS mode.
  const bytes = Buffer.alloc(FRAME_OVERHEAD)
  const passes = new Passes([bytes], () => new Unpacker<Buffer>(readingOptions()))
  const pass = passes[Symbol.iterator]()
  return [passes, pass, pass.next(), readMessage(bytes), new Reader(bytes, 0, 0), new Rows()]
}
