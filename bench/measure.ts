// Time by turns: each round times every case, its floor right before it, so that what slows the
// machine down slows both. Ratios are taken in the round.
import type { Case } from './cases.js'
import type { Corpus } from './corpus.js'
import { type Spread, spread } from './spread.js'
import type { LocalWay, RemoteWay, Time, Way } from './ways/way.js'

export const ROUNDS = 9
/** For V8's compilers; a way in another process tells what it needs. */
const WARM_UP_MS = 500
/** Short enough that the machine is the same for floor and case, long enough that the clocks do not count. */
const SAMPLE_MS = 50
const MIN_PASSES = 3
/** A pass that takes longer than this is a sample by itself. */
const LONG_PASS_MS = 100

/** Clears away what the one before left, so that everyone's own garbage is counted, and no one else's. */
const collect = globalThis.gc ?? fail('run with --expose-gc')

export interface Measured extends Case {
  /** A pass of each round. */
  readonly rounds: readonly Time[]
  /** Milliseconds a pass, by the clock. */
  readonly time: Spread
  /** How fast it is, where the floor is 1. */
  readonly byClock: Spread
  readonly byCpu: Spread
}

/** A case that could not be timed, and why. */
export interface LeftOut {
  readonly name: string
  readonly reason: string
}

/** Proves and warms up the cases, then times them by turns. Their floors are among them. */
export async function measure(cases: readonly Case[], corpus: Corpus): Promise<{ measured: Measured[]; leftOut: LeftOut[] }> {
  const runners = new Map<string, Runner>()
  const leftOut: LeftOut[] = []
  for (const each of cases) {
    try {
      runners.set(each.name, await Runner.prepare(each.name, await each.prepare(corpus)))
    } catch (error) {
      // A peer may have no toolchain here, or give another answer; kpl-codec and the floors may not.
      if (each.peer === undefined) throw error
      leftOut.push({ name: each.name, reason: (error as Error).message })
    }
  }
  const running = cases.filter(({ name }) => runners.has(name))
  const rounds = running.map((): { floor: Time; own: Time }[] => [])
  for (let round = 0; round < ROUNDS; round++) {
    for (const [n, { name, floor }] of running.entries()) {
      rounds[n]!.push({ floor: await runners.get(floor)!.time(), own: await runners.get(name)!.time() })
    }
  }
  return { measured: running.map((each, n) => summary(each, rounds[n]!)), leftOut }
}

function summary(each: Case, rounds: readonly { floor: Time; own: Time }[]): Measured {
  return {
    ...each,
    rounds: rounds.map(({ own }) => own),
    time: spread(rounds.map(({ own }) => own.wall)),
    byClock: spread(rounds.map(({ floor, own }) => floor.wall / own.wall)),
    byCpu: spread(rounds.map(({ floor, own }) => floor.cpu / own.cpu)),
  }
}

class Runner {
  readonly #name: string
  readonly #way: Way
  readonly #expected: number
  readonly #passes: number

  private constructor(name: string, way: Way, expected: number, passes: number) {
    this.#name = name
    this.#way = way
    this.#expected = expected
    this.#passes = passes
  }

  static async prepare(name: string, way: Way): Promise<Runner> {
    const expected = await way.prove()
    const once = new Runner(name, way, expected, 1)
    let fastest = Infinity
    const end = performance.now() + ('time' in way ? way.warmUp : WARM_UP_MS)
    do fastest = Math.min(fastest, (await once.time()).wall)
    while (performance.now() < end)
    const passes = Math.max(fastest > LONG_PASS_MS ? 1 : MIN_PASSES, Math.ceil(SAMPLE_MS / fastest))
    return new Runner(name, way, expected, passes)
  }

  /** A pass, as the mean of a sample. */
  async time(): Promise<Time> {
    const { wall, cpu } = 'time' in this.#way ? await this.#timeRemote(this.#way) : await this.#timeLocal(this.#way)
    return { wall: wall / this.#passes, cpu: cpu / this.#passes }
  }

  async #timeRemote(way: RemoteWay): Promise<Time> {
    const { touched, ...time } = await way.time(this.#passes)
    this.#check(touched)
    return time
  }

  async #timeLocal(way: LocalWay): Promise<Time> {
    collect({ type: 'minor' })
    const start = performance.now()
    const used = process.cpuUsage()
    for (let n = 0; n < this.#passes; n++) {
      const touched = way.run()
      this.#check(typeof touched === 'number' ? touched : await touched)
    }
    const { user, system } = process.cpuUsage(used)
    return { wall: performance.now() - start, cpu: (user + system) / 1_000 }
  }

  #check(touched: number): void {
    if (touched !== this.#expected) throw new Error(`${this.#name} touched ${touched} bytes, not ${this.#expected}`)
  }
}

function fail(message: string): never {
  throw new Error(message)
}
