// npm run bench -- [--check] [regular expression…], or --profile and the name of one case.
import { loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { type Case, wantedCases } from './cases.js'
import { corpora } from './corpora.js'
import { type Corpus, bytesIn } from './corpus.js'
import { stopAll } from './line-process.js'
import { type Measured, measure } from './measure.js'
import { profile } from './profile.js'
import { against, check, isChecked } from './report/budgets.js'
import { saveChart } from './report/chart.js'
import { CHILDREN, runChild } from './report/children.js'
import { type Results, corpusResult, emptyResults, saveResults } from './report/results.js'
import { printTable } from './report/table.js'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { check: { type: 'boolean', default: false }, profile: { type: 'string' } },
})

if (values.profile === undefined) await benchmark(positionals.map((text) => new RegExp(text)), values.check)
else await profile(values.profile)

async function benchmark(filters: readonly RegExp[], isCheck: boolean): Promise<void> {
  const isWanted = (name: string) => filters.length === 0 || filters.some((filter) => filter.test(name))
  const needed = new Set(isCheck ? against(isWanted) : [])
  const isNeeded = (name: string) => isWanted(name) || needed.has(name)
  const results = emptyResults()
  const measured = new Map<string, Measured>()
  describe(results)
  for (const [name, make] of corpora) {
    const cases = wantedCases(name, isNeeded)
    if (cases.length > 0) for (const each of await time(make(), cases, results)) measured.set(each.name, each)
  }
  stopAll()
  for (const name of CHILDREN.filter((name) => isWanted(name) || (isCheck && isChecked(name, isWanted)))) {
    console.log('')
    const { figures = [], curves = [] } = await runChild(name)
    results.figures.push(...figures)
    results.curves.push(...curves)
  }
  // A part of a run is no result to keep.
  if (filters.length === 0) {
    saveResults(results)
    saveChart(results)
  }
  const figures = new Map(results.figures.map((each) => [each.name, each]))
  if (isCheck && !check(measured, figures, isWanted)) process.exitCode = 1
}

async function time(corpus: Corpus, cases: readonly Case[], results: Results): Promise<Measured[]> {
  console.log(`\n${corpus.title}: ${bytesIn(corpus.payloads)} bytes, ${corpus.inputs.length} user records`)
  const { measured, leftOut } = await measure(cases, corpus)
  printTable(corpus, measured)
  for (const { name, reason } of leftOut) console.log(`${name} is left out: ${reason}`)
  results.corpora.push(corpusResult(corpus, measured))
  results.leftOut.push(...leftOut)
  return measured
}

function describe({ machine, method, peers }: Results): void {
  console.log(`${machine.package}, Node ${machine.node}, ${machine.platform}, ${machine.cpu} x ${machine.cpus}, load average ${loadavg()[0]!.toFixed(1)}`)
  console.log(`peers: ${peers.map(({ title }) => title).join(', ')}`)
  console.log(`seed ${method.seed}, ${method.rounds} rounds, median (min–max); a ratio is how fast a case is where one lane of node:crypto MD5 over the same bytes is 1`)
}
