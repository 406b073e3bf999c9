import t from 'tap'
import { Aggregator } from '../../lib/index.js'
import { contents } from '../../fixtures/writing.js'
import { libUrl, runModule } from '../../fixtures/child.js'

// Frame 20, table entry 3, record 6 with 1-byte key and no data, and 512: an aggregate
// that holds one such record costs 541.
const ONE = 541
const AGAIN = 6

const pending = (maxPendingBytes: number, keys: string) => {
  const aggregator = new Aggregator({ maxPendingBytes })
  const left = Array.from(keys, (partitionKey) => contents(aggregator.add({ partitionKey, data: '' })).map((texts) => texts.join(' ')))
  return { left, records: aggregator.pendingRecords, bytes: aggregator.pendingBytes }
}

t.test('beyond it the oldest leave early: one byte under, at and over it', (t) => {
  t.same(pending(3 * ONE + 1, 'abc'), { left: [[], [], []], records: 3, bytes: 3 * ONE })
  t.same(pending(3 * ONE, 'abc'), { left: [[], [], []], records: 3, bytes: 3 * ONE })
  t.same(pending(3 * ONE - 1, 'abc'), { left: [[], [], ['a=']], records: 2, bytes: 2 * ONE })
  t.end()
})

t.test('the oldest is the one whose first record came first, however much it has got since', (t) => {
  t.same(pending(2 * ONE + 2 * AGAIN, 'abaac').left, [[], [], [], [], ['a= a= a=']])
  t.end()
})

t.test('one that grows may be the oldest itself', (t) => {
  t.same(pending(2 * ONE + AGAIN, 'abaa').left, [[], [], [], ['a= a= a=']])
  t.same(pending(2 * ONE + AGAIN, 'abbb').left, [[], [], [], ['a=']])
  t.end()
})

t.test('as many leave as must', (t) => {
  const aggregator = new Aggregator({ maxPendingBytes: 5 * ONE })
  for (const partitionKey of 'abcde') aggregator.add({ partitionKey, data: '' })
  t.same(contents(aggregator.add({ partitionKey: 'f', data: 'x'.repeat(3 * ONE) })).flat().slice(0, 4), ['a=', 'b=', 'c=', 'd='])
  t.end()
})

t.test('with room for none, every record leaves at once', (t) => {
  t.same(pending(1, 'aab'), { left: [['a='], ['a='], ['b=']], records: 0, bytes: 0 })
  t.same(pending(ONE - 1, 'aab'), { left: [['a='], ['a='], ['b=']], records: 0, bytes: 0 })
  t.end()
})

t.test('it holds for all groups together, by shard and after a regrouping too', (t) => {
  const bounds = [0n, 100n, 200n]
  const shards = bounds.map((start, n) => ({ ShardId: `s${n}`, HashKeyRange: { StartingHashKey: String(start), EndingHashKey: String((bounds[n + 1] ?? 2n ** 128n) - 1n) } }))
  let known: typeof shards | undefined
  const aggregator = new Aggregator({ shards: () => known, maxPendingBytes: 4000 })
  let most = 0
  const add = (explicitHashKey: string) => {
    aggregator.add({ partitionKey: 'a', data: '', explicitHashKey })
    most = Math.max(most, aggregator.pendingBytes)
  }
  for (const key of ['1', '101', '201', '2', '102', '202', '3']) add(key)
  known = shards
  for (const key of ['1', '101', '201', '2', '102', '202', '3']) add(key)
  known = undefined
  add('4')
  t.ok(most <= 4000, `${most}`)
  t.ok(aggregator.pendingRecords > 0)
  t.end()
})

t.test('a million different partition keys: within 64 MiB by default, and under 150 MB live', async (t) => {
  const { code, stdout, stderr } = await runModule(
    `
    import { setTimeout as sleep } from 'node:timers/promises'
    import { Aggregator } from ${JSON.stringify(libUrl)}
    // What a collection frees outside the heap is only counted a little later.
    const live = async () => {
      for (const _ of [1, 2]) { gc(); await sleep(20) }
      const { heapUsed, external } = process.memoryUsage()
      return Math.round((heapUsed + external) / 1e6)
    }
    const aggregator = new Aggregator()
    const report = { pendingBytes: 0, live: 0, out: 0 }
    for (let n = 1; n <= 1_000_000; n++) {
      for (const { userRecords } of aggregator.add({ partitionKey: \`key \${n}\`, data: Buffer.from(String(n).padEnd(100)) })) report.out += userRecords.length
      if (n % 1000 === 0) report.pendingBytes = Math.max(report.pendingBytes, aggregator.pendingBytes)
      if (n % 200_000 === 0) report.live = Math.max(report.live, await live())
    }
    report.pending = aggregator.pendingRecords
    console.log(JSON.stringify(report))
    `,
    ['--expose-gc'],
  )
  t.equal(code, 0, stderr)
  t.comment(stdout)
  const { pendingBytes, live, out, pending } = JSON.parse(stdout) as Record<string, number>
  t.ok(pendingBytes! <= 67_108_864 && pendingBytes! > 67_000_000, `${pendingBytes} bytes pending at the most`)
  t.ok(live! < 150, `${live} MB live`)
  t.equal(out! + pending!, 1_000_000)
  t.ok(pending! > 90_000, `${pending} records were pending at the end`)
})
