// The corpora by name, each made only when it is asked for.
import { type AggregateOptions, aggregate } from 'kpl-codec'
import { loadKplCase } from '../fixtures/load.js'
import { Draw } from '../fixtures/random.js'
import { type Corpus, type Input, corpusOf } from './corpus.js'

export const SEED = 1

const KEYS = Array.from({ length: 20 }, (_, n) => `user-${n}`)
const MIB = 1_048_576

export const corpora: ReadonlyMap<string, () => Corpus> = new Map([
  ['10', () => made('10', 64, [10])],
  ['100', () => made('100', 64, [100])],
  ['1100', () => made('1100', 64, [1_100])],
  ['40000', () => made('40000', 64, [40_000, 100, 100, 100, 100, 100])],
  ['1MiB', () => made('1MiB', 8, [100], { aggregationMaxSize: MIB - 256 })],
  ['kpl-10', () => genuine('kpl-10', 'tiny-10B')],
  ['kpl-100', () => genuine('kpl-100', 'small-100B')],
  ['kpl-1100', () => genuine('kpl-1100', 'medium-1100B')],
  ['kpl-40000', () => genuine('kpl-40000', 'large-40KB')],
  ['kpl-many-keys', () => genuine('kpl-many-keys', 'default-4shards')],
  ['kpl-1MiB', () => genuine('kpl-1MiB', 'big-aggregate-1MB')],
  ['lone', () => made('lone', 10_000, [100], { aggregationMaxCount: 1, loneRecord: 'wrap' })],
  ['plain', () => made('plain', 10_000, [100], { aggregationMaxCount: 1 })],
])

/** User records of these sizes, in turn, as the KPL would put them together with these limits. */
function made(name: string, count: number, sizes: readonly number[], limits: AggregateOptions = {}): Corpus {
  const title = `${count} Kinesis records with user records of ${sizes.join(', ')} bytes, ${KEYS.length} keys`
  return writtenCorpus(name, title, endless(sizes), { groupBy: 'none', ...limits }, count)
}

/** What these options make of user records, up to so many Kinesis records. */
export function writtenCorpus(name: string, title: string, source: Iterable<Input>, writeOptions: AggregateOptions, count = Infinity): Corpus {
  const payloads: Buffer[] = []
  const inputs: Input[] = []
  for (const { Data, userRecords } of aggregate(source, writeOptions)) {
    payloads.push(Data)
    for (const record of userRecords) inputs.push(record)
    if (payloads.length === count) break
  }
  return corpusOf({ name, title, inputs, payloads, writeOptions })
}

function* endless(sizes: readonly number[]): Generator<Input> {
  const draw = new Draw(SEED)
  for (;;) for (const size of sizes) yield { partitionKey: draw.pick(KEYS), data: draw.bytes(size) }
}

/** All aggregates of a case that the real KPL wrote, with the user records that the KCL found in them. */
function genuine(name: string, caseName: string): Corpus {
  const { records, userRecords, info } = loadKplCase(caseName)
  const inputs = userRecords.filter(({ aggregated }) => aggregated)
  const payloads = [...new Set(inputs.map(({ record }) => record))].map((record) => records[record]!.data)
  const title = `${payloads.length} aggregates of the KPL, fixture ${caseName}`
  const writeOptions = { groupBy: 'none', aggregationMaxSize: info.configuration.AggregationMaxSize } as const
  return corpusOf({ name, title, inputs, payloads, writeOptions })
}
