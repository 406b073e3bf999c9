// What every start does: the aggregate is read from a file, and what it took is told.
import { readFileSync } from 'node:fs'

const [file, length] = process.argv.slice(2) as [string, string]

export const bytes = readFileSync(file)
/** Of all keys and data: what the answer must be. */
export const expected = Number(length)

/** Milliseconds since the process started, by the clock and of its CPU. */
export function answer(touched: number): void {
  if (touched !== expected) throw new Error(`${touched} bytes touched, not ${expected}`)
  const wall = performance.now()
  const { user, system } = process.cpuUsage()
  console.log(JSON.stringify({ wall, cpu: (user + system) / 1_000 }))
}
