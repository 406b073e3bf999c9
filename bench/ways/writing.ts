// Ways to write, all user records into as few aggregates as they fit.
import { AggregateStream, Aggregator, type PutRecordsEntry, aggregate } from 'kpl-codec'
import { type Corpus, bytesIn, groupsIn } from '../corpus.js'
import { pump } from './streams.js'
import type { Way } from './way.js'

export function writeBatch({ inputs, writeOptions: options }: Corpus): Way {
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
export function writeOneByOne({ inputs, writeOptions: options }: Corpus): Way {
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
export function writeStream({ inputs, writeOptions }: Corpus): Way {
  const options = { ...writeOptions, recordMaxBufferedTime: Infinity }
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

/** That the entries hold all user records in order; gives their bytes. */
function prove(inputs: Corpus['inputs'], entries: readonly PutRecordsEntry[]): number {
  return proveWriting(inputs, entries.map(({ Data }) => Data))
}

export function proveWriting(inputs: Corpus['inputs'], payloads: readonly Buffer[]): number {
  groupsIn(payloads, inputs)
  return bytesIn(payloads)
}
