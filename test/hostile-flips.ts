import t from 'tap'
import { deaggregate } from '../lib/index.js'
import { aggregateOf, bytes, frame, group, messageOf, number, record } from '../fixtures/aggregates.js'
import { givenOf, outcomeOf } from '../fixtures/outcome.js'
import { type HashKeys, weGive } from '../fixtures/reading-rules.js'

// Every bit of a small aggregate, and every byte in all its values, flipped.

const messages: [string, Buffer][] = [
  ['canonical', messageOf([{ partitionKey: 'a', data: 'x' }, { partitionKey: 'ab', explicitHashKey: '5', data: '', tags: [{ key: 'k', value: 'v' }] }])],
  ['odd', Buffer.concat([record(bytes(3, 'x'), number(1, 0, 2)), group(9, number(8, 1)), bytes(1, 'a'), record(number(2, 0), number(1, 0), bytes(3, 'y')), bytes(2, '7')])],
]
// The hash key of "follower" is in the range.
const next = { Data: aggregateOf([{ partitionKey: 'follower', data: 'next' }]), SequenceNumber: '2' }
const half: HashKeys = { startingHashKey: '0', endingHashKey: String(2n ** 127n) }

for (const [name, message] of messages) {
  const whole = frame(message)

  t.test(`${name}: any bit flipped without its digest is found, and the bytes come out plain`, (t) => {
    const wrong: number[] = []
    for (let bit = 0; bit < whole.length * 8; bit++) {
      const data = flipped(whole, bit)
      const [plain, ...others] = deaggregate(data)
      if (others.length > 0 || plain!.aggregated || !plain!.data.equals(data)) wrong.push(bit)
      const strict = outcomeOf(() => deaggregate(data, { digestMismatch: 'error' }))
      if (bit < 32 ? strict.length !== 1 : strict !== 'ERR_KPL_DIGEST_MISMATCH') wrong.push(bit)
    }
    t.same(wrong, [])
    t.end()
  })

  for (const range of [undefined, half]) {
    t.test(`${name}: any byte changed with its digest made right${range ? ', under a range' : ''}: a right answer or an error, and the next record is read`, (t) => {
      const wrong: string[] = []
      const outcomes = { right: 0, malformed: 0 }
      for (let at = 0; at < message.length; at++) {
        for (let mask = 1; mask < 256; mask++) {
          const changed = Buffer.from(message)
          changed[at]! ^= mask
          const data = frame(changed)
          const wanted = weGive({ partitionKey: '', data }, 'error', range)
          let code: string | undefined
          const read = [...deaggregate([{ Data: data, SequenceNumber: '1' }, next], { hashKeyRange: range, onRejected: (error) => (code = error.code) })]
          const given = read.filter((r) => r.sequenceNumber === '1').map(givenOf)
          if (JSON.stringify(code ?? given) !== JSON.stringify(wanted)) wrong.push(changed.toString('hex'))
          if (read.at(-1)?.text() !== 'next') wrong.push(`nothing behind ${changed.toString('hex')}`)
          outcomes[code === undefined ? 'right' : 'malformed']++
        }
      }
      t.same(wrong.slice(0, 5), [])
      t.ok(outcomes.right > 500 && outcomes.malformed > 500, JSON.stringify(outcomes))
      t.end()
    })
  }
}

function flipped(data: Buffer, bit: number): Buffer {
  const result = Buffer.from(data)
  result[bit >> 3]! ^= 1 << (bit & 7)
  return result
}
