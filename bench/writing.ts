// Ways to write, all user records into as few aggregates as they fit.
import { AggregateStream, Aggregator, type PutRecordsEntry, aggregate } from 'kpl-codec'
import type { Way } from './cases.js'
import { type Corpus, checkAggregates } from './corpus.js'
import { pump } from './streams.js'

const optionsOf = ({ aggregationMaxSize }: Corpus) => ({ groupBy: 'none', aggregationMaxSize }) as const

export function writeBatch(corpus: Corpus): Way {
  const { inputs } = corpus
  const options = optionsOf(corpus)
  return {
    run: () => {
      let sum = 0
      for (const entry of aggregate(inputs, options)) sum += entry.Data.length
      return sum
    },
    prove: () => prove(inputs, [...aggregate(inputs, options)]),
  }
}

/** With a call for each user record. */
export function writeOneByOne(corpus: Corpus): Way {
  const { inputs } = corpus
  const options = optionsOf(corpus)
  return {
    run: () => {
      let sum = 0
      const aggregator = new Aggregator(options)
      for (const input of inputs) for (const entry of aggregator.add(input)) sum += entry.Data.length
      for (const entry of aggregator.flush()) sum += entry.Data.length
      return sum
    },
    prove: () => {
      const aggregator = new Aggregator(options)
      return prove(inputs, [...inputs.flatMap((input) => aggregator.add(input)), ...aggregator.flush()])
    },
  }
}

/** In a pipeline with a source and a sink. */
export function writeStream(corpus: Corpus): Way {
  const { inputs } = corpus
  const options = { ...optionsOf(corpus), recordMaxBufferedTime: Infinity }
  return {
    run: async () => {
      let sum = 0
      await pump(inputs, new AggregateStream(options), (entry: PutRecordsEntry) => (sum += entry.Data.length))
      return sum
    },
    prove: async () => {
      const entries: PutRecordsEntry[] = []
      await pump(inputs, new AggregateStream(options), (entry: PutRecordsEntry) => entries.push(entry))
      return prove(inputs, entries)
    },
  }
}

/** That the entries hold all user records in order; gives their bytes. A lone last one would be raw, and is refused. */
function prove(inputs: Corpus['inputs'], entries: readonly PutRecordsEntry[]): number {
  const data = entries.map(({ Data }) => Data)
  checkAggregates(data, inputs)
  return data.reduce((sum, { length }) => sum + length, 0)
}
