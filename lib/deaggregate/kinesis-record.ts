import { isBytes } from '../bytes.js'
import { KplError, excerpt } from '../errors.js'
import { isIterable } from '../stage.js'
import { arrivalTime } from './arrival-time.js'

/** One Kinesis record, whatever its shape was. Its data is not looked at yet. */
export class KinesisRecord<S> {
  readonly source: S
  /** Bytes or base64 text, unchecked. */
  readonly data: unknown
  /** `''` where there is none. */
  readonly partitionKey: string
  /** `''` where there is none. */
  readonly sequenceNumber: string
  /** Set where another reader has deaggregated this record already. */
  readonly subSequenceNumber: number | undefined
  /** The shard that the record names. */
  readonly shardId: string | undefined
  readonly #arrival: unknown
  #arrivalTime: Date | undefined

  constructor(source: S, fields: Fields) {
    const { partitionKey, sequenceNumber, subSequenceNumber } = fields
    this.source = source
    this.data = fields.data
    this.partitionKey = text(partitionKey, 'partition key', source)
    this.sequenceNumber = text(sequenceNumber, 'sequence number', source)
    this.subSequenceNumber = integer(subSequenceNumber, source)
    this.shardId = typeof fields.shardId === 'string' ? fields.shardId : undefined
    this.#arrival = fields.arrival
  }

  get approximateArrivalTimestamp(): Date | undefined {
    return (this.#arrivalTime ??= arrivalTime(this.#arrival))
  }
}

interface Fields {
  data: unknown
  partitionKey?: unknown
  sequenceNumber?: unknown
  subSequenceNumber?: unknown
  shardId?: unknown
  arrival?: unknown
}

type Members = Record<string, unknown>

/** Whether a value is one Kinesis record: by the members that it has, whatever their values. */
export function isKinesisRecord<S>(value: S | Iterable<S>): value is S {
  return isBytes(value) || (isObject(value) && ('Data' in value || 'kinesis' in value || 'data' in value))
}

/** Whether a value is an iterable of Kinesis records. Typed arrays other than bytes are iterables of numbers. */
export function isRecords<S>(value: S | Iterable<S>): value is Iterable<S> {
  return !isKinesisRecord(value) && isIterable(value) && !ArrayBuffer.isView(value)
}

/**
 * The fields of one Kinesis record of any shape.
 *
 * @throws KplError `ERR_KPL_INVALID_INPUT`
 */
export function readKinesisRecord<S>(source: S): KinesisRecord<S> {
  return new KinesisRecord(source, isBytes(source) ? { data: source } : fieldsOf(source))
}

function fieldsOf(source: unknown): Fields {
  if (isObject(source)) {
    if ('Data' in source) {
      return {
        data: source.Data,
        partitionKey: source.PartitionKey,
        sequenceNumber: source.SequenceNumber,
        arrival: source.ApproximateArrivalTimestamp,
      }
    }
    if ('kinesis' in source) {
      const { kinesis } = source
      if (!isObject(kinesis)) invalidInput(`the kinesis member must be an object, not ${excerpt(kinesis)}`, source)
      return payloadFields(kinesis, source.eventID)
    }
    if ('data' in source) {
      const metadata = source.kinesisRecordMetadata ?? source.kinesisStreamRecordMetadata ?? undefined
      if (metadata === undefined) return payloadFields(source, source.eventID)
      if (!isObject(metadata)) invalidInput(`the record metadata must be an object, not ${excerpt(metadata)}`, source)
      return {
        data: source.data,
        partitionKey: metadata.partitionKey,
        sequenceNumber: metadata.sequenceNumber,
        subSequenceNumber: metadata.subsequenceNumber,
        shardId: metadata.shardId,
        arrival: metadata.approximateArrivalTimestamp ?? source.approximateArrivalTimestamp,
      }
    }
  }
  return invalidInput(`not a Kinesis record of a known shape: ${excerpt(source)}${hint(source)}`, source)
}

function payloadFields(payload: Members, eventID: unknown): Fields {
  return {
    data: payload.data,
    partitionKey: payload.partitionKey,
    sequenceNumber: payload.sequenceNumber,
    subSequenceNumber: payload.subSequenceNumber,
    // "shardId-000000000000:4957…" in Lambda and EventBridge Pipes.
    shardId: typeof eventID === 'string' && eventID.includes(':') ? eventID.slice(0, eventID.indexOf(':')) : undefined,
    arrival: payload.approximateArrivalTimestamp,
  }
}

/** What to pass in place of something that is no record. */
export function hint(value: unknown): string {
  if (typeof value === 'string') return "; for base64 text give Buffer.from(text, 'base64') or { data: text }"
  if (!isObject(value)) return ''
  if ('Records' in value) return '; of a Lambda event or a GetRecords reply give its Records'
  if ('records' in value) return '; of a Firehose or Kinesis Analytics event give its records'
  return Symbol.asyncIterator in value ? '; pipe an async iterable through DeaggregateStream' : ''
}

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null
}

/** Missing and null are `''`: streams with service-managed partition keys send null. */
function text(value: unknown, name: string, source: unknown): string {
  if (typeof value === 'string') return value
  return value === undefined || value === null ? '' : invalidInput(`${name} must be text, not ${excerpt(value)}`, source)
}

/** A sub-sequence number: a number or its decimal text; missing, null and `''` are none. */
function integer(value: unknown, source: unknown): number | undefined {
  if (value === undefined || value === null || value === '') return undefined
  const number = typeof value === 'string' ? Number(value) : value
  if (Number.isSafeInteger(number) && (number as number) >= 0 && (typeof value === 'number' || String(number) === value)) {
    return number as number
  }
  return invalidInput(`sub-sequence number must be an integer from 0 on, not ${excerpt(value)}`, source)
}

export function invalidInput(message: string, input: unknown): never {
  throw new KplError('ERR_KPL_INVALID_INPUT', message, { input })
}
