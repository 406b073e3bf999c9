import type { UserRecordInput } from '../format/draft.js'
import type { OpenAggregate } from './open-aggregate.js'
import type { Group } from './router.js'

/** The open aggregates, one for each group; any can leave in constant time, among 100,000 too. */
export class OpenAggregates<R extends UserRecordInput> {
  /** User records in all of them. */
  records = 0
  /** What all of them cost in `pendingBytes`. */
  bytes = 0
  readonly #groups = new Map<Group, OpenAggregate<R>>()
  /** Goes from the oldest on; kept, for a new one would pass over the places of all that have left. */
  readonly #ages = this.#groups.values()
  #oldest: OpenAggregate<R> | undefined

  get oldest(): OpenAggregate<R> | undefined {
    if (this.#groups.size === 0) return undefined
    // It never comes to its end: what is open stands behind it.
    while (this.#oldest?.isOpen !== true) this.#oldest = this.#ages.next().value
    return this.#oldest
  }

  /** All of them, oldest first. */
  [Symbol.iterator](): Iterator<OpenAggregate<R>> {
    return this.#groups.values()
  }

  get(group: Group): OpenAggregate<R> | undefined {
    return this.#groups.get(group)
  }

  add(aggregate: OpenAggregate<R>): void {
    this.#groups.set(aggregate.group, aggregate)
    this.records += aggregate.count
    this.bytes += aggregate.cost
  }

  /** One of them has got another user record, and so many bytes with it. */
  grow(bytes: number): void {
    this.records++
    this.bytes += bytes
  }

  remove(aggregate: OpenAggregate<R>): void {
    this.#groups.delete(aggregate.group)
    this.records -= aggregate.count
    this.bytes -= aggregate.cost
  }
}
