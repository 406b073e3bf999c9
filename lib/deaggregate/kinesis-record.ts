import { isBytes } from '../bytes.js'
import { checkInput, withoutText } from '../errors.js'
import type { MessageIndex } from '../format/message-index.js'
import { isIterable } from '../options.js'
import { isSubSequenceNumber } from '../routing/checkpoint.js'
import { arrivalTime } from './arrival-time.js'

type Members = Record<string, unknown>

/** One Kinesis record, whatever its shape was: what its user records share. */
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
  readonly shardId: unknown
  // What follows is set later, and has a value from the beginning: then all are of one shape, in whatever order they get theirs.
  /** Where its user records are, if it was found to be an aggregate. */
  index: MessageIndex | undefined = undefined
  /** The last sub-sequence number, -1 where that is not known. */
  last = 0
  /** The data once it was opened, what it is a view of, and from where: a Buffer is slow to ask for these. */
  bytes: Buffer | undefined = undefined
  memory: ArrayBufferLike | undefined = undefined
  offset = 0
  /** Whether the digest is right, where that is known already. */
  isDigestTrue: boolean | undefined = undefined
  readonly #arrival: unknown
  #arrivalTime: Date | undefined

  /** @throws KplError `ERR_KPL_INVALID_INPUT` */
  constructor(source: S, data: unknown, partitionKey?: unknown, sequenceNumber?: unknown, arrival?: unknown, sub?: unknown, shardId?: unknown) {
    this.source = source
    this.data = data
    this.partitionKey = textOf(partitionKey, 'partition key', source)
    this.sequenceNumber = textOf(sequenceNumber, 'sequence number', source)
    this.subSequenceNumber = subSequenceNumber(sub, source)
    this.shardId = shardId
    this.#arrival = arrival
  }

  get approximateArrivalTimestamp(): Date | undefined {
    return (this.#arrivalTime ??= arrivalTime(this.#arrival))
  }

  /** Keeps the bytes that the user records are views of. */
  keep(bytes: Buffer): void {
    this.bytes = bytes
    this.memory = bytes.buffer
    this.offset = bytes.byteOffset
  }
}

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
  if (isBytes(source)) return new KinesisRecord(source, source)
  if (!isKinesisRecord(source)) refuse('a Kinesis record must be bytes or have Data, kinesis or data', source)
  const outer = source as Members
  if ('Data' in outer) return new KinesisRecord(source, outer.Data, outer.PartitionKey, outer.SequenceNumber, outer.ApproximateArrivalTimestamp)
  const payload = 'kinesis' in outer ? outer.kinesis : outer
  checkInput(isObject(payload), 'the kinesis member must be an object', payload, source)
  // Firehose, then Kinesis Analytics; what comes by Direct PUT has neither.
  const metadata = payload.kinesisRecordMetadata ?? payload.kinesisStreamRecordMetadata ?? payload
  checkInput(isObject(metadata), 'the record metadata must be an object', metadata, source)
  const { partitionKey, sequenceNumber, approximateArrivalTimestamp = payload.approximateArrivalTimestamp } = metadata
  const sub = metadata.subsequenceNumber ?? metadata.subSequenceNumber
  // "shardId-000000000000:4957…" in Lambda and EventBridge Pipes.
  const { eventID } = outer
  const shardId = metadata !== payload ? metadata.shardId : typeof eventID === 'string' ? /^[^:]+(?=:)/.exec(eventID)?.[0] : undefined
  return new KinesisRecord(source, payload.data, partitionKey, sequenceNumber, approximateArrivalTimestamp, sub, shardId)
}

/** A Kinesis record in a message; no sequence number has more than 129 digits. */
export function named(sequenceNumber: string): string {
  return `Kinesis record ${sequenceNumber.slice(0, 129) || 'without sequence number'}`
}

/**
 * Throws, and says what to pass in place of something that is no record.
 *
 * @throws KplError `ERR_KPL_INVALID_INPUT`
 */
export function refuse(rule: string, value: unknown): never {
  checkInput(false, rule + hint(value), withoutText(value), value)
}

function hint(value: unknown): string {
  if (typeof value === 'string') return " (for base64 text give Buffer.from(text, 'base64'))"
  if (!isObject(value)) return ''
  if ('Records' in value || 'records' in value) return ' (of an event or a reply give its records)'
  return Symbol.asyncIterator in value ? ' (for a stream there is DeaggregateStream)' : ''
}

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null
}

/** Missing and null are none: streams with service-managed partition keys send null. */
function textOf(value: unknown, name: string, source: unknown): string {
  const text = value ?? ''
  checkInput(typeof text === 'string', `${name} must be text`, text, source)
  return text
}

/** A number or its decimal text; missing, null and `''` are none. */
function subSequenceNumber(value: unknown, source: unknown): number | undefined {
  if ((value ?? '') === '') return undefined
  const number = typeof value === 'string' ? Number(value) : (value as number)
  const isText = typeof value !== 'string' || String(number) === value
  checkInput(isSubSequenceNumber(number) && isText, 'sub-sequence number must be an integer from 0 on', value, source)
  // Not -0.
  return number + 0
}
