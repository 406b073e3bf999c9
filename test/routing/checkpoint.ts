import t from 'tap'
import { type Checkpoint, compareCheckpoints, deaggregate } from '../../lib/index.js'
import { aggregateOf } from '../../fixtures/aggregates.js'
import { caught } from '../../fixtures/reading.js'

t.test('by sequence number as a number, then by sub-sequence number, a missing one last', (t) => {
  // In order; each stands before all that follow it.
  const row: Checkpoint[] = [
    { sequenceNumber: '0', subSequenceNumber: 0 },
    { sequenceNumber: '0' },
    { sequenceNumber: '9', subSequenceNumber: 0 },
    { sequenceNumber: '9', subSequenceNumber: 1 },
    { sequenceNumber: '9', subSequenceNumber: 10 },
    { sequenceNumber: '9', subSequenceNumber: Number.MAX_SAFE_INTEGER },
    { sequenceNumber: '9' },
    { sequenceNumber: '10', subSequenceNumber: 0 },
    { sequenceNumber: '11', subSequenceNumber: undefined },
    { sequenceNumber: '49590338271490256608559692538361571095921575989136588898' },
    { sequenceNumber: '49590338271490256608559692538361571095921575989136588899' },
    { sequenceNumber: '9'.repeat(129) },
  ]
  const wrong: string[] = []
  for (const [n, a] of row.entries()) {
    for (const [m, b] of row.entries()) if (compareCheckpoints(a, b) !== Math.sign(n - m)) wrong.push(`${n} and ${m}`)
  }
  t.same(wrong, [])
  t.equal(compareCheckpoints({ sequenceNumber: '5' }, { sequenceNumber: '5', subSequenceNumber: undefined }), 0, 'undefined is missing')
  t.end()
})

t.test('a user record is a checkpoint of itself', (t) => {
  const data = aggregateOf([{ partitionKey: 'a', data: '1' }, { partitionKey: 'a', data: '2' }])
  const [first, second] = deaggregate({ data, sequenceNumber: '49' })
  t.equal(compareCheckpoints(first!, second!), -1)
  t.equal(compareCheckpoints(second!, { sequenceNumber: '49' }), -1)
  t.end()
})

t.test('a sequence number is 0, or up to 129 digits that do not begin with 0', (t) => {
  const good = { sequenceNumber: '5' }
  for (const sequenceNumber of ['', '00', '05', '-1', '+1', '1.0', '1e3', '5 ', '5\n', 'TRIM_HORIZON', 'LATEST', 'AT_TIMESTAMP', 'SHARD_END', '9'.repeat(130), undefined, null, 5, 5n]) {
    const bad = { sequenceNumber } as Checkpoint
    t.equal(caught(() => compareCheckpoints(bad, good)).code, 'ERR_KPL_INVALID_ARGUMENT', `${typeof sequenceNumber} ${sequenceNumber}`)
    t.equal(caught(() => compareCheckpoints(good, bad)).code, 'ERR_KPL_INVALID_ARGUMENT', `${typeof sequenceNumber} ${sequenceNumber}, as the second`)
  }
  t.end()
})

t.test('a sub-sequence number is an integer from 0 on', (t) => {
  const good = { sequenceNumber: '5' }
  for (const subSequenceNumber of [-1, 0.5, NaN, Infinity, 2 ** 53, null, '0', '', 0n, true]) {
    const bad = { sequenceNumber: '5', subSequenceNumber } as Checkpoint
    t.equal(caught(() => compareCheckpoints(bad, good)).code, 'ERR_KPL_INVALID_ARGUMENT', `${typeof subSequenceNumber} ${subSequenceNumber}`)
    t.equal(caught(() => compareCheckpoints(good, bad)).code, 'ERR_KPL_INVALID_ARGUMENT', `${typeof subSequenceNumber} ${subSequenceNumber}, as the second`)
  }
  t.end()
})

t.test('what is no checkpoint', (t) => {
  for (const checkpoint of [undefined, null, '5', 5, []]) {
    t.equal(caught(() => compareCheckpoints(checkpoint as unknown as Checkpoint, { sequenceNumber: '5' })).code, 'ERR_KPL_INVALID_ARGUMENT', `${checkpoint}`)
  }
  t.end()
})
