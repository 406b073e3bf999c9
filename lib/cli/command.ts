import type { Arguments, Options } from './arguments.js'
import type { Messages } from './messages.js'
import type { Output } from './output.js'
import type { Paint } from './paint.js'
import type { Progress } from './progress.js'

/** What stands between a command and the world: `process`, or what a test has in its place. */
export interface Surroundings {
  readonly stdin: AsyncIterable<Buffer> & { readonly isTTY?: boolean }
  readonly stdout: NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number }
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number }
  readonly env: NodeJS.ProcessEnv
}

/** What a command reads from and writes to. */
export interface Io {
  readonly stdin: Surroundings['stdin']
  readonly output: Output
  readonly messages: Messages
  readonly progress: Progress
  readonly paint: Paint
  /** Columns of the terminal that is written to; `Infinity` where it is none. */
  readonly width: number
}

export interface Command {
  /** What follows the program's name. */
  readonly usage: string
  readonly about: string
  readonly options: Options
  /** What there is to know beside the options. */
  readonly notes: readonly string[]
  /** Command lines, each with what it does. */
  readonly examples: readonly (readonly [line: string, about: string])[]
  run(args: Arguments, io: Io): Promise<void>
}
