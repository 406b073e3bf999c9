import { toBuffer } from '../bytes.js'
import { ENOUGH_BYTES, ENOUGH_MESSAGES, md5Many } from '../digest/md5-many.js'
import { DIGEST_LENGTH } from '../format/constants.js'
import { framedMessage, isDigestOf } from '../format/frame.js'
import { isFramed } from '../format/is-aggregated.js'
import type { Inputs } from '../stage.js'
import { type KinesisRecord, readKinesisRecord } from './kinesis-record.js'

/**
 * The Kinesis records of the inputs; where these are a list, opened some at a time, so that
 * their aggregates are digested side by side. All else is left for a record's turn.
 */
export class Lookahead<S> {
  readonly #isSkipped: (record: KinesisRecord<S>) => boolean
  /** Those whose turn has not come: what was taken is let go. */
  #opened: KinesisRecord<S>[] = []

  /** @param isSkipped whether a record will not be looked into; it may throw. */
  constructor(isSkipped: (record: KinesisRecord<S>) => boolean) {
    this.#isSkipped = isSkipped
  }

  /**
   * The Kinesis record whose turn it is.
   *
   * @throws KplError `ERR_KPL_INVALID_INPUT`
   */
  take(source: S, { list, at }: Inputs<S>): KinesisRecord<S> {
    // The last of a list, so a lone record too, has nothing to be digested beside: a fifth less for a record of 100 bytes.
    if (list === undefined || (at === list.length && this.#opened.length === 0)) return readKinesisRecord(source)
    if (this.#opened[0]?.source !== source) this.#openFrom(source, list, at - 1)
    return this.#opened.shift() ?? readKinesisRecord(source)
  }

  #openFrom(source: S, list: readonly S[], from: number): void {
    const opened: KinesisRecord<S>[] = []
    const end = Math.min(list.length, from + ENOUGH_MESSAGES)
    let size = 0
    try {
      for (let at = from; at < end && size < ENOUGH_BYTES; at++) {
        const record = readKinesisRecord(at === from ? source : list[at]!)
        if (!this.#isSkipped(record)) size += (record.bytes = toBuffer(record.data)).length
        opened.push(record)
      }
    } catch {
      // It is thrown again in the turn of the record that it is about.
    }
    this.#opened = opened
    digest(opened.filter(({ bytes, subSequenceNumber }) => bytes !== undefined && subSequenceNumber === undefined && isFramed(bytes)))
  }
}

function digest(aggregates: readonly KinesisRecord<unknown>[]): void {
  try {
    const digests = md5Many(aggregates.map(({ bytes }) => framedMessage(bytes!)))
    for (const [n, record] of aggregates.entries()) record.isDigestTrue = isDigestOf(record.bytes!, digests, DIGEST_LENGTH * n)
  } catch {
    // In FIPS mode there is no MD5: it is thrown again in the turn of the first aggregate.
  }
}
