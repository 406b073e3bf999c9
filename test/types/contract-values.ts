// Every function and class that the contract names is exported, nothing else is, and each is
// what the contract says. Where a class of the package is in it, mutual assignability is all
// that can be asked: the contract's declarations have no `#private` members.
import type { Transform } from 'node:stream'
import type * as kpl from 'kpl-codec'
import type * as contract from './contract.js'
import type { Expect, Flat, Identical, Mutual } from './expect.js'

interface Mine extends kpl.UserRecordInput {
  readonly mine: 'mine'
}
interface MyShard extends kpl.Shard {
  readonly mine: 'mine'
}

export type Exports = Expect<{ names: Identical<keyof typeof kpl, keyof typeof contract> }>

export type Functions = Expect<{
  deaggregate: Mutual<typeof kpl.deaggregate, typeof contract.deaggregate>
  'deaggregate, what it gives': Identical<
    ReturnType<typeof kpl.deaggregate<Buffer>>,
    ReturnType<typeof contract.deaggregate<Buffer>>
  >
  isAggregated: Identical<typeof kpl.isAggregated, typeof contract.isAggregated>
  decodeAggregate: Identical<typeof kpl.decodeAggregate, typeof contract.decodeAggregate>
  encodeAggregate: Identical<typeof kpl.encodeAggregate, typeof contract.encodeAggregate>
  'aggregate, what it takes': Identical<
    Parameters<typeof kpl.aggregate<Mine>>,
    [records: Iterable<Mine>, options?: kpl.AggregateOptions<Mine> | undefined]
  >
  'aggregate, what it gives': Identical<ReturnType<typeof kpl.aggregate<Mine>>, ReturnType<typeof contract.aggregate<Mine>>>
  putRecordsBatches: Identical<typeof kpl.putRecordsBatches, typeof contract.putRecordsBatches>
  hashKey: Identical<typeof kpl.hashKey, typeof contract.hashKey>
  compareCheckpoints: Identical<typeof kpl.compareCheckpoints, typeof contract.compareCheckpoints>
}>

/** A stream's own public members: those of Transform are Transform's to get right. */
type Own<T> = Flat<Omit<T, keyof Transform>>
/** What `for await` gives. */
type Steps<T extends Transform> = ReturnType<T[typeof Symbol.asyncIterator]>

export type Classes = Expect<{
  Aggregator: Identical<Flat<kpl.Aggregator<Mine>>, Flat<contract.Aggregator<Mine>>>
  'new Aggregator': Identical<ConstructorParameters<typeof kpl.Aggregator<Mine>>, [options?: kpl.AggregatorOptions | undefined]>
  ShardMap: Identical<Flat<kpl.ShardMap<MyShard>>, Flat<contract.ShardMap<MyShard>>>
  'ShardMap of any shard': Identical<Flat<kpl.ShardMap>, Flat<contract.ShardMap>>
  'new ShardMap': Identical<
    ConstructorParameters<typeof kpl.ShardMap<MyShard>>,
    ConstructorParameters<typeof contract.ShardMap<MyShard>>
  >
  AggregateStream: Identical<Own<kpl.AggregateStream<Mine>>, Own<contract.AggregateStream<Mine>>>
  'AggregateStream, for await': Identical<Steps<kpl.AggregateStream<Mine>>, Steps<contract.AggregateStream<Mine>>>
  'AggregateStream is read as any Transform': Identical<kpl.AggregateStream['read'], contract.AggregateStream['read']>
  'AggregateStream is a Transform': kpl.AggregateStream<Mine> extends Transform ? true : false
  'new AggregateStream': Identical<
    ConstructorParameters<typeof kpl.AggregateStream<Mine>>,
    [options?: kpl.AggregateStreamOptions<Mine> | undefined]
  >
  DeaggregateStream: Identical<Own<kpl.DeaggregateStream<Buffer>>, Own<contract.DeaggregateStream<Buffer>>>
  'DeaggregateStream, for await': Identical<Steps<kpl.DeaggregateStream<Buffer>>, Steps<contract.DeaggregateStream<Buffer>>>
  'DeaggregateStream is read as any Transform': Identical<kpl.DeaggregateStream['read'], contract.DeaggregateStream['read']>
  'DeaggregateStream is a Transform': kpl.DeaggregateStream<Buffer> extends Transform ? true : false
  'new DeaggregateStream': Identical<
    ConstructorParameters<typeof kpl.DeaggregateStream<Buffer>>,
    [options?: kpl.DeaggregateStreamOptions<Buffer> | undefined]
  >
  KplError: Mutual<kpl.KplError, contract.KplError>
  'KplError, its members': Identical<Flat<kpl.KplError>, Flat<contract.KplError>>
  'new KplError': Mutual<typeof kpl.KplError, typeof contract.KplError>
}>
