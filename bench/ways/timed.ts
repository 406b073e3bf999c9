// A way that runs in this process, timed.
import { type Time, type TimedWay, WARM_UP_MS, type Way } from './way.js'

/** Clears away what was there before, so that a way's own garbage is counted, and no other. */
const collect = globalThis.gc ?? fail('run with --expose-gc')

export function timedHere(way: Way): TimedWay {
  return {
    warmUp: WARM_UP_MS,
    prove: async () => way.prove(),
    time: (passes) => time(way, passes),
  }
}

async function time(way: Way, passes: number): Promise<Time & { readonly touched: number }> {
  collect({ type: 'minor' })
  let touched: number | undefined
  const start = performance.now()
  const used = process.cpuUsage()
  for (let n = 0; n < passes; n++) {
    const result = way.run()
    const now = typeof result === 'number' ? result : await result
    if (touched !== undefined && now !== touched) throw new Error(`it touched ${now} bytes, not ${touched}`)
    touched = now
  }
  const { user, system } = process.cpuUsage(used)
  return { wall: performance.now() - start, cpu: (user + system) / 1_000, touched: touched! }
}

function fail(message: string): never {
  throw new Error(message)
}
