import { KplError } from '../errors.js'
import { Reader } from '../wire/reader.js'
import { AT, END, EXPLICIT, INDEX_OUTSIDE, KEY, ROW, START } from './row.js'
import { type Tag, readTags } from './tags.js'

/** Where everything is in one AggregatedRecord message: a row of numbers for each user record, and the tables of keys. */
export class MessageIndex {
  /** How many user records the message has. */
  readonly count: number
  readonly #rows: Int32Array
  readonly #partitionKeys: readonly string[]
  readonly #explicitHashKeys: readonly string[]
  /** Whether any user record has tags: to look at each one's row takes 2 ns of the 33 in which it is handed out. */
  readonly #hasTags: boolean

  constructor(rows: Int32Array, partitionKeys: readonly string[], explicitHashKeys: readonly string[], hasTags: boolean) {
    this.count = rows.length / ROW
    this.#rows = rows
    this.#partitionKeys = partitionKeys
    this.#explicitHashKeys = explicitHashKeys
    this.#hasTags = hasTags
  }

  /** Where the user record's partition key stands in its table. */
  partitionKeyIndex(n: number): number {
    return this.#rows[n * ROW + KEY]!
  }

  /** Where its explicit hash key stands in its table; -1 where there is none. */
  explicitHashKeyIndex(n: number): number {
    return this.#rows[n * ROW + EXPLICIT]!
  }

  partitionKey(n: number): string {
    return this.#partitionKeys[this.partitionKeyIndex(n)]!
  }

  explicitHashKey(n: number): string | undefined {
    const index = this.explicitHashKeyIndex(n)
    return index < 0 ? undefined : this.#explicitHashKeys[index]
  }

  /** Where the user record's data begins. */
  start(n: number): number {
    return this.#rows[n * ROW + START]!
  }

  /** Where the user record's data ends. */
  end(n: number): number {
    return this.#rows[n * ROW + END]!
  }

  /** @param bytes those that the message was read from. */
  tags(n: number, bytes: Buffer): Tag[] | undefined {
    return this.#hasTags && this.#rows[n * ROW + AT]! < 0 ? readTags(new Reader(bytes, this.at(n), bytes.length)) : undefined
  }

  /** Where the user record stands. */
  at(n: number): number {
    return Math.abs(this.#rows[n * ROW + AT]!)
  }

  /** @throws KplError `ERR_KPL_MALFORMED` of the first user record with a key that stands in no table. */
  checkKeys(): void {
    for (let n = 0; n < this.count; n++) {
      this.#checkKey(n, this.partitionKeyIndex(n), 'partition key', this.#partitionKeys)
      this.#checkKey(n, this.explicitHashKeyIndex(n), 'explicit hash key', this.#explicitHashKeys)
    }
  }

  #checkKey(n: number, index: number, name: string, table: readonly string[]): void {
    if (index >= table.length) malformedUserRecord(n, `${name} index ${index < INDEX_OUTSIDE ? index : 'of 2^31-1 or more'} is outside its table of ${table.length}`, this.at(n))
  }
}

/** Throws `ERR_KPL_MALFORMED` of user record `n`. */
export function malformedUserRecord(n: number, message: string, offset: number): never {
  throw new KplError('ERR_KPL_MALFORMED', `user record ${n}: ${message}, at byte ${offset}`, { offset, subSequenceNumber: n })
}
