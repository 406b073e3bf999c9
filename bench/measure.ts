// Time by turns: each round times every case, its floor right before it, so that what slows the
// machine down slows both. Ratios are taken in the round.
import type { Case } from './cases.js'
import type { Corpus } from './corpus.js'
import { type Spread, spread } from './spread.js'
import type { TimedWay, Time } from './ways/way.js'

export const ROUNDS = 9
/** Untimed before each sample, for others had the processor's caches since the last one. */
const LEAD_IN_MS = 50
/** Short enough that the machine is the same for floor and case, long enough that the clocks do not count. */
const SAMPLE_MS = 50
const MIN_PASSES = 3
/** A pass that takes longer than this is a sample by itself. */
const LONG_PASS_MS = 100

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
  // All processes start at once, but then no two work at the same time.
  const prepared = cases.map(({ name, peer, prepare }) => ({ name, peer, runner: new Runner(name, prepare(corpus)) }))
  for (const { name, peer, runner } of prepared) {
    try {
      await runner.prove()
      runners.set(name, runner)
    } catch (error) {
      // A peer may have no toolchain here, or give another answer; kpl-codec and the floors may not.
      if (peer === undefined) throw error
      leftOut.push({ name, reason: (error as Error).message })
    }
  }
  for (const runner of runners.values()) await runner.warmUp()
  const running = cases.filter(({ name }) => runners.has(name))
  const rounds = running.map((): { floor: Time; own: Time }[] => [])
  for (let round = 0; round < ROUNDS; round++) {
    for (const [n, { name, floor }] of running.entries()) {
      rounds[n]!.push({ floor: await runners.get(floor)!.sample(), own: await runners.get(name)!.sample() })
    }
  }
  for (const { runner } of prepared) runner.stop()
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
  readonly #way: TimedWay
  #expected = 0
  #fastest = Infinity
  #passes = 1

  constructor(name: string, way: TimedWay) {
    this.#name = name
    this.#way = way
  }

  async prove(): Promise<void> {
    this.#expected = await this.#way.prove()
  }

  async warmUp(): Promise<void> {
    const end = performance.now() + this.#way.warmUp
    do this.#fastest = Math.min(this.#fastest, (await this.#time()).wall)
    while (performance.now() < end)
    this.#passes = Math.max(this.#fastest > LONG_PASS_MS ? 1 : MIN_PASSES, Math.ceil(SAMPLE_MS / this.#fastest))
  }

  /** A pass, as the mean of as many as take long enough. */
  async sample(): Promise<Time> {
    await this.#way.time(Math.ceil(LEAD_IN_MS / this.#fastest))
    return this.#time()
  }

  async #time(): Promise<Time> {
    const { wall, cpu, touched } = await this.#way.time(this.#passes)
    if (touched !== this.#expected) throw new Error(`${this.#name} touched ${touched} bytes, not ${this.#expected}`)
    return { wall: wall / this.#passes, cpu: cpu / this.#passes }
  }

  stop(): void {
    this.#way.stop?.()
  }
}
