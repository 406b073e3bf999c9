// What is measured: for each corpus the user records, and the aggregates that hold them.
import { aggregate } from 'kpl-codec'
import { loadKplCase } from '../fixtures/load.js'
import { readPlainly } from '../fixtures/plain-reader.js'
import { Draw } from '../fixtures/random.js'

export const SEED = 1

export interface Input {
  readonly partitionKey: string
  readonly explicitHashKey?: string | undefined
  readonly data: Buffer
}

export interface Corpus {
  readonly name: string
  readonly title: string
  readonly inputs: readonly Input[]
  /** What is read, and what writing the inputs gives (in a genuine corpus, nearly). */
  readonly aggregates: readonly Buffer[]
  readonly aggregationMaxSize: number
}

const AGGREGATES = 64
const KEYS = Array.from({ length: 20 }, (_, n) => `user-${n}`)
const KPL_MAX_SIZE = 51_200

/** User records of these sizes, in turn, as the KPL would put them together by default. */
function made(name: string, ...sizes: number[]): Corpus {
  const draw = new Draw(SEED)
  const aggregates: Buffer[] = []
  const inputs: Input[] = []
  for (const { Data, userRecords } of aggregate(endless(draw, sizes), { groupBy: 'none' })) {
    aggregates.push(Data)
    inputs.push(...userRecords)
    if (aggregates.length === AGGREGATES) break
  }
  const title = `${AGGREGATES} aggregates of user records of ${sizes.join(', ')} bytes, ${KEYS.length} keys`
  return checked({ name, title, inputs, aggregates, aggregationMaxSize: KPL_MAX_SIZE })
}

function* endless(draw: Draw, sizes: readonly number[]): Generator<Input> {
  for (;;) for (const size of sizes) yield { partitionKey: draw.pick(KEYS), data: draw.bytes(size) }
}

/** All aggregates of a case that the real KPL wrote, with the user records that the KCL found in them. */
function genuine(name: string, caseName: string): Corpus {
  const { records, userRecords, info } = loadKplCase(caseName)
  const inputs = userRecords.filter(({ aggregated }) => aggregated)
  const aggregates = [...new Set(inputs.map(({ record }) => record))].map((record) => records[record]!.data)
  const title = `${aggregates.length} aggregates of the KPL, fixture ${caseName}`
  return checked({ name, title, inputs, aggregates, aggregationMaxSize: info.configuration.AggregationMaxSize })
}

/** By a reader that shares no line with kpl-codec. */
function checked(corpus: Corpus): Corpus {
  checkAggregates(corpus.aggregates, corpus.inputs)
  return corpus
}

/** Throws unless the aggregates hold exactly these user records, in order. */
export function checkAggregates(aggregates: readonly Buffer[], inputs: readonly Input[]): void {
  let n = 0
  for (const bytes of aggregates) {
    const reading = readPlainly(bytes)
    if (reading.kind !== 'message') throw new Error(`an aggregate is no message: ${reading.kind}`)
    for (const { keyIndex, data } of reading.records) {
      const input = inputs[n++]
      if (input === undefined || String(reading.keys[Number(keyIndex)]) !== input.partitionKey || !data.equals(input.data)) {
        throw new Error(`user record ${n - 1} is not what was written`)
      }
    }
  }
  if (n !== inputs.length) throw new Error(`${n} user records where ${inputs.length} were written`)
}

/** Each made only when it is asked for. */
export const corpora: ReadonlyMap<string, () => Corpus> = new Map([
  ['10', () => made('10', 10)],
  ['100', () => made('100', 100)],
  ['1100', () => made('1100', 1_100)],
  ['40000', () => made('40000', 40_000, 100, 100, 100, 100, 100)],
  ['kpl-10', () => genuine('kpl-10', 'tiny-10B')],
  ['kpl-100', () => genuine('kpl-100', 'small-100B')],
  ['kpl-1100', () => genuine('kpl-1100', 'medium-1100B')],
  ['kpl-40000', () => genuine('kpl-40000', 'large-40KB')],
  ['kpl-many-keys', () => genuine('kpl-many-keys', 'default-4shards')],
  ['kpl-1MiB', () => genuine('kpl-1MiB', 'big-aggregate-1MB')],
])
