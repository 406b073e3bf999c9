// A case that runs on Node.js, in a process of its own, as the peers of other languages: so it hangs on no other case what
// the compiler guesses and what the garbage collector walks over.
import { join } from 'node:path'
import { LineProcess } from './line-process.js'
import { type TimedWay, WARM_UP_MS } from './ways/way.js'

/**
 * The most that V8 lets a semi-space grow to by default on a 64-bit machine with memory enough. In the
 * seconds between two turns V8 shrinks it: 10-byte records were then read in 80 to 150 ns, not in 60.
 */
const SEMI_SPACE = '--min-semi-space-size=16'

export function ownProcess(caseName: string): TimedWay {
  const child = new LineProcess([process.execPath, '--expose-gc', SEMI_SPACE, '--import', 'tsx', join(import.meta.dirname, 'serve.ts'), caseName], 'inherit')
  return {
    warmUp: WARM_UP_MS,
    prove: async () => Number(await child.ask('prove')),
    time: (passes) => child.time(`time ${passes}`),
    stop: () => child.stop(),
  }
}
