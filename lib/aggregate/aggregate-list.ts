import type { OpenAggregate } from './open-aggregate.js'

/** Aggregates, oldest first; any can leave in constant time, among 100,000 open ones too. */
export class AggregateList<R> {
  oldest: OpenAggregate<R> | undefined
  /** User records in all of them. */
  records = 0
  /** What all of them cost in `pendingBytes`. */
  bytes = 0
  #newest: OpenAggregate<R> | undefined

  push(aggregate: OpenAggregate<R>): void {
    aggregate.previous = this.#newest
    aggregate.next = undefined
    if (this.#newest === undefined) this.oldest = aggregate
    else this.#newest.next = aggregate
    this.#newest = aggregate
    this.records += aggregate.count
    this.bytes += aggregate.cost
  }

  /** One of them has got another user record, and so many bytes with it. */
  grow(bytes: number): void {
    this.records++
    this.bytes += bytes
  }

  remove(aggregate: OpenAggregate<R>): void {
    const { previous, next } = aggregate
    if (previous === undefined) this.oldest = next
    else previous.next = next
    if (next === undefined) this.#newest = previous
    else next.previous = previous
    this.records -= aggregate.count
    this.bytes -= aggregate.cost
  }
}
