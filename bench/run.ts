// npm run bench -- [regular expression…]: the cases whose names match one of them, or everything.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { arch, cpus, loadavg, platform } from 'node:os'
import { TARGETS, casesOf, floorOf } from './cases.js'
import { type Corpus, SEED, corpora } from './corpus.js'
import { type Measured, ROUNDS, type Spread, measure } from './measure.js'

/** Each has a process of its own, and sets the exit code: they have limits to keep. */
const OTHERS = ['size', 'memory']

const filters = process.argv.slice(2).map((text) => new RegExp(text))
const isWanted = (name: string) => filters.length === 0 || filters.some((filter) => filter.test(name))

describeMachine()
for (const [name, make] of corpora) await time(name, make)
for (const name of OTHERS.filter(isWanted)) {
  console.log('')
  const { status } = spawnSync(process.execPath, [...process.execArgv, `${name}.ts`], { cwd: import.meta.dirname, stdio: 'inherit' })
  if (status !== 0) process.exitCode = 1
}

async function time(corpusName: string, make: () => Corpus): Promise<void> {
  const cases = casesOf(corpusName).filter(({ name }) => isWanted(name))
  if (cases.length === 0) return
  const corpus = make()
  const bytes = corpus.aggregates.reduce((sum, { length }) => sum + length, 0)
  console.log(`\n${corpus.title}: ${bytes} bytes, ${corpus.inputs.length} user records`)
  console.log(columns('case', 'MiB/s', 'ns/record', 'ratio by CPU time', 'ratio by the clock', 'target'))
  for (const measured of await measure(floorOf(corpusName), cases, corpus)) console.log(row(measured, bytes, corpus.inputs.length))
}

function row({ name, time, byCpu, byClock }: Measured, bytes: number, records: number): string {
  const rate = bytes / 2 ** 20 / (time.median / 1_000)
  const perRecord = (time.median * 1e6) / records
  return columns(name, rate.toFixed(0), perRecord.toFixed(0), shown(byCpu), shown(byClock), TARGETS[name]?.toFixed(2) ?? '')
}

function shown({ median, min, max }: Spread): string {
  return `${median.toFixed(2)} (${min.toFixed(2)}–${max.toFixed(2)})`
}

function columns(name: string, rate: string, perRecord: string, byCpu: string, byClock: string, target: string): string {
  return `${name.padEnd(31)}${rate.padStart(6)}${perRecord.padStart(11)}${byCpu.padStart(22)}${byClock.padStart(22)}${target.padStart(8)}`.trimEnd()
}

function describeMachine(): void {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }
  const model = cpus()[0]?.model ?? 'an unknown CPU'
  console.log(`kpl-codec ${version}, Node ${process.version}, ${platform()} ${arch()}, ${model} x ${cpus().length}, load average ${loadavg()[0]!.toFixed(1)}`)
  console.log(`seed ${SEED}, ${ROUNDS} rounds, median (min–max); the ratio is to one lane of node:crypto MD5 over the same bytes`)
}
