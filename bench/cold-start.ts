// What a Lambda function waits for at its first event: a fresh process imports a reader and decodes
// one aggregate. Held against one that imports node:crypto and digests the same bytes.
import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type BuildOptions, build } from 'esbuild'
import { corpora } from './corpora.js'
import { bytesIn } from './corpus.js'
import { report } from './report/children.js'
import { type Spread, shown, spread } from './spread.js'
import type { Time } from './ways/way.js'

const ROUNDS = 31
const FOLDER = join(import.meta.dirname, '.cold-start')
const FLOOR = 'floor'

const bundledAs = (format: 'cjs' | 'esm'): BuildOptions => ({ bundle: true, minify: true, format, platform: 'node', target: 'node20' })
/** The package as it is installed. */
const installedAs = (format: 'cjs' | 'esm'): BuildOptions => ({ ...bundledAs(format), external: ['kpl-codec', 'aws-kinesis-agg'] })

/** Each from its file in cold-start/. A bundle of CommonJS is what the tools for Lambda make by default. */
const STARTS: Readonly<Record<string, { readonly entry: string; readonly options: BuildOptions }>> = {
  [FLOOR]: { entry: 'floor', options: bundledAs('cjs') },
  'kpl-codec bundled': { entry: 'kpl-codec', options: bundledAs('cjs') },
  'kpl-codec bundled, ESM': { entry: 'kpl-codec', options: bundledAs('esm') },
  'kpl-codec required': { entry: 'kpl-codec', options: installedAs('cjs') },
  'kpl-codec imported': { entry: 'kpl-codec', options: installedAs('esm') },
  'aws-kinesis-agg bundled': { entry: 'aws-kinesis-agg', options: bundledAs('cjs') },
  'aws-kinesis-agg required': { entry: 'aws-kinesis-agg', options: installedAs('cjs') },
  'protobufjs bundled': { entry: 'protobufjs', options: bundledAs('cjs') },
  'bufbuild bundled': { entry: 'bufbuild', options: bundledAs('cjs') },
  'pbf bundled': { entry: 'pbf', options: bundledAs('cjs') },
}

const corpus = corpora.get('kpl-100')!()
const aggregate = join(FOLDER, 'aggregate')
const expected = bytesIn(corpus.groups[0]!.flatMap(({ partitionKey, data }) => [partitionKey, data]))

mkdirSync(FOLDER, { recursive: true })
writeFileSync(aggregate, corpus.payloads[0]!)
const programs = new Map<string, string>()
for (const [name, { entry, options }] of Object.entries(STARTS)) programs.set(name, await bundle(name, entry, options))

const rounds = new Map<string, { floor: Time; own: Time }[]>([...programs.keys()].map((name) => [name, []]))
for (let round = 0; round < ROUNDS; round++) {
  for (const [name, program] of programs) rounds.get(name)!.push({ floor: start(programs.get(FLOOR)!), own: start(program) })
}

console.log(`${`cold start, ${ROUNDS} rounds, milliseconds`.padEnd(42)}${'by the clock'.padStart(24)}${'over the floor'.padStart(24)}${'CPU over the floor'.padStart(24)}`)
const figures = [...rounds].map(([name, times]) => {
  const over = spread(times.map(({ floor, own }) => own.wall - floor.wall))
  print(name, spread(times.map(({ own }) => own.wall)), over, spread(times.map(({ floor, own }) => own.cpu - floor.cpu)))
  return { name: `cold-start/${name}`, unit: 'ms over the floor', ...over }
})
report({ figures })

async function bundle(name: string, entry: string, options: BuildOptions): Promise<string> {
  const outfile = join(FOLDER, `${name.replaceAll(/\W+/g, '-')}.${options.format === 'esm' ? 'mjs' : 'cjs'}`)
  await build({ ...options, entryPoints: [join(import.meta.dirname, 'cold-start', `${entry}.ts`)], outfile, logLevel: 'error' })
  return outfile
}

function start(program: string): Time {
  return JSON.parse(execFileSync(process.execPath, [program, aggregate, String(expected)], { encoding: 'utf8' })) as Time
}

function print(name: string, ...columns: readonly Spread[]): void {
  console.log(name.padEnd(42) + columns.map((column) => shown(column).padStart(24)).join(''))
}
