// Ways to read. The loops are written out, for a function called for each user record would be timed too.
import { DeaggregateStream, type UserRecord, deaggregate, isAggregated } from 'kpl-codec'
import { type Corpus, bytesIn } from '../corpus.js'
import { pump } from './streams.js'
import type { Way } from './way.js'

/** Key and data of every user record touched. */
export function readBatch({ records, inputs }: Corpus): Way {
  return {
    run: () => {
      let sum = 0
      for (const record of deaggregate(records)) sum += record.partitionKey.length + record.data.length
      return sum
    },
    prove: () => proveReading(inputs, [...deaggregate(records)]),
  }
}

/** Every user record handed out, its data left alone. */
export function readKeys({ records, inputs }: Corpus): Way {
  return {
    run: () => {
      let sum = 0
      for (const record of deaggregate(records)) sum += record.partitionKey.length
      return sum
    },
    prove: () => {
      proveReading(inputs, [...deaggregate(records)])
      return bytesIn(inputs.map(({ partitionKey }) => partitionKey))
    },
  }
}

/** As `readBatch`, with a call for each Kinesis record. */
export function readOneByOne({ records, inputs }: Corpus): Way {
  return {
    run: () => {
      let sum = 0
      for (const each of records) for (const record of deaggregate(each)) sum += record.partitionKey.length + record.data.length
      return sum
    },
    prove: () => proveReading(inputs, records.flatMap((each) => [...deaggregate(each)])),
  }
}

/** As `readBatch`, in a pipeline with a source and a sink. */
export function readStream({ records, inputs }: Corpus): Way {
  return {
    run: async () => {
      let sum = 0
      await pump(records, new DeaggregateStream(), (record: UserRecord) => (sum += record.partitionKey.length + record.data.length))
      return sum
    },
    prove: async () => {
      const read: UserRecord[] = []
      await pump(records, new DeaggregateStream(), (record: UserRecord) => read.push(record))
      return proveReading(inputs, read)
    },
  }
}

/** As `readBatch`, from the event that a Lambda function is handed. */
export function readBase64(corpus: Corpus): Way {
  const event = corpus.payloads.map((bytes, n) => ({
    eventID: `shardId-000000000000:${n}`,
    kinesis: { data: bytes.toString('base64'), partitionKey: corpus.groups[n]![0]!.partitionKey, sequenceNumber: String(n) },
  }))
  return readBatch({ ...corpus, records: JSON.parse(JSON.stringify(event)) as typeof event })
}

/** Only asked whether it is an aggregate. */
export function askAggregated({ payloads }: Corpus): Way {
  const run = () => payloads.reduce((count, bytes) => (isAggregated(bytes) ? count + 1 : count), 0)
  return {
    run,
    prove: () => {
      const expected = payloads.filter((bytes) => bytes.toString('hex', 0, 4) === 'f3899ac2').length
      if (run() !== expected) throw new Error(`${run()} aggregates, not ${expected}`)
      return expected
    },
  }
}

interface Read {
  readonly partitionKey: string
  readonly explicitHashKey?: string | undefined
  readonly data: Uint8Array
}

/** That these are the user records that were written; gives the bytes of their keys and data. */
export function proveReading(inputs: Corpus['inputs'], records: readonly Read[]): number {
  if (records.length !== inputs.length) throw new Error(`${records.length} user records, not ${inputs.length}`)
  let sum = 0
  for (const [n, { partitionKey, data, explicitHashKey }] of records.entries()) {
    const input = inputs[n]!
    if (partitionKey !== input.partitionKey || explicitHashKey !== input.explicitHashKey || !input.data.equals(data)) {
      throw new Error(`user record ${n} is not what was written`)
    }
    sum += partitionKey.length + data.length
  }
  return sum
}
