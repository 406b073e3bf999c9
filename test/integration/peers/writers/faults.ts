// What the smallest cases of the writers' faults are made of.
import type { Given } from '../given.js'

/** What a Kinesis record, its partition key counted, may have by default. */
export const LIMIT = 1_048_576

/** A user record with so many bytes of data. */
export function sized(length: number, partitionKey = 'k'): Given {
  return { partitionKey, data: Buffer.alloc(length, 'x') }
}

export function text(partitionKey: string, data: string, explicitHashKey?: string): Given {
  return { partitionKey, data: Buffer.from(data), ...(explicitHashKey !== undefined && { explicitHashKey }) }
}
