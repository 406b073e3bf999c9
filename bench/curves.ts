// What a user record and a byte cost, the more user records or keys an aggregate has, and the more
// aggregates are open: the lines should be flat. Needs --expose-gc.
import { type AggregateOptions, aggregate } from 'kpl-codec'
import type { Case } from './cases.js'
import { type Corpus, type Input, bytesIn, groupsIn } from './corpus.js'
import { writtenCorpus } from './corpora.js'
import { measure } from './measure.js'
import { figure, report } from './report/children.js'
import type { Point } from './report/results.js'
import { digestAll } from './ways/floors.js'
import { readBatch } from './ways/reading.js'
import { timedHere } from './ways/timed.js'
import type { Prepare, Way } from './ways/way.js'
import { writeBatch } from './ways/writing.js'

const TOTAL = 100_000
const DATA = Buffer.alloc(50, 'kpl')
/** Large enough for one aggregate of all. */
const LIMITS = { aggregationMaxSize: 10 * 2 ** 20, maxRecordSize: 10 * 2 ** 20 }
/** The same whatever the number of groups, so that only that number differs. */
const IN_GROUP = 10
/** From here on what each aggregate costs by itself is small beside its user records. */
const FLAT_FROM = 100

interface Curve {
  readonly of: string
  readonly counts: readonly number[]
  readonly corpusOf: (count: number) => Corpus
  readonly ways: Readonly<Record<string, Prepare>>
}

const CURVES: readonly Curve[] = [
  {
    of: 'user records in an aggregate',
    counts: [1, 10, 100, 1_000, 10_000, 100_000],
    corpusOf: (count) => corpus(20, { groupBy: 'none', aggregationMaxCount: count, loneRecord: 'wrap' }),
    ways: { reading: readBatch, writing: writeBatch },
  },
  {
    of: 'keys in an aggregate of 100,000',
    counts: [1, 10, 100, 1_000, 10_000],
    corpusOf: (count) => corpus(count, { groupBy: 'none' }),
    ways: { reading: readBatch, writing: writeBatch },
  },
  {
    of: 'aggregates open at a time',
    counts: [1, 10, 100, 1_000, 10_000],
    corpusOf: (count) => corpus(count, { groupBy: 'hashKey', aggregationMaxCount: IN_GROUP }),
    ways: { writing: writeGrouped },
  },
]

const points: Point[] = []
for (const curve of CURVES) points.push(...(await measureCurve(curve)))
report({ curves: points, figures: CURVES.flatMap(({ of, ways }) => Object.keys(ways).map((what) => steepness(what, of))) })

async function measureCurve({ of, counts, corpusOf, ways }: Curve): Promise<Point[]> {
  const corpora = new Map(counts.map((count) => [count, corpusOf(count)]))
  const first = corpora.get(counts[0]!)!
  const floor: Case = { name: 'floor', floor: 'floor', prepare: () => timedHere(digestAll(first)) }
  const cases = [...corpora].flatMap(([count, own]) =>
    Object.entries(ways).map(([what, prepare]) => ({ name: `${what}/${count}`, floor: 'floor', prepare: () => timedHere(prepare(own)) })),
  )
  const { measured } = await measure([floor, ...cases], first)
  console.log(`more ${of}`.padEnd(40) + 'ns/record'.padStart(12) + 'ns/byte'.padStart(12))
  return measured.slice(1).map(({ name, time }) => {
    const [what, count] = name.split('/') as [string, string]
    const { inputs, payloads } = corpora.get(Number(count))!
    const point = { what, of, count: Number(count), nsPerRecord: (time.median * 1e6) / inputs.length, nsPerByte: (time.median * 1e6) / bytesIn(payloads) }
    console.log(`${what}, ${count}`.padEnd(40) + point.nsPerRecord.toFixed(0).padStart(12) + point.nsPerByte.toFixed(2).padStart(12))
    return point
  })
}

/** How many times as dear a byte is with the most of something as with few of it. */
function steepness(what: string, of: string) {
  const costs = points.filter((point) => point.what === what && point.of === of && point.count >= FLAT_FROM).map(({ nsPerByte }) => nsPerByte)
  return figure(`curves/${what}, more ${of}`, 'times', costs.at(-1)! / costs[0]!)
}

function corpus(keys: number, options: AggregateOptions): Corpus {
  const written = writtenCorpus(`${keys} keys`, '', roundRobin(keys), { ...LIMITS, ...options })
  if (written.inputs.length !== TOTAL) throw new Error(`${written.inputs.length} user records came out, not ${TOTAL}`)
  return written
}

function* roundRobin(keys: number): Generator<Input> {
  for (let n = 0; n < TOTAL; n++) yield { partitionKey: `user-${n % keys}`, data: DATA }
}

/** As `writeBatch`, where each aggregate has the user records of one key. */
function writeGrouped({ inputs, writeOptions }: Corpus): Way {
  const source = [...roundRobin(new Set(inputs.map(({ partitionKey }) => partitionKey)).size)]
  return {
    run: () => {
      let sum = 0
      for (const entry of aggregate(source, writeOptions)) sum += entry.Data.length
      return sum
    },
    prove: () => {
      const payloads = [...aggregate(source, writeOptions)].map(({ Data }) => Data)
      // The corpus has them by aggregate already, each proved to hold what was given for it.
      groupsIn(payloads, inputs)
      return bytesIn(payloads)
    },
  }
}
