// A case that runs on Node.js, in a process of its own: among others in one process, the compiler would guess by what
// they all do, and the garbage collector would walk over what they all keep (up to half the speed).
import { join } from 'node:path'
import { LineProcess } from './line-process.js'
import { WARM_UP_MS } from './ways/timed.js'
import type { TimedWay } from './ways/way.js'

export function ownProcess(caseName: string): TimedWay {
  const child = new LineProcess([process.execPath, '--expose-gc', '--import', 'tsx', join(import.meta.dirname, 'serve.ts'), caseName], 'inherit')
  return {
    warmUp: WARM_UP_MS,
    prove: async () => Number(await child.ask('prove')),
    time: (passes) => child.time(`time ${passes}`),
    stop: () => child.stop(),
  }
}
