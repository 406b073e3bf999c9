// Time by turns: each round times the floor and a case one right after the other, so that what
// slows the machine down slows both. The ratio is taken in the round.
import type { Case, Way } from './cases.js'
import type { Corpus } from './corpus.js'

export const ROUNDS = 9
const WARM_UP_MS = 300
/** Short enough that the machine is the same for floor and case, long enough that the clocks do not count. */
const SAMPLE_MS = 50
const MIN_PASSES = 3

/** Clears away what the one before left, so that everyone's own garbage is counted, and no one else's. */
const collect = globalThis.gc ?? fail('run with --expose-gc')

export interface Spread {
  readonly median: number
  readonly min: number
  readonly max: number
}

/** Milliseconds: by the clock on the wall, and of all the process' threads, those of the garbage collector too. */
interface Time {
  readonly wall: number
  readonly cpu: number
}

export interface Measured {
  readonly name: string
  /** Milliseconds a pass, by the clock. */
  readonly time: Spread
  /** How fast it is, where the floor is 1. */
  readonly byClock: Spread
  readonly byCpu: Spread
}

/** Proves and warms up the cases, then times them by turns. The floor is one of them. */
export async function measure(floor: Case, cases: readonly Case[], corpus: Corpus): Promise<Measured[]> {
  const runners: Runner[] = []
  for (const { name, prepare } of [floor, ...cases]) runners.push(await Runner.prepare(name, prepare(corpus)))
  const rounds: { floor: Time; time: Time }[][] = runners.map(() => [])
  for (let round = 0; round < ROUNDS; round++) {
    for (const [n, runner] of runners.entries()) rounds[n]!.push({ floor: await runners[0]!.time(), time: await runner.time() })
  }
  return runners.map(({ name }, n) => ({
    name,
    time: spread(rounds[n]!.map(({ time }) => time.wall)),
    byClock: spread(rounds[n]!.map(({ floor, time }) => floor.wall / time.wall)),
    byCpu: spread(rounds[n]!.map(({ floor, time }) => floor.cpu / time.cpu)),
  }))
}

class Runner {
  readonly name: string
  readonly #way: Way
  readonly #expected: number
  readonly #repeats: number

  private constructor(name: string, way: Way, expected: number, repeats: number) {
    this.name = name
    this.#way = way
    this.#expected = expected
    this.#repeats = repeats
  }

  static async prepare(name: string, way: Way): Promise<Runner> {
    const expected = await way.prove()
    const once = new Runner(name, way, expected, 1)
    let fastest = Infinity
    for (const end = performance.now() + WARM_UP_MS; performance.now() < end; ) fastest = Math.min(fastest, (await once.time()).wall)
    return new Runner(name, way, expected, Math.max(MIN_PASSES, Math.ceil(SAMPLE_MS / fastest)))
  }

  /** A pass, as the mean of a sample. */
  async time(): Promise<Time> {
    collect({ type: 'minor' })
    const start = performance.now()
    const used = process.cpuUsage()
    for (let n = 0; n < this.#repeats; n++) {
      const touched = this.#way.run()
      const bytes = typeof touched === 'number' ? touched : await touched
      if (bytes !== this.#expected) throw new Error(`${this.name} touched ${bytes} bytes, not ${this.#expected}`)
    }
    const { user, system } = process.cpuUsage(used)
    return { wall: (performance.now() - start) / this.#repeats, cpu: (user + system) / 1_000 / this.#repeats }
  }
}

function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b)
  return { median: sorted[sorted.length >> 1]!, min: sorted[0]!, max: sorted.at(-1)! }
}

function fail(message: string): never {
  throw new Error(message)
}
