// aws-kinesis-agg of awslabs, the codec for Node.js that was there before.
import { type Corpus, bytesIn } from '../corpus.js'
import { proveReading } from '../ways/reading.js'
import type { Prepare, Way } from '../ways/way.js'
import { RecordAggregator, deaggregateSync } from './aws-kinesis-agg-package.js'
import { writeGroups } from './group-writer.js'
import { withoutExplicitHashKey } from './message-peer.js'

export const awsKinesisAgg: Readonly<Record<'read' | 'write', Prepare>> = { read: reader, write: writer }

/** Bytes as they are, which it takes though its types do not say so; what it gives is base64 text. */
function reader({ payloads, inputs }: Corpus): Way {
  const records = payloads.map((data, n) => ({ data, partitionKey: 'a', sequenceNumber: String(n) }))
  return {
    run: () => {
      let sum = 0
      for (const record of records) {
        deaggregateSync(record, true, (error, userRecords) => {
          if (error) throw error
          for (const { partitionKey, data } of userRecords) sum += partitionKey.length + data.length
        })
      }
      return sum
    },
    prove: () => {
      const read: { partitionKey: string; data: string }[] = []
      for (const record of records) deaggregateSync(record, true, (_error, userRecords) => read.push(...userRecords))
      proveReading(
        inputs.map(withoutExplicitHashKey),
        read.map(({ partitionKey, data }) => ({ partitionKey, data: Buffer.from(data, 'base64') })),
      )
      return bytesIn(read.flatMap(({ partitionKey, data }) => [partitionKey, data]))
    },
  }
}

/** Told where each aggregate ends, for its own limit is 1 MiB. */
function writer(corpus: Corpus): Way {
  const aggregator = new RecordAggregator()
  return writeGroups(corpus, (group) => {
    for (const input of group) aggregator.addUserRecord(input)
    return aggregator.build().data
  })
}
