// Measures one kind in a process of its own: for each of some sizes a line of JSON.
import { readFileSync, writeFileSync } from 'node:fs'
import kinds, { outcomeOf } from './kinds.js'
import { collect } from '../../../fixtures/collect.js'
import type { Figures } from './figures.js'

const [name, ...sizes] = process.argv.slice(2)
const { prepare } = kinds.find((kind) => kind.name === name)!
collect()
const atFirst = process.memoryUsage.rss()

for (const size of sizes.map(Number)) {
  const run = prepare(size)
  collect()
  await new Promise(setImmediate)
  forgetPeak()
  const first = await timed(run)
  const peak = peakMemory()
  // One run may fall together with something else; a long one need not be repeated.
  let { ms } = first
  for (let n = 0, spent = ms; n < 4 && spent < 500; n++) {
    const again = await timed(run)
    spent += again.ms
    ms = Math.min(ms, again.ms)
  }
  const figures: Figures = { size, ms, memory: peak && peak - atFirst, outcome: first.outcome }
  console.log(JSON.stringify(figures))
}

/** Time of the processor, not of the clock: the machine may have other work. */
async function timed(run: () => unknown): Promise<{ ms: number; outcome: string }> {
  const before = process.cpuUsage()
  const outcome = await outcomeOf(run)
  const { user, system } = process.cpuUsage(before)
  return { ms: (user + system) / 1000, outcome }
}

function forgetPeak(): void {
  try {
    writeFileSync('/proc/self/clear_refs', '5')
  } catch {}
}

/** The most memory that the process had since then; Linux alone tells. */
function peakMemory(): number | undefined {
  try {
    return Number(/VmHWM:\s*(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))![1]) * 1024
  } catch {
    return undefined
  }
}
