// Peers of other languages are built from their folder here into .peers/, once for each state of their sources.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface Toolchain {
  /** The folder of the sources, and the name in what is said. */
  readonly language: 'go' | 'java' | 'python'
  /** A command that tells the version. */
  readonly version: readonly string[]
  readonly commands: (out: string) => readonly (readonly string[])[]
}

const OUT = join(import.meta.dirname, '..', '.peers')

export const go: Toolchain = {
  language: 'go',
  version: ['go', 'version'],
  commands: (out) => [['go', 'build', '-o', out, './...']],
}

export const java: Toolchain = {
  language: 'java',
  version: ['java', '--version'],
  commands: (out) => [['mvn', '-q', '-B', `-Dpeers.out=${out}`, 'package', 'dependency:copy-dependencies']],
}

export const python: Toolchain = {
  language: 'python',
  version: ['python3', '--version'],
  commands: (out) => [
    ['python3', '-m', 'venv', out],
    [join(out, 'bin', 'python'), '-m', 'pip', 'install', '-q', '-r', 'requirements.txt'],
  ],
}

/** Of the language's own tool, or that there is none. */
export function versionOf({ language, version: [command, ...args] }: Toolchain): string {
  try {
    const said = execFileSync(command!, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
    return `${language} ${/\d+(?:\.\d+)+/.exec(said)?.[0]}`
  } catch {
    return `no ${language} here`
  }
}

const built = new Map<Toolchain, string>()

/** Gives the folder of what was built; throws a plain sentence where it cannot be. */
export function build(toolchain: Toolchain): string {
  const { language, commands } = toolchain
  const done = built.get(toolchain)
  if (done !== undefined) return done
  const out = join(OUT, language)
  const cwd = join(import.meta.dirname, language)
  const stamp = join(out, 'stamp')
  const state = `${versionOf(toolchain)} ${digestOf(cwd)}`
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== state) {
    mkdirSync(out, { recursive: true })
    for (const command of commands(out)) run(language, cwd, command)
    writeFileSync(stamp, state)
  }
  built.set(toolchain, out)
  return out
}

function run(language: string, cwd: string, [command, ...args]: readonly string[]): void {
  try {
    execFileSync(command!, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
  } catch (error) {
    const { code, stderr } = error as { readonly code?: string; readonly stderr?: Buffer }
    const reason = code === 'ENOENT' ? `there is no ${command}` : (stderr?.toString().trim().split('\n')[0] ?? 'no reason told')
    throw new Error(`the peers in ${language} cannot be built here: ${reason}`)
  }
}

function digestOf(folder: string): string {
  const hash = createHash('sha256')
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile() && !entry.name.endsWith('.pyc'))
  for (const file of files.map((entry) => join(entry.parentPath, entry.name)).sort()) hash.update(file).update(readFileSync(file))
  return hash.digest('hex')
}
