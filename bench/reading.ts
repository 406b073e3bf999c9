// Ways to read. The loops are written out, for a function called for each user record would be timed too.
import { DeaggregateStream, type UserRecord, deaggregate } from 'kpl-codec'
import type { Way } from './cases.js'
import type { Corpus } from './corpus.js'
import { pump } from './streams.js'

/** Key and data of every user record touched. */
export function readBatch({ aggregates, inputs }: Corpus): Way {
  return {
    run: () => {
      let sum = 0
      for (const record of deaggregate(aggregates)) sum += record.partitionKey.length + record.data.length
      return sum
    },
    prove: () => prove(inputs, [...deaggregate(aggregates)]),
  }
}

/** Every user record handed out, its data left alone. */
export function readKeys({ aggregates, inputs }: Corpus): Way {
  return {
    run: () => {
      let sum = 0
      for (const record of deaggregate(aggregates)) sum += record.partitionKey.length
      return sum
    },
    prove: () => {
      prove(inputs, [...deaggregate(aggregates)])
      return inputs.reduce((sum, { partitionKey }) => sum + partitionKey.length, 0)
    },
  }
}

/** As `readBatch`, with a call for each Kinesis record. */
export function readOneByOne({ aggregates, inputs }: Corpus): Way {
  return {
    run: () => {
      let sum = 0
      for (const each of aggregates) for (const record of deaggregate(each)) sum += record.partitionKey.length + record.data.length
      return sum
    },
    prove: () => prove(inputs, aggregates.flatMap((each) => [...deaggregate(each)])),
  }
}

/** As `readBatch`, in a pipeline with a source and a sink. */
export function readStream({ aggregates, inputs }: Corpus): Way {
  return {
    run: async () => {
      let sum = 0
      await pump(aggregates, new DeaggregateStream(), (record: UserRecord) => (sum += record.partitionKey.length + record.data.length))
      return sum
    },
    prove: async () => {
      const records: UserRecord[] = []
      await pump(aggregates, new DeaggregateStream(), (record: UserRecord) => records.push(record))
      return prove(inputs, records)
    },
  }
}

/** That these are the user records that were written; gives the bytes of their keys and data. */
function prove(inputs: Corpus['inputs'], records: readonly UserRecord[]): number {
  if (records.length !== inputs.length) throw new Error(`${records.length} user records, not ${inputs.length}`)
  let sum = 0
  for (const [n, { partitionKey, data, explicitHashKey }] of records.entries()) {
    const input = inputs[n]!
    if (partitionKey !== input.partitionKey || explicitHashKey !== input.explicitHashKey || !data.equals(input.data)) {
      throw new Error(`user record ${n} is not what was written`)
    }
    sum += partitionKey.length + data.length
  }
  return sum
}
