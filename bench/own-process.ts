// A case that runs on Node.js, in a process of its own, as the peers of other languages: so it hangs on no other case what
// the compiler guesses and what the garbage collector walks over.
import { join } from 'node:path'
import { LineProcess } from './line-process.js'
import { type TimedWay, WARM_UP_MS } from './ways/way.js'

/**
 * The young generation stays at the size that V8 lets it grow to anyway. In the seconds between two
 * turns V8 makes it small again, as it does in no process that is at work: 10-byte records were then
 * read in 80 to 150 ns, not in 60.
 */
const YOUNG_GENERATION = '--min-semi-space-size=16'

export function ownProcess(caseName: string): TimedWay {
  const child = new LineProcess([process.execPath, '--expose-gc', YOUNG_GENERATION, '--import', 'tsx', join(import.meta.dirname, 'serve.ts'), caseName], 'inherit')
  return {
    warmUp: WARM_UP_MS,
    prove: async () => Number(await child.ask('prove')),
    time: (passes) => child.time(`time ${passes}`),
    stop: () => child.stop(),
  }
}
