// Writes docs/hostile-input.md.
import { writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { type Figures, figuresOf } from './figures.js'
import kinds from './kinds.js'

const SIZES = [1.25, 2.5, 5, 10]
const rows: string[] = []
for (const { name } of kinds) {
  const figures = await figuresOf(name, SIZES.map((size) => size * 2 ** 20))
  rows.push(row(name, figures))
  console.log(rows.at(-1))
}
writeFileSync(join(import.meta.dirname, '..', '..', '..', 'docs', 'hostile-input.md'), documentOf(rows))

function row(name: string, figures: readonly Figures[]): string {
  const { outcome } = figures.at(-1)!
  const times = figures.map(({ ms }) => (ms < 10 ? ms.toFixed(1) : ms.toFixed(0)))
  const memory = figures.map(({ memory }) => (memory === undefined ? '?' : (memory / 2 ** 20).toFixed(0)))
  return `| ${[name, outcome, ...times, ...memory].join(' | ')} |`
}

function documentOf(rows: readonly string[]): string {
  return `# Hostile input

What reading costs when the bytes are made to cost as much as they can. 10 MiB is the most that one Kinesis record can be.
Each line is the worst of one kind, in 1.25, 2.5, 5 and 10 MiB: the milliseconds of processor time that it takes, and the
peak of the process's memory in MiB, above what it had before the input was made, with the input in it. Eight
times the bytes take about eight times the time, up to some twenty where they outgrow the processor's caches; what is quadratic
would take 64 times. Memory grows with the input too, in the steps of V8's heap: rows that begin with few MiB show those.

A text counts by its letters. What is under a range is read with \`hashKeyRange\` of the whole space, so that every key is
hashed. \`json()\` is V8's \`JSON.parse\`, and takes what that takes.

Written by \`npm run hostile --prefix test/integration\` after \`npm run build\`; the suite \`hostile\` of the integration tests
fails where it is more than 24 times as much. ${cpus()[0]!.model.trim()}, Node.js ${process.version}.

| kind | what comes of 10 MiB | ms: ${SIZES.join(' | ')} | MiB: ${SIZES.join(' | ')} |
|---|---|${SIZES.map(() => '--:|').join('')}${SIZES.map(() => '--:|').join('')}
${rows.join('\n')}
`
}
