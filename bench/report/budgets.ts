// What is promised to be kept (budget) and what is wanted (target), held against what was measured.
import { readFileSync } from 'node:fs'
import type { Measured } from '../measure.js'
import { spread } from '../spread.js'
import type { Figure } from './results.js'

/** How fast a case is, where `against` is 1. */
interface AtLeast {
  readonly case: string
  readonly against: string
  readonly budget: number
  readonly target: number
}

interface AtMost {
  readonly figure: string
  /** Another figure, which is taken off: both may be next to nothing. */
  readonly against?: string
  readonly budget: number
  readonly target: number
}

interface Budgets {
  /** The part of a budget that noise may take. */
  readonly margins: { readonly ratio: number; readonly figure: number }
  readonly atLeast: readonly AtLeast[]
  readonly atMost: readonly AtMost[]
}

const WIDTH = 76

export const budgets = JSON.parse(readFileSync(new URL('../budgets.json', import.meta.url), 'utf8')) as Budgets

/** The target of a case against its own floor, as the table shows it. */
export function targetOf({ name, floor }: { readonly name: string; readonly floor: string }): string {
  return budgets.atLeast.find((each) => each.case === name && each.against === floor)?.target.toFixed(2) ?? ''
}

/** Whether a child finds figures that are to be checked. */
export function isChecked(child: string, isWanted: (name: string) => boolean): boolean {
  return budgets.atMost.some(({ figure }) => figure.startsWith(`${child}/`) && isWanted(figure))
}

/** What must be measured too, for these cases to be checked. */
export function against(isWanted: (name: string) => boolean): string[] {
  return budgets.atLeast.filter((each) => isWanted(each.case)).map((each) => each.against)
}

/** Prints each budget that is about what was asked for; gives whether all are kept. */
export function check(measured: ReadonlyMap<string, Measured>, figures: ReadonlyMap<string, Figure>, isWanted: (name: string) => boolean): boolean {
  const { margins, atLeast, atMost } = budgets
  console.log(`\n${'budget'.padEnd(WIDTH)}${'measured'.padStart(10)}${'budget'.padStart(10)}${'target'.padStart(10)}`)
  const ratios = atLeast.filter((each) => isWanted(each.case)).map((each) => {
    const value = ratioOf(measured.get(each.case), measured.get(each.against))
    // A peer whose toolchain is not here is no failure; what is ours or a floor must have been measured.
    const isExcused = measured.has(each.case) && !each.against.startsWith('floor/')
    return verdict(`${each.case} to ${each.against}, at least`, value, each, isExcused, (found) => found >= each.budget * (1 - margins.ratio))
  })
  const limits = atMost.filter(({ figure }) => isWanted(figure)).map((each) => {
    const unit = each.against === undefined ? `(${figures.get(each.figure)?.unit ?? 'not measured'})` : `less ${each.against}`
    return verdict(`${each.figure} ${unit}, at most`, valueOf(each, figures), each, false, (found) => found <= each.budget * (1 + margins.figure))
  })
  return [...ratios, ...limits].every(Boolean)
}

/** By CPU time, in each round. */
function ratioOf(own: Measured | undefined, other: Measured | undefined): number | undefined {
  if (own === undefined || other === undefined) return undefined
  if (own.floor === other.name) return own.byCpu.median
  return spread(own.rounds.map(({ cpu }, n) => other.rounds[n]!.cpu / cpu)).median
}

function valueOf({ figure, against }: AtMost, figures: ReadonlyMap<string, Figure>): number | undefined {
  const own = figures.get(figure)?.median
  if (against === undefined || own === undefined) return own
  const other = figures.get(against)?.median
  return other === undefined ? undefined : own - other
}

function verdict(
  what: string,
  value: number | undefined,
  { budget, target }: Omit<AtLeast, 'case' | 'against'>,
  isExcused: boolean,
  isKept: (value: number) => boolean,
): boolean {
  const kept = value === undefined ? isExcused : isKept(value)
  const found = value === undefined ? 'none here' : numeral(value)
  console.log(`${what.padEnd(WIDTH)}${found.padStart(10)}${numeral(budget).padStart(10)}${numeral(target).padStart(10)}${kept ? '' : '  not kept'}`)
  return kept
}

function numeral(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(2)
}
