import type { JsonValue } from './json-values.js'

// The Kinesis records in a JSON value: itself, or those of the event, reply or list that it is.

/** Members that a record has, to read or to write, and nothing that holds records: whatever else such an object has, it is one record. */
const OF_RECORDS = ['Data', 'kinesis', 'data', 'text', 'partitionKey']

/** An array, a Lambda event, a GetRecords reply and a PutRecords request (`Records`), a Firehose event (`records`): their elements; else the value. */
export function elementsOf({ place, value }: JsonValue): JsonValue[] {
  if (listIn(value) === undefined) return [{ place, value }]
  return flat(value, 0).map((element, n) => ({ place: { ...place, record: n + 1 }, value: element }))
}

function flat(value: unknown, depth: number): unknown[] {
  // An array of arrays of replies is as deep as it goes.
  const list = depth < 3 ? listIn(value) : undefined
  return list === undefined ? [value] : list.flatMap((element) => flat(element, depth + 1))
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

function listIn(value: unknown): unknown[] | undefined {
  if (Array.isArray(value)) return value as unknown[]
  if (!isObject(value) || OF_RECORDS.some((name) => name in value)) return undefined
  return [value.Records, value.records].find((list) => Array.isArray(list))
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
