import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** What so many bytes took. */
export interface Figures {
  readonly size: number
  readonly ms: number
  /** The peak over what the process had at first, in bytes, with the input; `undefined` where it is not told. */
  readonly memory: number | undefined
  readonly outcome: string
}

/** Measures one kind in a process of its own. */
export async function figuresOf(name: string, sizes: readonly number[]): Promise<Figures[]> {
  const args = ['--import', 'tsx', join(import.meta.dirname, 'measure.ts'), name, ...sizes.map(String)]
  // What is not linear would take hours.
  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 180_000 })
  return stdout.trim().split('\n').map((line) => JSON.parse(line) as Figures)
}
