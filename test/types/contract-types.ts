// Every type that the contract names is exported, and is what the contract says.
import type * as kpl from 'kpl-codec'
import type * as contract from './contract.js'
import type { Expect, Flat, Identical, Mutual } from './expect.js'

/** Something to carry through, that nothing else is. */
interface Mine extends kpl.UserRecordInput {
  readonly mine: 'mine'
}

export type Inputs = Expect<{
  SdkRecord: Identical<kpl.SdkRecord, contract.SdkRecord>
  KinesisPayload: Identical<kpl.KinesisPayload, contract.KinesisPayload>
  LambdaRecord: Identical<kpl.LambdaRecord, contract.LambdaRecord>
  FirehoseRecord: Identical<kpl.FirehoseRecord, contract.FirehoseRecord>
  KinesisInput: Identical<kpl.KinesisInput, contract.KinesisInput>
  UserRecordInput: Identical<kpl.UserRecordInput, contract.UserRecordInput>
  HashKeyRange: Identical<kpl.HashKeyRange, contract.HashKeyRange>
  Shard: Identical<kpl.Shard, contract.Shard>
  ShardSource: Identical<Exclude<kpl.ShardSource, kpl.ShardMap>, Exclude<contract.ShardSource, contract.ShardMap>>
  'ShardSource takes a ShardMap': Identical<Extract<kpl.ShardSource, kpl.ShardMap>, kpl.ShardMap>
}>

export type Outputs = Expect<{
  Tag: Identical<kpl.Tag, contract.Tag>
  Checkpoint: Identical<kpl.Checkpoint, contract.Checkpoint>
  UserRecord: Identical<kpl.UserRecord, contract.UserRecord>
  'UserRecord of a source': Identical<kpl.UserRecord<Mine>, contract.UserRecord<Mine>>
  UserRecordJSON: Identical<kpl.UserRecordJSON, contract.UserRecordJSON>
  AggregateMember: Identical<kpl.AggregateMember, contract.AggregateMember>
  PutRecordsEntry: Identical<kpl.PutRecordsEntry, contract.PutRecordsEntry>
  'PutRecordsEntry of user records': Identical<kpl.PutRecordsEntry<Mine>, contract.PutRecordsEntry<Mine>>
  KplErrorCode: Identical<kpl.KplErrorCode, contract.KplErrorCode>
}>

/** An option type without what holds a class: those members are compared below, each as it can be. */
type Plain<Options> = Flat<Omit<Options, 'shards' | 'onRejected'>>
type Shards = kpl.ShardSource | (() => kpl.ShardSource | undefined) | undefined

export type Options = Expect<{
  DeaggregateOptions: Identical<Plain<kpl.DeaggregateOptions<Mine>>, Plain<contract.DeaggregateOptions<Mine>>>
  DeaggregateStreamOptions: Identical<Plain<kpl.DeaggregateStreamOptions<Mine>>, Plain<contract.DeaggregateStreamOptions<Mine>>>
  AggregatorOptions: Identical<Plain<kpl.AggregatorOptions>, Plain<contract.AggregatorOptions>>
  AggregateOptions: Identical<Plain<kpl.AggregateOptions<Mine>>, Plain<contract.AggregateOptions<Mine>>>
  AggregateStreamOptions: Identical<Plain<kpl.AggregateStreamOptions<Mine>>, Plain<contract.AggregateStreamOptions<Mine>>>
}>

export type Members = Expect<{
  'DeaggregateOptions have all members': Identical<keyof kpl.DeaggregateOptions, keyof contract.DeaggregateOptions>
  'DeaggregateStreamOptions have all members': Identical<keyof kpl.DeaggregateStreamOptions, keyof contract.DeaggregateStreamOptions>
  'AggregatorOptions have all members': Identical<keyof kpl.AggregatorOptions, keyof contract.AggregatorOptions>
  'AggregateOptions have all members': Identical<keyof kpl.AggregateOptions, keyof contract.AggregateOptions>
  'AggregateStreamOptions have all members': Identical<keyof kpl.AggregateStreamOptions, keyof contract.AggregateStreamOptions>
  'shards of an Aggregator': Identical<Pick<kpl.AggregatorOptions, 'shards'>, { shards?: Shards }>
  'shards of aggregate': Identical<Pick<kpl.AggregateOptions, 'shards'>, { shards?: Shards }>
  'shards of a stream': Identical<Pick<kpl.AggregateStreamOptions, 'shards'>, { shards?: Shards }>
  'onRejected of deaggregate': OnRejected<kpl.DeaggregateOptions<Mine>, contract.DeaggregateOptions<Mine>>
  'onRejected of DeaggregateStream': OnRejected<kpl.DeaggregateStreamOptions<Mine>, contract.DeaggregateStreamOptions<Mine>>
  'onRejected of aggregate': OnRejected<kpl.AggregateOptions<Mine>, contract.AggregateOptions<Mine>>
  'onRejected of AggregateStream': OnRejected<kpl.AggregateStreamOptions<Mine>, contract.AggregateStreamOptions<Mine>>
}>

type OnRejected<A extends Refusing, B extends Refusing> = Mutual<Pick<A, 'onRejected'>, Pick<B, 'onRejected'>>
interface Refusing {
  onRejected?: ((error: never, value: Mine) => void) | undefined
}
