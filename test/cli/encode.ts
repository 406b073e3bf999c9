import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { kplCodec, ndjson, parsedLines } from '../../fixtures/cli.js'
import { loadKplCase } from '../../fixtures/load.js'
import { type AggregatorOptions, type UserRecordInput, ShardMap, aggregate, decodeAggregate, deaggregate, putRecordsBatches } from '../../lib/index.js'

// `encode` takes what `decode` writes and gives entries as `aws kinesis put-records` takes them.

const half = 1n << 127n
const shards = [
  { ShardId: 'low', HashKeyRange: { StartingHashKey: '0', EndingHashKey: String(half - 1n) } },
  { ShardId: 'high', HashKeyRange: { StartingHashKey: String(half), EndingHashKey: String(half * 2n - 1n) } },
  { ShardId: 'closed', HashKeyRange: { StartingHashKey: '0', EndingHashKey: String(half * 2n - 1n) }, SequenceNumberRange: { EndingSequenceNumber: '5' } },
]
const lines = Array.from({ length: 300 }, (_, n) => ({ partitionKey: `key-${n % 7}`, text: `{"n":${n}}` }))
const records: UserRecordInput[] = lines.map(({ partitionKey, text }) => ({ partitionKey, data: text }))
const printed = (records: Iterable<UserRecordInput>, options?: AggregatorOptions) =>
  Array.from(aggregate(records, options), ({ Data, ...entry }) => ({ Data: Data.toString('base64'), ...entry }))

t.test('json: one array of the entries that aggregate gives, of none too', async (t) => {
  const { code, stdout, stderr } = await kplCodec(['encode'], { stdin: ndjson(lines) })
  t.strictSame(JSON.parse(stdout), printed(records))
  t.equal(stderr, '')
  t.equal(code, 0)
  t.equal((await kplCodec(['encode'], { stdin: '' })).stdout, '[]\n')
})

t.test('decode | encode gives genuine aggregates back, byte by byte', async (t) => {
  for (const name of ['default-1shard', 'tricky-keys', 'ehk-4shards', 'kpl11-auto', 'reshard']) {
    const aggregates = loadKplCase(name).records.filter(({ data }) => {
      try {
        return decodeAggregate(data).records.length > 1
      } catch {
        return false
      }
    })
    for (const { data } of aggregates.slice(0, 20)) {
      const { stdout } = await kplCodec(['decode'], { stdin: data })
      const again = await kplCodec(['encode', '--group-by', 'none', '--aggregation-max-size', '1048576', '-f', 'ndjson'], { stdin: stdout })
      t.equal(parsedLines(again.stdout)[0].Data, data.toString('base64'), name)
    }
  }
})

t.test('bytes, explicit hash keys and tags go through', async (t) => {
  const stdin = ndjson([
    { partitionKey: 'a', data: '/wA=', explicitHashKey: '007', tags: [{ key: 'k', value: 'v' }, { key: 'l' }] },
    { partitionKey: 'a', text: '', explicitHashKey: '7' },
    { partitionKey: 'a', data: '', explicitHashKey: '7' },
  ])
  const { stdout } = await kplCodec(['encode'], { stdin })
  const decoded = await kplCodec(['decode'], { stdin: stdout })
  t.match(parsedLines(decoded.stdout), [
    { partitionKey: 'a', data: '/wA=', explicitHashKey: '7', tags: [{ key: 'k', value: 'v' }, { key: 'l' }] },
    { partitionKey: 'a', text: '', explicitHashKey: '7' },
    { partitionKey: 'a', text: '', explicitHashKey: '7' },
  ])
  t.equal(JSON.parse(stdout)[0].ExplicitHashKey, '7')
})

t.test('every option of writing has its flag', async (t) => {
  const cases: [string[], AggregatorOptions][] = [
    [['--aggregation-max-size', '300'], { aggregationMaxSize: 300 }],
    [['--aggregation-max-count', '3'], { aggregationMaxCount: 3 }],
    [['--max-record-size', '200'], { maxRecordSize: 200 }],
    [['--max-pending-bytes', '2000'], { maxPendingBytes: 2000 }],
    [['--group-by', 'none'], { groupBy: 'none' }],
    [['--outer-key', 'kpl'], { outerKey: 'kpl' }],
    [['--lone-record', 'wrap', '--aggregation-max-count', '1'], { loneRecord: 'wrap', aggregationMaxCount: 1 }],
    [['--no-aggregation'], { aggregationEnabled: false }],
  ]
  const plain = JSON.stringify(printed(records))
  for (const [args, options] of cases) {
    const { stdout } = await kplCodec(['encode', ...args], { stdin: ndjson(lines) })
    t.strictSame(JSON.parse(stdout), printed(records, options), args.join(' '))
    t.not(JSON.stringify(JSON.parse(stdout)), plain, 'which makes a difference')
  }
})

t.test('--shards: the reply of ListShards or DescribeStream, several pages, or the shards alone', async (t) => {
  const folder = t.testdir()
  const expected = printed(records, { shards: new ShardMap(shards) })
  t.equal(expected.length, 2)
  const files: Record<string, string> = {
    'ListShards': JSON.stringify({ Shards: shards }, null, 4),
    'DescribeStream': JSON.stringify({ StreamDescription: { StreamName: 's', Shards: shards } }),
    'two pages': ndjson([{ Shards: shards.slice(0, 1) }, { Shards: shards.slice(1) }]),
    'an array': JSON.stringify(shards),
    'an array of pages': JSON.stringify([{ Shards: shards.slice(0, 1) }, { Shards: shards.slice(1) }]),
    'an array of arrays': JSON.stringify([shards]),
    'one in each line': ndjson(shards),
  }
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name)
    writeFileSync(path, text)
    const { stdout, code } = await kplCodec(['encode', '--shards', path], { stdin: ndjson(lines) })
    t.strictSame(JSON.parse(stdout), expected, name)
    t.equal(code, 0)
  }
  const path = join(folder, 'records')
  writeFileSync(path, ndjson(lines))
  t.strictSame(JSON.parse((await kplCodec(['encode', '--shards', '-', path], { stdin: files['ListShards']! })).stdout), expected, 'on standard input, with the records in a file')
})

t.test('shards that are none, or not all', async (t) => {
  const folder = t.testdir({ half: JSON.stringify({ Shards: shards.slice(0, 1) }), none: '{"Shards":[]}', other: '{"a":1}', rangeless: '{"Shards":[{"ShardId":"s"}]}', list: '{"Shards":{"a":1}}', odd: `[5,${JSON.stringify(shards[0])}]`, broken: '{"Shards' })
  const told = async (name: string) => kplCodec(['encode', '--shards', join(folder, name)], { stdin: ndjson(lines) })
  t.match(await told('half'), { code: 2, stderr: /--shards .*half does not list all open shards of a stream, on all pages of its list: ERR_KPL_INVALID_SHARDS: the last shard must end at 2\^128-1/ })
  t.match(await told('none'), { code: 2, stderr: /--shards .*none holds no shards with a HashKeyRange\n$/ })
  t.match(await told('other'), { code: 2, stderr: /--shards .*other holds no shards with a HashKeyRange\n$/ })
  t.match(await told('rangeless'), { code: 2, stderr: /--shards .*rangeless holds no shards with a HashKeyRange\n$/ })
  t.match(await told('list'), { code: 2, stderr: /--shards .*list holds no shards with a HashKeyRange\n$/ })
  t.match(await told('odd'), { code: 2, stderr: /--shards .*odd does not list all open shards .*: ERR_KPL_INVALID_SHARDS: a shard must be an object, not 5/ })
  t.match(await told('broken'), { code: 2, stderr: /no JSON: .*\nkpl-codec: --shards .*broken cannot be read\n$/ })
  t.match(await told('missing'), { code: 2, stderr: /there is no such file\nkpl-codec: --shards .*missing cannot be read\n$/ })
})

t.test('requests: lines that one PutRecords request takes each', async (t) => {
  const many = Array.from({ length: 1234 }, (_, n) => ({ partitionKey: `key-${n}`, text: `${n}` }))
  const { stdout, stderr } = await kplCodec(['encode', '--format', 'requests'], { stdin: ndjson(many) })
  const requests = parsedLines(stdout)
  t.same(requests.map((request) => request.length), [500, 500, 234])
  t.strictSame(requests.flat(), printed(many.map(({ partitionKey, text }) => ({ partitionKey, data: text }))))
  t.equal(stderr, '')
  const large = Array.from({ length: 7 }, (_, n) => ({ partitionKey: `key-${n}`, text: 'x'.repeat(1_000_000) }))
  t.same(parsedLines((await kplCodec(['encode', '-f', 'requests'], { stdin: ndjson(large) })).stdout).map((request) => request.length), [5, 2])
  t.equal((await kplCodec(['encode', '-f', 'requests'], { stdin: '' })).stdout, '')
  const medium = Array.from({ length: 1500 }, (_, n) => ({ partitionKey: `key-${n}`, text: 'x'.repeat(n % 90_000 === 7 ? 1_000_000 : 30 * (n % 900)) }))
  const expected = Array.from(putRecordsBatches(aggregate(medium.map(({ partitionKey, text }) => ({ partitionKey, data: text })))), ({ length }) => length)
  t.ok(new Set(expected).size > 3)
  t.same(parsedLines((await kplCodec(['encode', '-f', 'requests'], { stdin: ndjson(medium) })).stdout).map((request) => request.length), expected, 'cut as putRecordsBatches cuts them')
  const whole = await kplCodec(['encode'], { stdin: ndjson(many) })
  t.equal(whole.stderr, `kpl-codec: 1,234 entries of ${size(many)} bytes are more than one PutRecords request takes: see --format requests\n`, 'a json that is too long for one is told')
  t.equal(whole.code, 0)
  t.match((await kplCodec(['encode'], { stdin: ndjson(Array.from({ length: 12 }, () => large[0])) })).stderr, /^kpl-codec: 12 entries of 12,000,060 bytes are more than one/)
})

t.test('a user record that cannot be written is told with its line, the rest goes on', async (t) => {
  const cases: [object | string, RegExp][] = [
    ['text', /a user record must be an object$/],
    [{ Data: '', PartitionKey: 'k' }, /this is a Kinesis record, no user record: see kpl-codec decode$/],
    [{ kinesis: {} }, /this is a Kinesis record/],
    [{ partitionKey: 'k' }, /a user record must have either text, or data in base64$/],
    [{ partitionKey: 'k', text: '', data: '' }, /must have either text, or data/],
    [{ partitionKey: 'k', text: 5 }, /text and data must be text$/],
    [{ partitionKey: 'k', data: '!' }, /data must be padded base64, .* \(plain text goes into "text"\)$/],
    [{ partitionKey: 'k', text: '', explicitHashkey: '5' }, /a user record has no field "explicitHashkey"$/],
    [{ partitionKey: '', text: '' }, /ERR_KPL_INVALID_PARTITION_KEY: /],
    [{ text: 'x' }, /ERR_KPL_INVALID_PARTITION_KEY: /],
    [{ partitionKey: 'k', text: 'x', explicitHashKey: '-1' }, /ERR_KPL_INVALID_EXPLICIT_HASH_KEY: /],
    [{ partitionKey: 'k', text: 'x', tags: 'no' }, /ERR_KPL_INVALID_INPUT: tags must be an array/],
    [{ partitionKey: 'k', text: 'x'.repeat(1_048_576) }, /ERR_KPL_RECORD_TOO_LARGE: /],
    ['\ud800', /a user record must be an object$/],
  ]
  for (const [record, told] of cases) {
    const { code, stdout, stderr } = await kplCodec(['encode'], { stdin: ndjson([{ partitionKey: 'a', text: '1' }, record, { partitionKey: 'a', text: '2' }]) })
    t.match(stderr.trimEnd(), told)
    t.match(stderr, /^kpl-codec: standard input:2: /)
    t.same(Array.from(deaggregate(JSON.parse(stdout)), (record) => record.text()), ['1', '2'])
    t.equal(code, 1)
  }
})

t.test('a line that is cut takes no other with it, unless it is the first, and --input ndjson helps then', async (t) => {
  const [first, second] = ['1', '2'].map((text) => JSON.stringify({ partitionKey: 'a', text }))
  const broken = '{"partitionKey":"b",'
  const texts = async (args: string[], ...lines: string[]) => {
    const { code, stdout, stderr } = await kplCodec(['encode', ...args], { stdin: lines.join('\n') })
    return [code, Array.from(deaggregate(JSON.parse(stdout)), (record) => record.text()).join(), stderr.split('\n')[0]!.replace(/: (Expected|Unexpected)[^(]*(?= \(--)|: (Expected|Unexpected).*/, '')]
  }
  t.same(await texts([], first!, broken, second!), [1, '1,2', 'kpl-codec: standard input:2: no JSON (--input json reads values over several lines)'])
  t.same(await texts([], first!, '}', second!), [1, '1,2', 'kpl-codec: standard input:2: no JSON'])
  t.same(await texts([], broken, first!, second!), [1, '', 'kpl-codec: standard input: the JSON value ends too early (--input ndjson reads line by line)'])
  t.same(await texts(['-i', 'ndjson'], broken, first!, second!), [1, '1,2', 'kpl-codec: standard input:1: no JSON'])
  t.same(await texts(['--input', 'json'], first!, second!.replace(',', ',\n')), [0, '1,2', ''])
  t.same(await texts(['--input', 'json'], first!, broken), [1, '1', 'kpl-codec: standard input: the JSON value ends too early'])
})

t.test('a user record with a field Records or records is one user record, with a field too many', async (t) => {
  for (const name of ['Records', 'records']) {
    for (const member of [{ partitionKey: 'a', text: 'x' }, { text: 'x' }, { partitionKey: 'a', data: '' }, { partitionKey: 'a' }]) {
      const { code, stdout, stderr } = await kplCodec(['encode'], { stdin: ndjson([{ ...member, [name]: [{ partitionKey: 'b', text: 'y' }] }]) })
      t.match(stderr, `kpl-codec: standard input:1: a user record has no field "${name}"`)
      t.same([code, JSON.parse(stdout)], [1, []])
    }
  }
})

t.test('null is not there, as many programs write it', async (t) => {
  const stdin = ndjson([
    { partitionKey: 'a', text: '1', data: null, explicitHashKey: null, tags: null },
    { partitionKey: 'a', text: null, data: 'Mg==' },
  ])
  const { stdout, stderr } = await kplCodec(['encode'], { stdin })
  t.strictSame(JSON.parse(stdout), printed([{ partitionKey: 'a', data: '1' }, { partitionKey: 'a', data: '2' }]))
  t.equal(stderr, '')
  t.match((await kplCodec(['encode'], { stdin: ndjson([{ partitionKey: 'a', text: null }]) })).stderr, /must have either text, or data/)
})

t.test('what is wrong in each of many lines is told ten times, then counted', async (t) => {
  const lines = (name: string, count: number) => Array.from({ length: count }, () => ({ partitionKey: 'k', text: '', [name]: 1 }))
  const { code, stderr } = await kplCodec(['encode'], { stdin: ndjson([...lines('a', 1013), ...lines('b', 10), ...lines('a', 11)]) })
  const told = stderr.trimEnd().split('\n').map((line) => line.replace('kpl-codec: ', ''))
  t.same(told.slice(0, 11), [...Array.from({ length: 10 }, (_, n) => `standard input:${n + 1}: a user record has no field "a"`), 'standard input:1013: 1,003 more up to here: a user record has no field "a"'])
  t.same(told.slice(11, 21), Array.from({ length: 10 }, (_, n) => `standard input:${n + 1014}: a user record has no field "b"`))
  t.match(told.slice(21), { length: 11, 9: 'standard input:1033: a user record has no field "a"', 10: 'standard input:1034: 1 more up to here: a user record has no field "a"' })
  t.equal(code, 1)
  const folder = t.testdir({ a: ndjson(lines('a', 12)), b: ndjson(lines('a', 12)) })
  const files = await kplCodec(['encode', join(folder, 'a'), join(folder, 'b')])
  t.equal(files.stderr.split(`${folder}/b:`).length - 1, 11, 'each file anew')
  const missing = await kplCodec(['encode', ...Array.from({ length: 12 }, (_, n) => join(folder, `none-${n}`))])
  t.equal(missing.stderr.split('there is no such file').length - 1, 12, 'what is wrong with whole files is told of each')
  t.notMatch(missing.stderr, 'more')
})

t.test('an array of user records, and JSON that is printed for people', async (t) => {
  const { stdout } = await kplCodec(['encode'], { stdin: JSON.stringify(lines, null, 2) })
  t.strictSame(JSON.parse(stdout), printed(records))
})

function size(many: { partitionKey: string; text: string }[]): string {
  return many.reduce((sum, { partitionKey, text }) => sum + partitionKey.length + text.length, 0).toLocaleString('en-US')
}
