import t from 'tap'
import { KplError, deaggregate, decodeAggregate } from '../lib/index.js'
import { aggregateOf, bytes, frame, group, messageOf, number, record } from '../fixtures/aggregates.js'
import { lines } from '../fixtures/reading.js'
import { givenOf, outcomeOf } from '../fixtures/outcome.js'
import { weGive } from '../fixtures/reading-rules.js'

// A right aggregate, cut at every offset: a plain record, a shorter right answer
// or a KplError, and the same code goes on.

const members = [
  { partitionKey: 'žluť 🐎', data: 'one' },
  { partitionKey: 'a', explicitHashKey: '340282366920938463463374607431768211455', data: '', tags: [{ key: 'k', value: 'v' }, { key: 'alone' }] },
  { partitionKey: 'a', explicitHashKey: '0', data: 'x'.repeat(200) },
  { partitionKey: '', data: Buffer.from([0, 255, 0x1a, 0x0a]) },
]
const odd = [
  number(9, 300, 3),
  bytes(1, 'a'),
  group(9, group(8, bytes(1, 'x'))),
  record(bytes(3, 'x'), number(1, 0, 4), number(5, 5), bytes(4, bytes(2, 'v'), bytes(1, 'k'))),
  record(number(1, 1), bytes(3, 'y')),
  bytes(1, 'b'),
]
const messages: [string, Buffer][] = [['canonical', messageOf(members)], ['odd', Buffer.concat(odd)]]

const follower = aggregateOf([{ partitionKey: 'next', data: 'next' }])
const FOLLOWER = '/0 next=next (aggregated last)'

for (const [name, message] of messages) {
  const whole = frame(message)

  t.test(`${name}, cut with its digest as it falls: the bytes that are left, as one plain record`, (t) => {
    const wrong: number[] = []
    for (let cut = 0; cut < whole.length; cut++) {
      const data = whole.subarray(0, cut)
      const records = [...deaggregate([data, follower])]
      if (records.length !== 2 || records[0]!.aggregated || !records[0]!.data.equals(data) || records[1]!.text() !== 'next') wrong.push(cut)
      const strict = outcomeOf(() => deaggregate(data, { digestMismatch: 'error' }))
      if (cut > 20 ? strict !== 'ERR_KPL_DIGEST_MISMATCH' : strict.length !== 1) wrong.push(cut)
      if (codeOf(() => decodeAggregate(data)) !== (cut > 20 ? 'ERR_KPL_DIGEST_MISMATCH' : 'ERR_KPL_NOT_AGGREGATED')) wrong.push(cut)
    }
    t.same(wrong, [])
    t.end()
  })

  t.test(`${name}, cut with its digest made right: the user records before the cut, or an error`, (t) => {
    const wrong: string[] = []
    let right = 0
    for (let cut = 0; cut <= message.length; cut++) {
      const data = frame(message.subarray(0, cut))
      const wanted = weGive({ partitionKey: '', data }, 'error')
      const outcome = outcomeOf(() => deaggregate(data))
      if (JSON.stringify(outcome) !== JSON.stringify(wanted)) wrong.push(`${cut}: ${JSON.stringify(outcome)}`)
      if (Array.isArray(outcome)) right++
      else if (codeOf(() => decodeAggregate(data)) !== outcome) wrong.push(`${cut}: decodeAggregate`)
      const rejected: KplError[] = []
      const given = lines([data, follower], { onRejected: (error) => rejected.push(error) })
      if (given.at(-1) !== FOLLOWER) wrong.push(`${cut}: nothing behind it`)
      if (rejected.some(({ offset }) => offset === undefined || offset < 4 || offset > 4 + cut)) wrong.push(`${cut}: offset ${rejected[0]!.offset}`)
    }
    t.same(wrong, [])
    t.ok(right > 5 && right < 30, `${right} cuts lie between fields`)
    t.end()
  })

  t.test(`${name}, its beginning cut off: plain bytes`, (t) => {
    const wrong: number[] = []
    for (let cut = 1; cut <= whole.length; cut++) {
      const data = whole.subarray(cut)
      const [plain, ...others] = deaggregate(data, { digestMismatch: 'error', malformed: 'error' })
      if (others.length > 0 || plain!.aggregated || !plain!.data.equals(data)) wrong.push(cut)
    }
    t.same(wrong, [])
    t.end()
  })
}

function codeOf(action: () => unknown): string | undefined {
  try {
    action()
  } catch (error) {
    if (error instanceof KplError) return error.code
    throw error
  }
  return undefined
}

t.test('the cuts are judged by a second reader that reads the whole right', (t) => {
  t.same(weGive({ partitionKey: '', data: aggregateOf(members) }, 'error'), [...deaggregate(aggregateOf(members))].map(givenOf))
  t.equal(lines(frame(...odd)).length, 2)
  t.end()
})
