// The tables of docs/peers.md, made of the lists that the tests hold against the programs.
import { readers } from './readers/readers.js'
import { shownRecords } from './shown.js'
import { writers } from './writers/writers.js'

export const HEADING = '## What kpl-codec writes, read by others'

export function peersTables(): string {
  return [
    HEADING,
    '',
    `Read as it was given: ${list(readers.filter(({ faults }) => faults.length === 0))}.`,
    '',
    `Read as it was given, but for faults: ${list(readers.filter(({ faults }) => faults.length > 0))}.`,
    '',
    table(
      ['Reader', 'Fault', 'Given', 'Read', 'Why'],
      readers.flatMap(({ name, faults }) =>
        faults.map(({ what, given, options, gives, why }) => {
          return [name, what, `${code(shownRecords(given))} with ${code(shownOptions(options))}`, code(gives), why]
        }),
      ),
    ),
    '',
    '## What others write, read by kpl-codec',
    '',
    `Read as it was given, but for what the writer did to it: ${list(writers)}.`,
    '',
    table(
      ['Writer', 'Fault', 'Given', 'Read', 'Why'],
      writers.flatMap(({ name, faults }) => {
        return faults.map(({ what, given, gives, why }) => [name, what, code(shownRecords(given)), code(gives), why])
      }),
    ),
    '',
  ].join('\n')
}

function list(peers: readonly { readonly name: string }[]): string {
  return peers.map(({ name }) => name).join(', ')
}


function shownOptions(options: object): string {
  return Object.entries(options)
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? `'${value}'` : value}`)
    .join(', ')
}

function code(text: string): string {
  return `\`${text}\``
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}
