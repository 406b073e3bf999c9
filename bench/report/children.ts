// Measurements that need a process of their own: they print, and send what they found.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Figure, Point } from './results.js'

export interface Found {
  readonly figures?: readonly Figure[]
  readonly curves?: readonly Point[]
}

export const CHILDREN = ['size', 'memory', 'cold-start', 'curves'] as const

export async function runChild(name: (typeof CHILDREN)[number]): Promise<Found> {
  const child = fork(join(import.meta.dirname, '..', `${name}.ts`))
  let found: Found = {}
  child.on('message', (message) => (found = message as Found))
  const [code] = (await once(child, 'exit')) as [number | null]
  if (code !== 0) throw new Error(`${name} ended with ${code}`)
  return found
}

/** From within such a process; without effect where it was started by hand. */
export function report(found: Found): void {
  process.send?.(found)
}

export function figure(name: string, unit: string, value: number): Figure {
  return { name, unit, median: value, min: value, max: value }
}
