import t from 'tap'
import { type KinesisInput, KplError, decodeAggregate, isAggregated } from '../lib/index.js'
import { type Fed, feedAll, ofMessage, plain } from '../fixtures/hostile.js'
import { OddMessages, framed, hurt } from '../fixtures/odd-messages.js'
import { givenOf } from '../fixtures/outcome.js'
import { type Draw, draw } from '../fixtures/random.js'
import { weGive } from '../fixtures/reading-rules.js'

// Half a million inputs made of right ones by changing something, mostly with the
// digest made right again, so that the change is met in the message.

function mutatedInputs(draw: Draw): () => Fed {
  const odd = new OddMessages(draw)
  const stock = Array.from({ length: 20_000 }, () => odd.next()).filter((message) => Array.isArray(weGive({ partitionKey: '', data: framed(message) }, 'error')))
  return () => {
    const message = draw.pick(stock)
    const way = draw.below(20)
    if (way > 2) return ofMessage(framed(hurt(draw, message)))
    const right = framed(message)
    if (way === 0) {
      const mutated = hurt(draw, right)
      return mutated.equals(right) ? ofMessage(right) : plain(mutated)
    }
    const text = right.toString('base64')
    if (way === 1) return ofMessage(right, { data: text })
    const at = draw.below(text.length)
    const data = draw.oneIn(2) ? text.slice(0, at) + text.slice(at + 1) : `${text.slice(0, at)}!${text.slice(at + 1)}`
    return { input: { data } satisfies KinesisInput, bytes: right, expected: 'no base64' }
  }
}

t.test('half a million mutated inputs', (t) => {
  const { plain, right, malformed, base64 } = feedAll(t, 500_000, mutatedInputs(draw(t, 20260105)))
  t.ok(Math.min(plain!, right!, malformed!, base64!) > 10_000, 'of every kind')
  t.end()
})

t.test('mutated inputs, passed through where they are malformed', (t) => {
  const { plain, right, malformed } = feedAll(t, 20_000, mutatedInputs(draw(t, 20260106)), { malformed: 'passthrough' })
  t.ok(Math.min(plain!, right!) > 2000, 'of every kind')
  t.equal(malformed, 0)
  t.end()
})

t.test('decodeAggregate and isAggregated say the same', (t) => {
  const feed = mutatedInputs(draw(t, 20260107))
  const wrong: string[] = []
  for (let n = 0; n < 10_000; n++) {
    const { bytes, expected } = feed()
    const isPlain = expected === 'plain' || bytes.length <= 20
    const wanted = isPlain ? `ERR_KPL_${isAggregated(bytes) ? 'DIGEST_MISMATCH' : 'NOT_AGGREGATED'}` : weGive({ partitionKey: '', data: bytes }, 'error')
    if (JSON.stringify(decoded(bytes)) !== JSON.stringify(wanted) || isAggregated(bytes) !== isAggregated(bytes.toString('base64'))) wrong.push(bytes.toString('hex'))
  }
  t.same(wrong.slice(0, 5), [])
  t.end()
})

function decoded(bytes: Buffer): unknown {
  try {
    return decodeAggregate(bytes).records.map((record, subSequenceNumber) => givenOf({ ...record, subSequenceNumber, aggregated: true }))
  } catch (error) {
    if (error instanceof KplError) return error.code
    throw error
  }
}
