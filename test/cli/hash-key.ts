import { createHash } from 'node:crypto'
import t from 'tap'
import { kplCodec, parsedLines } from '../../fixtures/cli.js'
import { loadKplCase } from '../../fixtures/load.js'

// `hash-key` tells the hash key of each partition key, and with --shards the shard that takes it.

const half = 1n << 127n
const shards = JSON.stringify({
  Shards: [
    { ShardId: 'low', HashKeyRange: { StartingHashKey: '0', EndingHashKey: String(half - 1n) } },
    { ShardId: 'high\x1b[2J', HashKeyRange: { StartingHashKey: String(half), EndingHashKey: String(half * 2n - 1n) } },
  ],
})

t.test('decimal and hexadecimal digits', async (t) => {
  const { stdout, code } = await kplCodec(['hash-key', 'a', 'k\n'])
  t.equal(stdout, [
    'partition key                                 hash key  in hexadecimal',
    'a               16955237001963240173058271559858726497  0cc175b9c0f1b6a831c399e269772661',
    `k\\n            ${String(BigInt(`0x${md5('k\n')}`)).padStart(38)}  ${md5('k\n')}`,
    '',
  ].join('\n'))
  t.equal(code, 0)
})

t.test('ndjson', async (t) => {
  const { stdout } = await kplCodec(['hash-key', '--format', 'ndjson', 'a', '漢字'])
  t.strictSame(parsedLines(stdout), ['a', '漢字'].map((key) => ({ partitionKey: key, hashKey: String(BigInt(`0x${md5(key)}`)), hex: md5(key) })))
})

t.test('--shards: a file of very many lines that are no shards is told like any other', async (t) => {
  const { code, stderr } = await kplCodec(['hash-key', '--shards', '-', 'a'], { stdin: `${JSON.stringify(JSON.parse(shards))}\n${'1\n'.repeat(200_000)}` })
  t.equal(code, 2)
  t.match(stderr, /does not list all open shards of a stream, .*: ERR_KPL_INVALID_SHARDS: a shard must be an object, not 1\n$/)
})

t.test('--shards: the shard, as Kinesis chose it', async (t) => {
  const table = await kplCodec(['hash-key', '--shards', '-', 'a', 'b'], { stdin: shards })
  t.match(table.stdout, /^partition key .* in hexadecimal +shard\na .* low\nb .* high\\x1b\[2J\n$/)
  const { stdout } = await kplCodec(['hash-key', '--shards', '-', '-f', 'ndjson', 'a'], { stdin: shards })
  t.equal(parsedLines(stdout)[0].shardId, 'low')
})

t.test('the shards that the server chose for what the KPL sent', async (t) => {
  const { records, info } = loadKplCase('one-record')
  const Shards = info.shards.map(({ shardId, startingHashKey, endingHashKey }) => {
    return { ShardId: shardId, HashKeyRange: { StartingHashKey: startingHashKey, EndingHashKey: endingHashKey } }
  })
  // The others were sent with explicit hash keys that users chose.
  const hashed = records.filter(({ partitionKey, explicitHashKey }) => explicitHashKey === String(BigInt(`0x${md5(partitionKey)}`)))
  t.ok(hashed.length > 10)
  const args = ['hash-key', '-f', 'ndjson', '--shards', '-', ...hashed.map(({ partitionKey }) => partitionKey)]
  const { stdout } = await kplCodec(args, { stdin: JSON.stringify({ Shards }) })
  t.same(parsedLines(stdout).map(({ shardId }) => shardId), hashed.map(({ shardId }) => shardId))
})

t.test('a key that Kinesis would refuse', async (t) => {
  t.match(await kplCodec(['hash-key', '']), { code: 1, stdout: '', stderr: /^kpl-codec: ERR_KPL_INVALID_PARTITION_KEY: partitionKey must have 1 to 256 characters, not 0\n$/ })
})

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex')
}
