// The tables of the root's README, written from a whole run's results.
import { readFileSync, writeFileSync } from 'node:fs'
import type { Results } from './results.js'

const README = new URL('../../README.md', import.meta.url)
const BLOCK = /(?<=<!-- bench -->\n)[^]*(?=<!-- \/bench -->)/
const CORPORA = ['10', '100', '1100', '40000']
const OURS = { batch: '**kpl-codec**, many at once', 'one-by-one': '**kpl-codec**, one at a time' }

export function saveReadme(results: Results): void {
  writeFileSync(README, readFileSync(README, 'utf8').replace(BLOCK, () => block(results)))
}

function block(results: Results): string {
  const { machine, corpora, figures } = results
  const md5 = corpora.flatMap(({ cases }) => cases).find(({ name }) => name === 'floor/40000/md5')!
  const figureOf = (name: string) => figures.find((figure) => figure.name === name)!.median
  const ms = (name: string) => `${figureOf(`cold-start/${name}`).toFixed(0)} ms`
  return `![Reading and writing, where one lane of MD5 is 1; what a byte costs, the more there are of something](bench/results.svg)

Bytes a second where node:crypto's MD5 alone over the same bytes, one aggregate at a time, is 1 (here ${md5.mibPerSecond.toFixed(0)} MiB/s), by CPU time:
aggregates of about 50 KB, of user records of so many bytes (${machine.cpu}, Node ${machine.node}). "Many at once" is \`batch\` in the
chart, "one at a time" \`one-by-one\`. On another machine, and in another hour on this one, ratios differ:

${table(results, 'read')}

${table(results, 'write')}

Cold start: a fresh process that reads a first aggregate, beside one that only digests its bytes. Bundled for Lambda it takes
${ms('kpl-codec bundled')} longer as CommonJS, ${ms('kpl-codec bundled, ESM')} as an ES module; as it is installed ${ms('kpl-codec required')} (\`require\`) or ${ms('kpl-codec imported')} (\`import\`).
\`aws-kinesis-agg\` takes ${ms('aws-kinesis-agg bundled')} bundled, ${ms('aws-kinesis-agg required')} as it is installed. These are medians of starts that differ by tens
of ms.
`
}

function table({ corpora, peers }: Results, what: 'read' | 'write'): string {
  const cases = new Map(corpora.flatMap((corpus) => corpus.cases).map((each) => [each.name, each]))
  const ratios = (way: string) => CORPORA.map((corpus) => cases.get(`${what}/${corpus}/${way}`)?.byCpu.median.toFixed(2) ?? '')
  const ways = [...Object.entries(OURS), ...peers.map(({ name, title }) => [name, title] as const)]
  const rows = ways.map(([way, title]) => [title, ...ratios(way)]).filter(([, first]) => first !== '')
  return [[what, '10 B', '100 B', '1,100 B', '40,000 B'], ['---', '---', '---', '---', '---'], ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n')
}
