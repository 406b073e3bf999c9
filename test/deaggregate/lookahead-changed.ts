import t from 'tap'
import { DeaggregateStream, type DeaggregateOptions, type KinesisInput, type UserRecord, deaggregate } from '../../lib/index.js'
import { md5Many } from '../../lib/digest/md5-many.js'
import { aggregateOf, frame, withWrongDigest } from '../../fixtures/aggregates.js'
import { line } from '../../fixtures/reading.js'
import { Draw, draw } from '../../fixtures/random.js'

// A list of which elements are replaced, added or taken away while it is read gives what it holds at
// each record's turn, though some of its records were looked at before. (What changes within a record is not seen.)

const aggregate = (name: string) => aggregateOf(['x', 'y'].map((data) => ({ partitionKey: 'a', data: `${name}${data}` })))
const named = (name: string): KinesisInput => ({ Data: aggregate(name), SequenceNumber: '1' })
const bad = { Data: '!' }

md5Many([Buffer.alloc(2 ** 21), Buffer.alloc(2 ** 21), Buffer.alloc(2 ** 21)])

/** The texts of a list of aggregates, each of two user records, that is changed after the first of them is read. */
function texts(names: string, change: (list: KinesisInput[]) => unknown, options?: DeaggregateOptions): string {
  const list = Array.from(names, named)
  const read: string[] = []
  for (const record of deaggregate(list, options)) if (read.push(record.text()) === 1) change(list)
  return read.join(' ')
}

t.test('later records replaced', (t) => {
  t.equal(texts('abc', (list) => (list[1] = named('d'))), 'ax ay dx dy cx cy')
  t.equal(texts('abc', (list) => (list[2] = Buffer.from('plain'))), 'ax ay bx by plain')
  t.equal(texts('abc', (list) => (list[1] = withWrongDigest(aggregate('b')).subarray(0, 4))), `ax ay ${withWrongDigest(aggregate('b')).toString('utf8', 0, 4)} cx cy`)
  t.equal(texts('abcd', (list) => list.splice(1, 3, ...[list[3]!, list[2]!, list[1]!])), 'ax ay dx dy cx cy bx by')
  t.equal(texts('abc', (list) => (list[0] = named('d'))), 'ax ay bx by cx cy', 'the one at hand goes on')
  t.equal(texts('abc', (list) => (list[1] = bad), { onRejected: () => {} }), 'ax ay cx cy')
  t.throws(() => texts('abc', (list) => (list[1] = bad)), { code: 'ERR_KPL_INVALID_BASE64' })
  t.end()
})

t.test('shortened, and made longer again', (t) => {
  t.equal(texts('abc', (list) => (list.length = 0)), 'ax ay')
  t.equal(texts('abc', (list) => list.pop()), 'ax ay bx by')
  t.equal(texts('abc', (list) => list.splice(1, 1)), 'ax ay cx cy')
  t.equal(texts('abc', (list) => list.shift()), 'ax ay cx cy', 'as an iterator does, it goes on at the second place')
  t.equal(texts('abc', (list) => list.unshift(named('d'))), 'ax ay ax ay bx by cx cy')
  t.equal(texts('abc', (list) => list.push(named('d'))), 'ax ay bx by cx cy dx dy')
  t.equal(texts('abc', (list) => (list.length = 1, list.push(named('d')))), 'ax ay dx dy')
  t.end()
})

t.test('a record mended or broken before its turn', (t) => {
  t.equal(texts('abc', (list) => (list[2] = named('c'))), 'ax ay bx by cx cy')
  const list: KinesisInput[] = [named('a'), bad, named('c')]
  const read: string[] = []
  for (const record of deaggregate(list)) if (read.push(record.text()) === 2) list[1] = named('b')
  t.same(read, ['ax', 'ay', 'bx', 'by', 'cx', 'cy'])
  t.end()
})

t.test('the same object several times in a row', (t) => {
  const same = named('a')
  for (const count of [1, 2, 3, 16, 17, 40]) {
    const all = Array.from(deaggregate(Array<KinesisInput>(count).fill(same)), (record) => record.text())
    t.same(all, Array.from({ length: count }, () => ['ax', 'ay']).flat())
  }
  t.equal(texts('abc', (list) => (list[1] = list[2] = list[0]!)), 'ax ay ax ay ax ay')
  const list = Array<KinesisInput>(20).fill(same)
  const read: string[] = []
  for (const record of deaggregate(list)) if (read.push(record.text()) === 3) list[5] = named('b')
  t.equal(read.join(' '), `${'ax ay '.repeat(5)}bx by${' ax ay'.repeat(14)}`)
  t.end()
})

t.test('what was looked at in a chunk of a stream that got shorter is not given with the next one', async (t) => {
  for (const next of [[named('d'), named('e')], new Set([named('d'), named('e')]), named('d')]) {
    const list = Array.from('abc', named)
    const stream = new DeaggregateStream({ readableHighWaterMark: 1 })
    stream.write(list)
    stream.end(next)
    list.length = 1
    const expected = ['ax', 'ay', 'dx', 'dy', ...(next instanceof Set || Array.isArray(next) ? ['ex', 'ey'] : [])]
    t.same((await stream.toArray()).map((record: UserRecord) => record.text()), expected)
  }
})

/** Changes a list somehow, mostly where it is still to be read. */
function change(random: Draw, list: KinesisInput[], made: KinesisInput[]): void {
  if (!random.oneIn(3)) return
  const at = random.below(list.length + 1)
  const kind = random.below(9)
  const other = random.oneIn(2) && list.length > 0 ? random.pick(list) : random.pick(made)
  if (kind === 0 && random.oneIn(6)) list.length = at
  else if (kind === 1 && list.length < 60) list.push(other)
  else if (kind === 2) list.splice(at, 1)
  else if (kind === 3 && list.length < 60) list.splice(at, 0, other)
  else if (kind === 4) list.reverse()
  else if (kind > 4 && at < list.length) list[at] = other
}

t.test('whatever is changed, from within the callbacks too: as if read record by record', (t) => {
  const random = draw(t, 51)
  const made: KinesisInput[] = [
    ...Array.from('abcdefghijklmnopqrst', named),
    ...Array.from('uvw', (name) => Buffer.from(name)),
    withWrongDigest(aggregate('z')),
    frame(Buffer.from('garbage')),
    frame(),
    bad,
    5 as never,
    undefined as never,
  ]
  /** All that a reading makes known, and the list at its end. */
  const heard = (begin: readonly KinesisInput[], seed: number, input: (list: KinesisInput[]) => Iterable<KinesisInput>, options: DeaggregateOptions) => {
    const next = new Draw(seed)
    const list = [...begin]
    const log: string[] = []
    const tell = (text: string) => log.length < 300 && (log.push(text), change(next, list, made))
    const shown = (record: UserRecord) => `${made.indexOf(record.source)}: ${line(record)}`
    const callbacks: DeaggregateOptions = { onRejected: (error, source) => tell(`${error.code} of ${made.indexOf(source)}`), onHidden: (records) => tell(`hidden ${records.map(shown).join(', ')}`) }
    for (const record of deaggregate(input(list), { ...options, ...callbacks })) {
      tell(shown(record))
      if (log.length === 300) break
    }
    return [...log, `left ${list.map((each) => made.indexOf(each)).join()}`]
  }
  const options: DeaggregateOptions[] = [{}, { digestMismatch: 'error' }, { malformed: 'passthrough' }, { hashKeyRange: { startingHashKey: '0', endingHashKey: '0' } }, { copy: true }]
  const different: unknown[] = []
  let count = 0
  for (let n = 0; n < 2000; n++) {
    const begin = Array.from({ length: random.between(1, 40) }, () => random.pick(made))
    const choice = options[n % options.length]!
    const fromList = heard(begin, n, (list) => list, choice)
    const oneByOne = heard(begin, n, function* (list) { for (let at = 0; at < list.length; at++) yield list[at]! }, choice)
    if (fromList.join('\n') !== oneByOne.join('\n')) different.push({ n, choice, fromList, oneByOne })
    count += fromList.length
  }
  t.same(different.slice(0, 1), [])
  t.ok(count > 40_000, `${count} told of`)
  t.end()
})
