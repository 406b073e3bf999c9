import { createRequire } from 'node:module'
import { KplError } from '../errors.js'
import { Arguments, UsageError, parse, quoted } from './arguments.js'
import type { Command, Io, Surroundings } from './command.js'
import { EXIT_CODES, columnsFor, helpOf, wrapped } from './help.js'
import { Messages } from './messages.js'
import { Output } from './output.js'
import { paintFor } from './paint.js'
import { Progress } from './progress.js'

/** The commands, each loaded when it is asked for. */
const COMMANDS: Record<string, readonly [about: string, load: () => Promise<{ command: Command }>]> = {
  decode: ['the user records in Kinesis records', () => import('./decode.js')],
  inspect: ['the anatomy of a record, byte by byte', () => import('./inspect.js')],
  encode: ['entries for PutRecords that hold user records', () => import('./encode.js')],
  'hash-key': ['hash keys of partition keys, and their shards', () => import('./hash-key.js')],
}

/** Runs a command line and returns the exit code. */
export async function run(args: readonly string[], { stdin, stdout, stderr, env }: Surroundings): Promise<number> {
  const messages = new Messages({ stderr, env })
  const output = new Output(stdout)
  const io: Io = {
    stdin,
    output,
    messages,
    // On one terminal with the output it would be among it.
    progress: new Progress(messages, stderr.isTTY === true && stdout.isTTY !== true),
    paint: paintFor(stdout, env),
    width: stdout.isTTY ? (stdout.columns ?? 80) : Infinity,
  }
  try {
    await perform(args, io)
    await output.flush()
  } catch (error) {
    const code = exitCodeOf(error, messages)
    if (code !== undefined) return code
  } finally {
    messages.end()
  }
  return messages.failures > 0 ? 1 : 0
}

async function perform([name, ...rest]: readonly string[], io: Io): Promise<void> {
  if (name === '--version' || name === '-V') return io.output.lines([version()])
  if (name === '--help' || name === '-h' || (name === 'help' && rest.length === 0)) return io.output.lines(overview(io))
  if (name === 'help') return perform([...rest, '--help'], io)
  if (name === undefined) throw new UsageError(`a command is missing: ${Object.keys(COMMANDS).join(', ')}; see kpl-codec --help`)
  if (!Object.hasOwn(COMMANDS, name)) throw new UsageError(`there is no command ${quoted(name)}; see kpl-codec --help`)
  const { command } = await COMMANDS[name]![1]()
  const parsed = parsedFor(name, rest, command)
  await (parsed.has('help') ? io.output.lines(helpOf(command, io)) : command.run(parsed, io))
}

function parsedFor(name: string, args: readonly string[], command: Command): Arguments {
  try {
    return parse(args, command.options)
  } catch (error) {
    throw new UsageError(`${(error as Error).message}; see kpl-codec ${name} --help`)
  }
}

/** Tells what went wrong; `undefined` where nothing is to be told. What is a fault of this program is thrown on. */
function exitCodeOf(error: unknown, messages: Messages): number | undefined {
  const { code, message } = error as NodeJS.ErrnoException
  messages.status('')
  // Who reads the output has seen enough.
  if (code === 'EPIPE') return undefined
  if (error instanceof UsageError) messages.fail(undefined, message)
  // An option's name in the library is camelCase.
  else if (error instanceof KplError) messages.fail(undefined, `${code}: ${code === 'ERR_KPL_INVALID_ARGUMENT' ? asFlags(message) : message}`)
  else if ((error as NodeJS.ErrnoException).errno !== undefined) messages.fail(undefined, message)
  else throw error
  return error instanceof UsageError || code === 'ERR_KPL_INVALID_ARGUMENT' ? 2 : 1
}

function overview(io: Io): string[] {
  const width = columnsFor(io)
  return [
    `${io.paint('bold', 'Usage:')} kpl-codec COMMAND [OPTION…] [ARGUMENT…]`,
    '',
    ...wrapped('Reads and writes KPL aggregated Kinesis records.', width),
    '',
    io.paint('bold', 'Commands:'),
    ...Object.entries(COMMANDS).map(([name, [about]]) => `  ${io.paint('cyan', name.padEnd(10))}${about}`),
    '',
    ...wrapped('kpl-codec COMMAND --help tells all about one of them, with examples; --version the version.', width),
    '',
    ...wrapped(EXIT_CODES, width),
  ]
}

function version(): string {
  return (createRequire(import.meta.url)('kpl-codec/package.json') as { version: string }).version
}

/** A message that names options, with the flags that they are here. */
function asFlags(message: string): string {
  return message.replace(/\b[a-z]+(?:[A-Z][a-z]+)+\b/g, (word) => `--${word.replace(/[A-Z]/g, '-$&').toLowerCase()}`)
}
