import t from 'tap'
import { MAGIC } from '../fixtures/aggregates.js'
import { type Fed, feedAll, ofMessage, plain } from '../fixtures/hostile.js'
import { OddMessages, framed } from '../fixtures/odd-messages.js'
import { type Draw, draw } from '../fixtures/random.js'

// Half a million random inputs (hostile-mutated.ts has the other half): each gives
// a plain record, a right answer or a KplError, and never anything else.

/** Random bytes, alone, behind the magic, or as a message with the right digest; or a message that is nearly right. */
function randomInputs(draw: Draw): () => Fed {
  const bytes = draw.bytes(100_000)
  const some = (most: number) => {
    const at = draw.below(bytes.length - most)
    return bytes.subarray(at, at + draw.below(most))
  }
  const odd = new OddMessages(draw)
  const stock = Array.from({ length: 50_000 }, () => framed(odd.next()))
  return () => {
    switch (draw.below(5)) {
      case 0:
        return plain(some(60))
      case 1:
        return plain(Buffer.concat([MAGIC, some(60)]))
      case 2:
        return ofMessage(framed(some(20)))
      default:
        return ofMessage(draw.pick(stock))
    }
  }
}

t.test('half a million random inputs', (t) => {
  const { plain, right, malformed } = feedAll(t, 500_000, randomInputs(draw(t, 20260103)))
  t.ok(Math.min(plain!, right!, malformed!) > 50_000, 'of every kind')
  t.end()
})

t.test('random inputs under a range', (t) => {
  const range = { startingHashKey: '0', endingHashKey: String(2n ** 127n) }
  const { right, malformed } = feedAll(t, 20_000, randomInputs(draw(t, 20260104)), { hashKeyRange: range }, range)
  t.ok(Math.min(right!, malformed!) > 2000, 'of every kind')
  t.end()
})
