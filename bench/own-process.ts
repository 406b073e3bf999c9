// A case that runs on Node.js, in a process of its own, as the peers of other languages: so it hangs on no other case what
// the compiler guesses and what the garbage collector walks over.
import { join } from 'node:path'
import { LineProcess } from './line-process.js'
import { type TimedWay, WARM_UP_MS } from './ways/way.js'

export function ownProcess(caseName: string): TimedWay {
  const child = new LineProcess([process.execPath, '--expose-gc', '--import', 'tsx', join(import.meta.dirname, 'serve.ts'), caseName], 'inherit')
  return {
    warmUp: WARM_UP_MS,
    prove: async () => Number(await child.ask('prove')),
    time: (passes) => child.time(`time ${passes}`),
    stop: () => child.stop(),
  }
}
