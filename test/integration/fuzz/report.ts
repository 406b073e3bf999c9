// What a campaign found, in words.
import type { HashKeys } from '../../../fixtures/reading-rules.js'
import { split } from '../../../fixtures/parts.js'
import { type Fault, type Tally, faultsOf } from './campaign.js'
import type { Opponent } from './opponents.js'
import { shrunk } from './shrink.js'

export function countsOf({ inputs, bytes, kinds, reasons }: Tally, seconds: number): string {
  const per = `${thousands(Math.round(inputs / seconds))} a second, ${Math.round(bytes / Math.max(1, inputs))} bytes each`
  return [`${thousands(inputs)} inputs in ${Math.round(seconds)} s (${per})`, 'what they are:', ...rows(kinds), 'where the others give something else, by reason:', ...rows(reasons)].join('\n')
}

/** With the smallest input that shows it. */
export async function storyOf({ opponent, what, data, range, n }: Fault, seed: number): Promise<string> {
  const isWrong = async (candidates: readonly Buffer[]) => (await faultsOf(opponent, candidates, range)).map((fault) => fault === what)
  const [alone] = await isWrong([data])
  const smallest = alone ? await shrunk(data, isWrong) : data
  return [
    `input ${n} of seed ${seed}, against ${opponent.name}: ${what}${alone ? '' : ', but only when read after those before it'}`,
    `  again: npm run fuzz -- --seed ${seed} --only ${n}`,
    `  the smallest: npm run fuzz -- --input ${smallest.toString('base64')} --range ${range.startingHashKey}-${range.endingHashKey}`,
    ...(await readingsOf(opponent, smallest, range)),
  ].join('\n')
}

export async function readingsOf(opponent: Opponent, data: Buffer, range: HashKeys): Promise<string[]> {
  const [theirs] = await opponent.theirs([data], range)
  const rules = opponent.rules(data, range)
  const rows = { data, 'kpl-codec': opponent.ours([data], range)[0]!, 'by its rules': rules.ours, [opponent.name]: theirs!, 'by the rules for it': rules.theirs }
  const lines = Object.entries(rows).map(([name, bytes]) => `  ${name}: ${name === 'data' ? shortHex(bytes) : wordsOf(bytes)}`)
  return [...lines, `  reason: ${rules.reason ?? 'none'}`]
}

/** A reading in words: not too much of it. */
function wordsOf(reading: Buffer): string {
  const words = split(reading).map((part) => (part.length === 0 ? '-' : /^[\x20-\x7e]+$/.test(part.toString('latin1')) ? String(part) : `0x${part.toString('hex')}`))
  return words.join(' ').slice(0, 400)
}

function shortHex(bytes: Buffer): string {
  return `${bytes.toString('hex', 0, 300)}${bytes.length > 300 ? '…' : ''}`
}

function rows(counts: ReadonlyMap<string, number>): string[] {
  return [...counts].sort(([, one], [, two]) => two - one).map(([name, count]) => `${thousands(count).padStart(12)}  ${name}`)
}

export function thousands(number: number): string {
  return number.toLocaleString('en')
}
