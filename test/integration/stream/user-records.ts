// User records that can be told from one another when they come out of a stream, from a seed.
import { createHash } from 'node:crypto'
import type { Shard } from '@aws-sdk/client-kinesis'
import type { UserRecordInput } from 'kpl-codec'
import { Draw } from '../../../fixtures/random.js'

export interface Sent extends UserRecordInput {
  /** Its place among all, from 0; the end of its data tells it. */
  readonly n: number
  readonly hashKey: bigint
}

const DIGITS = 7
const MAGIC = Buffer.from('f3899ac2', 'hex')
/**
 * Keys that programs have stumbled over: other kinds of names, other kinds of numbers, the KPL's own, the longest
 * (Kinesis counts characters, this server UTF-16 units, of which 128 of these take 256).
 */
const ODD_KEYS = ['10', '9', '007', '-1', '__proto__', 'constructor', 'hasOwnProperty', 'a', ' ', '\0', 'a\0b', '\ufeff', 'é', 'e\u0301', '😀'.repeat(128), 'k'.repeat(256)]

/** A generator for a test, which tells its seed; `STREAM_SEED` gives another. */
export function seeded(t: { diagnostic(text: string): void }, seed: number): Draw {
  const used = Number(process.env.STREAM_SEED ?? seed)
  t.diagnostic(`seed ${used} (STREAM_SEED gives another)`)
  return new Draw(used)
}

/**
 * @param shards the edges of their ranges are among the explicit hash keys.
 * @param oneOf how many times in so many a user record has another key than the one before it.
 */
export function userRecords(draw: Draw, count: number, shards: readonly Shard[], oneOf: readonly [number, number] = [1, 1]): Sent[] {
  const keys = [...ODD_KEYS, ...Array.from({ length: 1_500 }, (_, n) => (n % 3 === 0 ? `${draw.text(draw.between(1, 12))}${n}` : `key-${n}`))]
  const explicit = [...shards.flatMap(edges), ...Array.from({ length: 300 }, () => BigInt(`0x${draw.bytes(16).toString('hex')}`))].map((hashKey, n) => {
    return n % 5 === 4 ? `00${hashKey}` : String(hashKey)
  })
  let key: { partitionKey: string; explicitHashKey?: string } | undefined
  return Array.from({ length: count }, (_, n) => {
    if (key === undefined || draw.below(oneOf[1]) < oneOf[0]) {
      key = draw.oneIn(4) ? { partitionKey: draw.pick(keys), explicitHashKey: draw.pick(explicit) } : { partitionKey: draw.pick(keys) }
    }
    return { n, ...key, hashKey: hashKeyOf(key), data: payload(draw, n) }
  })
}

/** Which user record this is the data of. */
export function numberOf(data: Buffer): number {
  const digits = data.toString('latin1', data.length - DIGITS)
  if (!/^\d{7}$/.test(digits)) throw new Error(`the data of no user record: ${data.toString('hex', 0, 40)}`)
  return Number(digits)
}

export function bytesOf(data: Uint8Array | string): Buffer {
  return typeof data === 'string' ? Buffer.from(data) : Buffer.from(data.buffer, data.byteOffset, data.byteLength)
}

function payload(draw: Draw, n: number): Buffer | string {
  const number = String(n).padStart(DIGITS, '0')
  // More than an aggregate takes: it leaves alone, between two of them.
  if (draw.oneIn(20_000)) return number.padStart(60_000, 'large')
  const length = draw.below(24)
  if (draw.oneIn(3)) return `${'é水x'.repeat(8).slice(0, length)}${number}`
  return Buffer.concat([draw.oneIn(50) ? MAGIC : Buffer.alloc(0), Buffer.alloc(length, draw.below(256)), Buffer.from(number)])
}

/** With node:crypto and by hand: what kpl-codec makes of keys is what is tested. */
function hashKeyOf({ partitionKey, explicitHashKey }: { partitionKey: string; explicitHashKey?: string }): bigint {
  return BigInt(explicitHashKey ?? `0x${createHash('md5').update(partitionKey).digest('hex')}`)
}

function edges({ HashKeyRange }: Shard): bigint[] {
  return [BigInt(HashKeyRange!.StartingHashKey!), BigInt(HashKeyRange!.EndingHashKey!)]
}
