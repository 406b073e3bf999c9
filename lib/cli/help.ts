import { type Option, type Options, withHelp } from './arguments.js'
import type { Command, Io } from './command.js'
import { widthOf } from './text.js'

export const EXIT_CODES = 'Exit code 0: all is well; 1: something could not be read or written, and was told; 2: wrong usage.'

/** All about one command. */
export function helpOf({ usage, about, options, notes, examples }: Command, io: Io): string[] {
  const width = columnsFor(io)
  const heading = (text: string) => io.paint('bold', text)
  return [
    `${heading('Usage:')} kpl-codec ${usage}`,
    '',
    ...wrapped(about, width),
    '',
    heading('Options:'),
    ...optionLines(options, width),
    '',
    ...(notes.length === 0 ? [] : [...notes.flatMap((note) => wrapped(note, width)), '']),
    heading('Examples:'),
    ...examples.flatMap(([line, about]) => [`  ${io.paint('cyan', line)}`, ...wrapped(`      ${about}`, width)]),
    '',
    ...wrapped(EXIT_CODES, width),
  ]
}

/** Readable lines are not as wide as some terminals are. */
export function columnsFor({ width }: Pick<Io, 'width'>): number {
  return Math.max(40, Math.min(100, width))
}

function optionLines(options: Options, width: number): string[] {
  const entries = Object.entries(withHelp(options)).map(([name, option]) => [nameOf(name, option), aboutOf(option)] as const)
  const longest = Math.max(...entries.map(([name]) => name.length)) + 4
  return entries.flatMap(([name, about]) => {
    // Where the room beside the names is small, what they are stands below them.
    if (width - longest < 36) return [`  ${name}`, ...wrapped(`${' '.repeat(8)}${about}`, width)]
    const [first, ...rest] = wrapped(`${' '.repeat(longest)}${about}`, width) as [string, ...string[]]
    return [`  ${name.padEnd(longest - 2)}${first.slice(longest)}`, ...rest]
  })
}

function nameOf(name: string, { value, short }: Option): string {
  return `${short === undefined ? '    ' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`
}

function aboutOf({ about, choices, fallback }: Option): string {
  const values = choices?.map((choice) => (choice === fallback ? `${choice} (default)` : choice)).join(', ')
  return values === undefined ? about : `${about}; ${values}`
}

/** Lines of so many columns at the most; all are indented as far as the first, or as its second column, if it has two. */
export function wrapped(text: string, width: number): string[] {
  const first = /^ *(?:\S+ {2,})?/.exec(text)![0]
  const indent = ' '.repeat(first.length)
  const lines: string[] = []
  let line = first
  for (const word of text.slice(first.length).split(' ')) {
    const longer = line.length === indent.length ? line + word : `${line} ${word}`
    if (widthOf(longer) > width && line.length > indent.length) {
      lines.push(line)
      line = indent + word
    } else line = longer
  }
  return [...lines, line]
}
