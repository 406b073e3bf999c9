// A type that goes in comes out, without being written: the source of a user record, the user records of an entry.
import {
  AggregateStream,
  Aggregator,
  type Checkpoint,
  type KinesisInput,
  KplError,
  type KplErrorCode,
  type PutRecordsEntry,
  ShardMap,
  type UserRecord,
  type UserRecordInput,
  aggregate,
  compareCheckpoints,
  deaggregate,
  decodeAggregate,
  encodeAggregate,
  putRecordsBatches,
} from 'kpl-codec'
import type { Expect, Identical } from './expect.js'

interface Captured {
  readonly data: string
  readonly file: string
}
interface Order extends UserRecordInput {
  readonly id: number
}
declare const captured: Captured
declare const orders: Order[]

const reading = {
  one: deaggregate(captured),
  array: deaggregate([captured]),
  set: deaggregate(new Set([captured])),
  bytes: deaggregate(Buffer.alloc(0)),
  arrays: deaggregate([Buffer.alloc(0)]),
  oneOrMany: deaggregate(captured as Captured | Iterable<Captured>),
  anything: deaggregate([] as KinesisInput[]),
}
export type Reading = Expect<{
  one: Identical<typeof reading.one, Iterable<UserRecord<Captured>>>
  array: Identical<typeof reading.array, Iterable<UserRecord<Captured>>>
  set: Identical<typeof reading.set, Iterable<UserRecord<Captured>>>
  bytes: Identical<typeof reading.bytes, Iterable<UserRecord<Buffer<ArrayBuffer>>>>
  arrays: Identical<typeof reading.arrays, Iterable<UserRecord<Buffer<ArrayBuffer>>>>
  oneOrMany: Identical<typeof reading.oneOrMany, Iterable<UserRecord<Captured>>>
  anything: Identical<typeof reading.anything, Iterable<UserRecord>>
}>

const writing = {
  aggregate: aggregate(orders),
  add: new Aggregator<Order>().add(orders[0]!),
  flush: new Aggregator<Order>().flush(),
  pending: new AggregateStream<Order>().takePending(),
  batches: putRecordsBatches(aggregate(orders)),
  shard: new ShardMap([{ ShardId: 'a', HashKeyRange: undefined, mine: 1 }]).shardFor(0n),
}
export type Writing = Expect<{
  aggregate: Identical<typeof writing.aggregate, Iterable<PutRecordsEntry<Order>>>
  add: Identical<typeof writing.add, PutRecordsEntry<Order>[]>
  flush: Identical<typeof writing.flush, PutRecordsEntry<Order>[]>
  pending: Identical<typeof writing.pending, PutRecordsEntry<Order>[]>
  batches: Identical<typeof writing.batches, Iterable<PutRecordsEntry<Order>[]>>
  userRecords: Identical<(typeof writing.add)[number]['userRecords'], readonly Order[]>
  shard: Identical<(typeof writing.shard)['mine'], number>
}>

/** What was read can be written, told as a checkpoint, and ordered. */
export function together(record: UserRecord<Captured>, bytes: Buffer): Buffer {
  const after: Checkpoint = record
  const order: -1 | 0 | 1 = compareCheckpoints(record, after)
  const file: string = deaggregateFirst(deaggregate([captured], { after })).source.file
  const parsed: { id: number } = record.json<{ id: number }>()
  const unparsed: unknown = record.json()
  for (const { userRecords } of aggregate([record])) userRecords.map(({ source }) => source.file)
  console.log(order, file, parsed, unparsed)
  return encodeAggregate(decodeAggregate(bytes).records)
}

function deaggregateFirst<S>(records: Iterable<UserRecord<S>>): UserRecord<S> {
  for (const record of records) return record
  throw new Error('none')
}

/** Every code can be told, and the compiler knows when all are. */
export function advise(error: unknown): string {
  if (!(error instanceof KplError)) return 'not ours'
  const place: (number | string | undefined)[] = [error.offset, error.sequenceNumber, error.subSequenceNumber, error.size, error.limit]
  switch (error.code) {
    case 'ERR_KPL_INVALID_ARGUMENT':
    case 'ERR_KPL_INVALID_INPUT':
    case 'ERR_KPL_INVALID_BASE64':
    case 'ERR_KPL_INVALID_JSON':
    case 'ERR_KPL_MIXED_SHARDS':
    case 'ERR_KPL_NOT_AGGREGATED':
    case 'ERR_KPL_INVALID_PARTITION_KEY':
    case 'ERR_KPL_INVALID_EXPLICIT_HASH_KEY':
    case 'ERR_KPL_RECORD_TOO_LARGE':
    case 'ERR_KPL_INVALID_SHARDS':
      return 'the input'
    case 'ERR_KPL_DIGEST_MISMATCH':
    case 'ERR_KPL_MALFORMED':
      return `the bytes, at ${place.join()}`
    default:
      return unknownCode(error.code)
  }
}

function unknownCode(code: never): string {
  return code
}

/** A program may name its own errors so, and make them its own. */
export class OrderError extends KplError {
  override name = 'OrderError'
  constructor(code: KplErrorCode, cause: Error) {
    super(code, 'an order', { cause, input: cause, offset: 0 })
  }
}
