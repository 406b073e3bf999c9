import { parseArgs } from 'node:util'
import { visible } from './text.js'

/** What was asked for cannot be done as it was asked: told in one line, exit code 2. */
export class UsageError extends Error {}

export interface Option {
  /** What its value is called; an option without it has none. */
  readonly value?: string
  readonly short?: string
  readonly about: string
  /** The values that it can have. */
  readonly choices?: readonly string[]
  /** What it is where it is not given. */
  readonly fallback?: string
  /** Whether its value is a whole number. */
  readonly isNumber?: boolean
}

export type Options = Readonly<Record<string, Option>>

export class Arguments {
  readonly positionals: readonly string[]
  readonly #values: Record<string, string | boolean | undefined>

  constructor(values: Record<string, string | boolean | undefined>, positionals: readonly string[]) {
    this.#values = values
    this.positionals = positionals
  }

  has(name: string): boolean {
    return this.#values[name] !== undefined
  }

  text(name: string): string | undefined {
    return this.#values[name] as string | undefined
  }

  number(name: string): number | undefined {
    const text = this.text(name)
    return text === undefined ? undefined : Number(text)
  }
}

const HELP: Options = { help: { short: 'h', about: 'this text' } }

/** The options with the one that every command has. */
export function withHelp(options: Options): Options {
  return { ...options, ...HELP }
}

/** @throws UsageError */
export function parse(args: readonly string[], options: Options): Arguments {
  const known = Object.entries(withHelp(options)).map(([name, { value, short, fallback }]) => {
    return [name, { type: value === undefined ? 'boolean' : 'string', ...(short && { short }), ...(fallback && { default: fallback }) }] as const
  })
  try {
    const { values, positionals } = parseArgs({ args: [...args], options: Object.fromEntries(known), allowPositionals: true })
    for (const [name, option] of Object.entries(options)) checkValue(name, option, values[name] as string | undefined)
    return new Arguments(values as Record<string, string | boolean | undefined>, positionals)
  } catch (error) {
    // "Unknown option '--x'. To specify a positional argument starting with …": the first sentence says it.
    throw error instanceof UsageError ? error : new UsageError((error as Error).message.split(/\. |\n/)[0]!)
  }
}

function checkValue(name: string, { choices, isNumber }: Option, value: string | undefined): void {
  if (value === undefined) return
  if (choices !== undefined && !choices.includes(value)) throw new UsageError(`--${name} must be one of ${choices.join(', ')}, not ${quoted(value)}`)
  if (isNumber && !/^[0-9]{1,15}$/.test(value)) throw new UsageError(`--${name} must be a whole number, not ${quoted(value)}`)
}

/** Some of what was typed, for a message. */
export function quoted(text: string): string {
  return `"${visible(text.slice(0, 40))}"`
}
