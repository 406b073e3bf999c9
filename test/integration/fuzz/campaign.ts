// Goes through inputs, holds kpl-codec against its opponents over each, and keeps count.
import { setImmediate } from 'node:timers/promises'
import type { HashKeys } from '../../../fixtures/reading-rules.js'
import { split } from '../../../fixtures/parts.js'
import { BLOCK, type Inputs } from './inputs.js'
import { decoded } from './ours.js'
import type { Opponent } from './opponents.js'

export interface Fault {
  readonly opponent: Opponent
  readonly what: string
  readonly data: Buffer
  readonly range: HashKeys
  /** Its number among the inputs of the seed. */
  readonly n: number
}

export class Tally {
  inputs = 0
  bytes = 0
  /** By what the input is. */
  readonly kinds = new Map<string, number>()
  /** By opponent and reason, where the two give something else. */
  readonly reasons = new Map<string, number>()
  readonly faults: Fault[] = []
}

export interface Plan {
  readonly inputs: Inputs
  readonly from: number
  readonly count: number
  /** In milliseconds since 1970. */
  readonly until: number
  readonly opponents: readonly Opponent[]
  readonly progress?: (tally: Tally) => void
}

/** So few that what the opponents answer is read often. */
const BATCH = 64
/** So many batches are on their way at once. */
const AHEAD = 24
/** The rules are slow: where both agree, one input in so many is held against them too. */
const LOOKED_AT = 64
const MOST_FAULTS = 5

interface Batch {
  readonly inputs: readonly Buffer[]
  readonly range: HashKeys
  readonly from: number
  readonly theirs: readonly Promise<readonly Buffer[]>[]
}

/** Ends when all are tried, or the time is up, or enough faults are found. */
export async function campaign({ inputs, from, count, until, opponents, progress }: Plan): Promise<Tally> {
  const tally = new Tally()
  const ahead: Batch[] = []
  for (let n = from; n < from + count && Date.now() < until && tally.faults.length < MOST_FAULTS; ) {
    // A batch has one range.
    const size = Math.min(BATCH, from + count - n, BLOCK - (n % BLOCK))
    ahead.push(begin(inputs, n, size, opponents))
    n += size
    if (ahead.length > AHEAD) await end(ahead.shift()!, opponents, tally)
    await setImmediate()
    progress?.(tally)
  }
  for (const batch of ahead) await end(batch, opponents, tally)
  return tally
}

function begin(inputs: Inputs, from: number, size: number, opponents: readonly Opponent[]): Batch {
  const batch = Array.from({ length: size }, (_, n) => inputs.at(from + n))
  const range = inputs.rangeOf(from)
  return { inputs: batch, range, from, theirs: opponents.map((opponent) => opponent.theirs(batch, range)) }
}

async function end({ inputs, range, from, theirs }: Batch, opponents: readonly Opponent[], tally: Tally): Promise<void> {
  for (const [at, opponent] of opponents.entries()) {
    const ours = opponent.ours(inputs, range)
    const readings = await theirs[at]!
    for (const [n, data] of inputs.entries()) {
      const agree = ours[n]!.equals(readings[n]!)
      if (agree && (from + n) % LOOKED_AT !== 0) continue
      const { what, reason } = judged(opponent, data, range, ours[n]!, readings[n]!)
      if (what !== undefined) tally.faults.push({ opponent, what, data, range, n: from + n })
      else if (!agree) add(tally.reasons, `${opponent.name}: ${reason}`)
    }
  }
  for (const data of inputs) {
    tally.inputs++
    tally.bytes += data.length
    add(tally.kinds, kindOf(data))
  }
}

/** What is wrong, or why the two part. */
function judged(opponent: Opponent, data: Buffer, range: HashKeys, ours: Buffer, theirs: Buffer): { readonly what?: string; readonly reason?: string | undefined } {
  const rules = opponent.rules(data, range)
  if (!ours.equals(theirs) && rules.reason === undefined) return { what: 'they part, and no rule says why' }
  if (!rules.ours.equals(ours)) return { what: 'kpl-codec gives something else than its rules say' }
  if (!rules.theirs.equals(theirs)) return { what: `${opponent.name} gives something else than its rules say` }
  return { reason: rules.reason }
}

/** What is wrong with so many inputs at once, each read by itself. */
export async function faultsOf(opponent: Opponent, inputs: readonly Buffer[], range: HashKeys): Promise<(string | undefined)[]> {
  const theirs = await opponent.theirs(inputs, range)
  return inputs.map((data, n) => judged(opponent, data, range, opponent.ours([data], range)[0]!, theirs[n]!).what)
}

function kindOf(data: Buffer): string {
  const parts = split(decoded(data))
  const verdict = String(parts[0])
  return verdict !== 'ok' ? verdict : parts.length === 1 ? 'no user records' : 'user records'
}

function add(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1)
}
