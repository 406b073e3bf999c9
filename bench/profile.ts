// One case in a loop under V8's profiler: the file for Chrome's or an editor's viewer, and what to see at once.
import { mkdirSync, writeFileSync } from 'node:fs'
import { type Profiler, Session } from 'node:inspector/promises'
import { join, relative } from 'node:path'
import { corpora } from './corpora.js'
import { WARM_UP_MS, type Way } from './ways/way.js'
import { wayOf } from './ways/ways.js'

const LOOP_MS = 5_000
const LINES = 20
const FOLDER = join(import.meta.dirname, '.profiles')

export async function profile(name: string): Promise<void> {
  const way = prepare(name)
  const expected = await way.prove()
  await loop(way, WARM_UP_MS)
  const session = new Session()
  session.connect()
  await session.post('Profiler.enable')
  await session.post('Profiler.setSamplingInterval', { interval: 200 })
  await session.post('Profiler.start')
  const passes = await loop(way, LOOP_MS)
  const { profile } = await session.post('Profiler.stop')
  session.disconnect()
  console.log(`${name}: ${passes} passes of ${expected} bytes touched in ${LOOP_MS / 1_000} s, ${(LOOP_MS / passes).toFixed(2)} ms each`)
  printHottest(profile)
  mkdirSync(FOLDER, { recursive: true })
  const file = join(FOLDER, `${name.replaceAll('/', '-')}.cpuprofile`)
  writeFileSync(file, JSON.stringify(profile))
  console.log(`profile: ${relative(process.cwd(), file)}`)
}

function prepare(name: string): Way {
  const found = wayOf(name)
  const corpus = found && corpora.get(found.corpusName)
  if (found === undefined || corpus === undefined) throw new Error(`no case ${name} that runs on Node.js`)
  return found.prepare(corpus())
}

async function loop(way: Way, milliseconds: number): Promise<number> {
  let passes = 0
  for (const end = performance.now() + milliseconds; performance.now() < end; passes++) await way.run()
  return passes
}

/** Time in a function itself, those that it called left out. */
function printHottest({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): void {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]))
  const times = new Map<string, number>()
  for (const [n, id] of samples.entries()) {
    const { functionName, url, lineNumber } = frames.get(id)!
    const place = url === '' ? '' : `  ${url.split('/').slice(-2).join('/')}:${lineNumber + 1}`
    const what = `${functionName || '(anonymous)'}${place}`
    times.set(what, (times.get(what) ?? 0) + timeDeltas[n]!)
  }
  const total = timeDeltas.reduce((sum, each) => sum + each, 0)
  const hottest = [...times].sort(([, a], [, b]) => b - a).slice(0, LINES)
  for (const [what, time] of hottest) console.log(`${((time / total) * 100).toFixed(1).padStart(6)} %  ${what}`)
}
