import type { JsonValue } from './json-values.js'

// The Kinesis records in a JSON value: itself, or those of the event, reply or list that it is.

/**
 * A Kinesis record has one of them, whatever else it has, and nothing that holds records does.
 * (The reader's own test would have hash-key, which reads shards, load the reader.)
 */
export const OF_KINESIS_RECORDS: readonly string[] = ['Data', 'kinesis', 'data']

/** The same of user records to write. */
export const OF_USER_RECORDS: readonly string[] = [...OF_KINESIS_RECORDS, 'text', 'partitionKey']

/**
 * An array, a Lambda event, a GetRecords reply and a PutRecords request (`Records`), a Firehose event (`records`): their elements; else the value.
 *
 * @param ofRecords what has one of these members is a record itself.
 */
export function elementsOf({ place, value }: JsonValue, ofRecords: readonly string[]): JsonValue[] {
  if (listIn(value, ofRecords) === undefined) return [{ place, value }]
  return flat(value, ofRecords, 0).map((element, n) => ({ place: { ...place, record: n + 1 }, value: element }))
}

function flat(value: unknown, ofRecords: readonly string[], depth: number): unknown[] {
  // An array of arrays of replies is as deep as it goes.
  const list = depth < 3 ? listIn(value, ofRecords) : undefined
  return list === undefined ? [value] : list.flatMap((element) => flat(element, ofRecords, depth + 1))
}

/** A Kinesis record with its data as bytes where it was printed as numbers: a Buffer or a Uint8Array goes into JSON like that. */
export function withBytes(value: unknown): unknown {
  if (!isObject(value)) return typeof value === 'string' ? { data: value } : value
  return isObject(value.kinesis) ? { ...value, kinesis: withOwnBytes(value.kinesis) } : withOwnBytes(value)
}

function withOwnBytes(value: Record<string, unknown>): unknown {
  const name = 'Data' in value ? 'Data' : 'data'
  const bytes = printedBytes(value[name])
  return bytes === undefined ? value : { ...value, [name]: bytes }
}

function printedBytes(value: unknown): Buffer | undefined {
  if (!isObject(value)) return undefined
  const list = value.type === 'Buffer' ? value.data : value
  // What else has numbers in it is no bytes.
  if (!Array.isArray(list) && Object.keys(value).some((name, n) => name !== String(n))) return undefined
  const numbers: unknown[] = Array.isArray(list) ? list : Object.values(value)
  // Java's bytes go from -128 on.
  const areBytes = numbers.every((number) => Number.isInteger(number) && (number as number) >= -128 && (number as number) <= 255)
  return areBytes ? Buffer.from(numbers as number[]) : undefined
}

function listIn(value: unknown, ofRecords: readonly string[]): unknown[] | undefined {
  if (Array.isArray(value)) return value as unknown[]
  // null is not there, as many programs write it.
  if (!isObject(value) || ofRecords.some((name) => (value[name] ?? null) !== null)) return undefined
  return [value.Records, value.records].find((list) => Array.isArray(list))
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
