import { Passes } from '../passes.js'
import { writingOptions } from './options.js'
import { Packer } from './packer.js'

let oneOfEach: unknown

/**
 * Keeps an object alive of each class that writing a plain user record takes, but for the entry's, as `deaggregate/keep-compiled.ts`
 * does for reading and for the same reason: the batch after `gc()`, 3 MB of 100-byte records, took 25 ms, and takes 4.
 */
export function keepCompiled(): void {
  oneOfEach ??= some()
}

function some(): unknown {
  // Alone and with no hash key asked for: there is no digest in FIPS mode.
  const record = { partitionKey: 'a', data: Buffer.alloc(1) }
  const passes = new Passes([record], () => new Packer(writingOptions({ groupBy: 'none' })))
  const pass = passes[Symbol.iterator]()
  // The packer keeps the key, and the key its aggregate. The entry is let go: its data may lie in Node's pool, beside the user's.
  pass.next()
  return [passes, pass]
}
