import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { AggregateStream, type AggregateStreamOptions, type PutRecordsEntry, type UserRecordInput } from '../../lib/index.js'
import { turn } from '../../fixtures/streams.js'
import { contents } from '../../fixtures/writing.js'

const record = (partitionKey: string, data = '') => ({ partitionKey, data })
const bad = { partitionKey: '', data: '' }
const watched = (options: AggregateStreamOptions = {}) => {
  const stream = new AggregateStream({ recordMaxBufferedTime: Infinity, ...options })
  const log: unknown[] = []
  stream.on('error', (error) => log.push(error))
  const write = (record: unknown) => new Promise<Error | null | undefined>((resolve) => stream.write(record, resolve))
  return { stream, log, write }
}

t.test('a refused record fails the stream at once, through its callback and one error event', async (t) => {
  const { stream, log, write } = watched()
  stream.write(record('a'))
  const error = await write(bad)
  t.match(error, { code: 'ERR_KPL_INVALID_PARTITION_KEY' })
  t.equal((error as { input?: unknown }).input, bad)
  await turn()
  t.equal(log.length, 1)
  t.equal(log[0], error)
  t.ok(stream.destroyed)
  t.ok((await write(record('b'))) instanceof Error, 'nothing more is taken')
  t.same(contents(stream.takePending()), [['a=']])
})

t.test('what is no user record', async (t) => {
  for (const chunk of [undefined, 5, 'text', true, [], [record('a')], {}, Buffer.from('a'), Symbol('flush'), Symbol.for('flush')]) {
    const { write } = watched()
    t.match((await write(chunk))!.message, /record|partitionKey/, String(chunk as string))
  }
  const { stream } = watched()
  t.throws(() => stream.write(null as never), { code: 'ERR_STREAM_NULL_VALUES' }, "null is Node's own")
})

t.test('write does not throw', (t) => {
  for (const chunk of [undefined, 5, bad, { get partitionKey() { throw new Error('own') } }]) {
    const { stream } = watched()
    t.doesNotThrow(() => stream.write(chunk as never))
  }
  t.end()
})

t.test('onRejected takes refused records, and the stream goes on; their callbacks run without error', async (t) => {
  const rejected: unknown[] = []
  const { stream, log, write } = watched({ onRejected: (error, record) => rejected.push([error.code, error.input === record, record]) })
  const large = { partitionKey: 'a', data: Buffer.alloc(2_000_000) }
  for (const chunk of [record('a', '1'), bad, record('a', '2'), large, 5, record('a', '3')]) t.notOk(await write(chunk))
  stream.end()
  t.same(contents(await stream.toArray()), [['a=1', 'a=2', 'a=3']])
  t.same(rejected, [['ERR_KPL_INVALID_PARTITION_KEY', true, bad], ['ERR_KPL_RECORD_TOO_LARGE', true, large], ['ERR_KPL_INVALID_INPUT', true, 5]])
  t.same(log, [])
})

t.test('whatever onRejected throws destroys the stream, and nothing is lost', async (t) => {
  for (const thrown of [new Error('own'), 'text', 5, undefined, null, '', 0, false]) {
    const { stream, log, write } = watched({ onRejected: () => { throw thrown } })
    stream.write(record('a'))
    const error = await write(bad)
    t.ok(error, `${String(thrown)}: the callback is told`)
    await turn()
    t.equal(log.length, 1, `${String(thrown)}: one error event`)
    if (thrown) t.equal(log[0], thrown)
    t.ok(stream.destroyed)
    t.same(contents(stream.takePending()), [['a=']])
  }
})

t.test('what a getter of a record throws destroys the stream, and is not for onRejected', async (t) => {
  const own = new Error('own')
  const { stream, write } = watched({ onRejected: () => t.fail('told') })
  stream.write(record('a'))
  t.equal(await write({ get partitionKey(): string { throw own } } as UserRecordInput), own)
  t.same(contents(stream.takePending()), [['a=']])
})

t.test('with autoDestroy: false the stream is left open, and what was accepted is not lost', async (t) => {
  const { stream, log, write } = watched({ autoDestroy: false, recordMaxBufferedTime: 1 })
  const seen: string[][] = []
  stream.on('data', (entry: PutRecordsEntry) => seen.push(...contents([entry])))
  stream.write(record('a'))
  t.match(await write(bad), { code: 'ERR_KPL_INVALID_PARTITION_KEY' })
  await sleep(30)
  t.equal(stream.destroyed, false)
  t.equal(log.length, 1)
  t.same([...seen, ...contents(stream.takePending())], [['a=']])
})
