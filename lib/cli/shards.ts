import type { KplError } from '../errors.js'
import { ShardMap, type Shard } from '../routing/shard-map.js'
import { type Option, UsageError } from './arguments.js'
import type { Io } from './command.js'
import { valuesIn } from './input/records.js'

export const SHARDS: Option = { value: 'FILE', about: "the stream's shards, as aws kinesis list-shards prints them" }

/**
 * The shards in a file: a reply of ListShards or DescribeStream, several of them, or the shards alone.
 *
 * @throws UsageError where they cannot be read, or are not all open shards of a stream
 */
export async function shardsIn(file: string, io: Io): Promise<ShardMap> {
  const failures = io.messages.failures
  const shards: Shard[] = []
  for await (const values of valuesIn([file], 'json', io, false)) {
    for (const { value } of values) for (const shard of shardsOf(value)) shards.push(shard)
  }
  if (io.messages.failures > failures) throw new UsageError(`--shards ${file} cannot be read`)
  if (!shards.some((shard) => Object(shard).HashKeyRange !== undefined)) throw new UsageError(`--shards ${file} holds no shards with a HashKeyRange`)
  try {
    return new ShardMap(shards)
  } catch (error) {
    const { code, message } = error as KplError
    throw new UsageError(`--shards ${file} does not list all open shards of a stream, on all pages of its list: ${code}: ${message}`)
  }
}

/** Of a reply, an array of replies or of shards, or a shard. */
function shardsOf(value: unknown): Shard[] {
  const elements = listIn(value) ?? [value]
  return elements.flatMap((element) => listIn(element) ?? [element]) as Shard[]
}

function listIn(value: unknown): unknown[] | undefined {
  const { Shards, StreamDescription } = Object(value) as { Shards?: unknown; StreamDescription?: { Shards?: unknown } }
  return [value, Shards, StreamDescription?.Shards].find((list) => Array.isArray(list))
}
