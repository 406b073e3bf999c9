import t from 'tap'
import { type DeaggregateOptions, type KinesisInput, KplError, type UserRecord, deaggregate } from '../../lib/index.js'
import { md5Many } from '../../lib/digest/md5-many.js'
import { aggregateOf, bytes, frame, number, record, withWrongDigest } from '../../fixtures/aggregates.js'
import { line } from '../../fixtures/reading.js'
import { type Draw, draw } from '../../fixtures/random.js'

// Whatever a list holds: looked ahead into, it gives what it gives read record by record,
// in the same order, callbacks and the error among them.

/** The hash key range of all tests: keys without an explicit hash key fall into it or not, 1 and 2 do. */
const range = { startingHashKey: '0', endingHashKey: String(2n ** 127n) }
const own = new Error('of an accessor')

const member = (draw: Draw) => ({
  partitionKey: draw.pick(['a', 'b', 'c']),
  explicitHashKey: draw.pick([undefined, '1', '2', String(2n ** 128n - 1n)]),
  data: draw.oneIn(30) ? 'x'.repeat(draw.below(40_000)) : draw.text(draw.below(30)),
})
/** An aggregate as such data is mostly: within the range. */
const inRange = (draw: Draw) => ({ ...member(draw), explicitHashKey: '1' })
const aggregate = (draw: Draw) => aggregateOf(Array.from({ length: draw.between(1, 5) }, () => (draw.oneIn(4) ? member(draw) : inRange(draw))))
const malformed = (draw: Draw) => draw.pick([frame(Buffer.from('garbage')), frame(bytes(1, 'a'), record(number(1, 1), bytes(3, 'x'))), frame(bytes(1, 'a'), bytes(2, 'x'), record(number(1, 0), number(2, 0), bytes(3, 'x')))])

function dataOf(draw: Draw): Buffer {
  const kind = draw.below(20)
  if (kind < 5) return Buffer.from(draw.text(draw.below(40)))
  if (kind === 5) return Buffer.concat([aggregate(draw).subarray(0, draw.below(20))])
  if (kind === 6) return frame()
  if (kind === 7) return withWrongDigest(aggregate(draw))
  if (kind === 8) return malformed(draw)
  return aggregate(draw)
}

const broken: ((draw: Draw, sequenceNumber: string) => unknown)[] = [
  (_, SequenceNumber) => ({ Data: 'no base64!', SequenceNumber }),
  (_, SequenceNumber) => ({ Data: 5, SequenceNumber }),
  (draw) => draw.pick([5, null, undefined, NaN, 'text', {}, [], { kinesis: 5 }, { Records: [] }, new Uint16Array(4)]),
  (draw, SequenceNumber) => ({ Data: aggregate(draw), PartitionKey: 5, SequenceNumber }),
  (draw) => ({ Data: aggregate(draw), SequenceNumber: draw.pick(['', 'x', 5]) }),
  (draw, sequenceNumber) => ({ data: aggregate(draw), sequenceNumber, subSequenceNumber: draw.pick([-1, 1.5, 'x']) }),
  () => ({ get Data() { throw own } }),
]

function inputOf(draw: Draw, sequenceNumber: string, faults: number): unknown {
  if (draw.oneIn(faults)) return draw.pick(broken)(draw, sequenceNumber)
  const bytes = dataOf(draw)
  const data = draw.oneIn(3) ? bytes.toString('base64') : bytes
  const shardId = draw.oneIn(40) ? 'shardId-000000000001' : 'shardId-000000000000'
  switch (draw.below(6)) {
    case 0: return { Data: data, PartitionKey: draw.pick(['a', '']), SequenceNumber: sequenceNumber }
    case 1: return { kinesis: { data, partitionKey: 'a', sequenceNumber }, eventID: `${shardId}:${sequenceNumber}` }
    case 2: return { recordId: '1', data, kinesisRecordMetadata: { shardId, sequenceNumber, partitionKey: 'a' } }
    case 3: return { data, sequenceNumber, partitionKey: 'a', ...(draw.oneIn(2) && { subSequenceNumber: draw.below(4) }) }
    case 4: return draw.oneIn(4) ? bytes : { Data: data, SequenceNumber: sequenceNumber }
    default: return { Data: data, PartitionKey: 'a', SequenceNumber: sequenceNumber }
  }
}

/** Everything that reading makes known, in order. */
function heard(list: readonly unknown[], input: Iterable<unknown>, options: DeaggregateOptions): string[] {
  const log: string[] = []
  const place = (source: unknown) => list.findIndex((each) => Object.is(each, source))
  const told = (error: KplError) => `${error.code} ${error.message} ${error.sequenceNumber} ${error.offset} of ${place(error.input)}`
  const shown = (record: UserRecord<unknown>) => `${place(record.source)}: ${line(record)}`
  if (options.onRejected) options = { ...options, onRejected: (error, source) => log.push(`rejected ${place(source)}: ${told(error)}`) }
  if (options.onHidden) options = { ...options, onHidden: (records) => log.push(...records.map((record) => `hidden ${shown(record)}`)) }
  try {
    for (const record of deaggregate(input as Iterable<KinesisInput>, options)) log.push(shown(record))
  } catch (error) {
    log.push(error instanceof KplError ? `thrown ${told(error)}` : `thrown ${String(error)}`)
  }
  return log
}

function optionsOf(draw: Draw, length: number): DeaggregateOptions {
  const hides = draw.oneIn(3)
  return {
    digestMismatch: draw.pick(['passthrough', 'error']),
    malformed: draw.pick(['passthrough', 'error']),
    copy: draw.oneIn(3),
    onRejected: draw.oneIn(2) ? () => {} : undefined,
    hashKeyRange: hides ? range : undefined,
    onHidden: hides && draw.oneIn(2) ? () => {} : undefined,
    after: draw.oneIn(3) ? { sequenceNumber: String(draw.below(length + 2)), subSequenceNumber: draw.pick([undefined, 0, 1, 2]) } : undefined,
  }
}

/** What must have been heard of for the lists to prove anything. */
const outcomes = ['aggregated last', 'hidden', 'thrown Error', ...['INVALID_INPUT', 'INVALID_BASE64', 'MIXED_SHARDS', 'DIGEST_MISMATCH', 'MALFORMED'].flatMap((code) => [`thrown ERR_KPL_${code}`, `rejected \\d+: ERR_KPL_${code}`])]

for (const [name, seed] of [['before messages are digested side by side', 41], ['from then on', 42]] as const) {
  t.test(`a list gives what a generator of the same records gives, ${name}`, (t) => {
    const random = draw(t, seed)
    if (seed === 42) md5Many(Array.from({ length: 3 }, () => Buffer.alloc(2 ** 21)))
    const found = new Map(outcomes.map((outcome) => [outcome, 0]))
    const different: unknown[] = []
    let count = 0
    for (let n = 0; n < (seed === 42 ? 3000 : 100); n++) {
      const length = random.pick([0, 1, 2, 3, 15, 16, 17, 33, 60])
      const faults = random.pick([5, 20, 60, 10_000])
      const list = Array.from({ length }, (_, n) => inputOf(random, String(n + 1), faults))
      const options = optionsOf(random, length)
      const [fromList, oneByOne] = [heard(list, list, options), heard(list, (function* () { yield* list })(), options)]
      if (fromList.join('\n') !== oneByOne.join('\n')) different.push({ n, options, fromList, oneByOne })
      count += fromList.length
      for (const outcome of outcomes) if (fromList.some((text) => new RegExp(outcome).test(text))) found.set(outcome, found.get(outcome)! + 1)
    }
    // The first is enough, and the rest long.
    t.same(different.slice(0, 1), [])
    t.comment(`${count} told of`, Object.fromEntries(found))
    if (seed === 42) t.same([...found].filter(([, times]) => times === 0), [])
    t.end()
  })
}

t.test('several passes at once over one list', (t) => {
  const random = draw(t, 43)
  const list = Array.from({ length: 100 }, () => aggregate(random))
  const all = [...deaggregate(list.values())].map(line)
  const passes = [1, 2, 3].map(() => ({ pass: deaggregate(list)[Symbol.iterator](), read: [] as string[] }))
  for (let open = passes; open.length > 0; ) {
    const turn = random.pick(open)
    const step = turn.pass.next()
    if (step.done === true) open = open.filter((each) => each !== turn)
    else turn.read.push(line(step.value))
  }
  for (const { read } of passes) t.same(read, all)
  t.end()
})
