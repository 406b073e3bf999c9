import { deaggregateSync } from '../peers/aws-kinesis-agg-package.js'
import { answer, bytes } from './answer.js'

deaggregateSync({ data: bytes, partitionKey: 'a', sequenceNumber: '1' }, true, (_error, records) => {
  let touched = 0
  for (const { partitionKey, data } of records) touched += partitionKey.length + Buffer.byteLength(data, 'base64')
  answer(touched)
})
