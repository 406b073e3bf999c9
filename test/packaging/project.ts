// A fresh project beside the tests, in which nothing of this repository is installed but the packed package.
import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

export const repository = join(import.meta.dirname, '../..')
export const project = join(import.meta.dirname, '.project')
export const fixtures = join(repository, 'fixtures')

/** As npm tells of it. */
export interface Packed {
  readonly filename: string
  readonly unpackedSize: number
  readonly files: readonly { readonly path: string; readonly size: number }[]
}

/** What `pack.ts` has packed and installed. */
export function packed(): Packed {
  const file = join(project, 'packed.json')
  if (!existsSync(file)) throw new Error('nothing is packed: run pack.ts first')
  return JSON.parse(readFileSync(file, 'utf8')) as Packed
}

/** The package.json that users have. */
export function manifest(): { readonly exports: Record<string, unknown>; readonly bin?: Record<string, string>; readonly version: string } {
  return JSON.parse(readFileSync(join(project, 'node_modules/kpl-codec/package.json'), 'utf8'))
}

/** What users import, by name: `kpl-codec` and its subpaths that are code. */
export function entryPoints(): string[] {
  const paths = Object.keys(manifest().exports).filter((path) => !path.endsWith('.json'))
  return paths.map((path) => `kpl-codec${path.slice(1)}`)
}

/** A program that is installed for the tests. */
export function tool(name: string): string {
  return join(import.meta.dirname, 'node_modules/.bin', name)
}

/** Runs a program in the project; what it prints. Rejects with all that it said where it fails. */
export async function run(command: string, ...args: readonly string[]): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(command, args, { cwd: project, timeout: 120_000, maxBuffer: 64 * 1024 * 1024 })
    return stdout
  } catch (error) {
    const { code, stdout, stderr } = error as { readonly code: unknown; readonly stdout: string; readonly stderr: string }
    throw new Error(`${command} ${args.join(' ')} ended with ${code}\n${stdout}\n${stderr}`)
  }
}
