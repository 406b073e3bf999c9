// What cannot be beaten, whatever the codec does.
import { createHash } from 'node:crypto'
import { Transform } from 'node:stream'
import type { Way } from './cases.js'
import type { Corpus } from './corpus.js'
import { pump } from './streams.js'

/** One lane of MD5 over the same bytes: what every known reader and writer stays under. */
export function digestAll({ aggregates }: Corpus): Way {
  const messages = aggregates.map((bytes) => bytes.subarray(4, -16))
  const md5 = (message: Buffer) => createHash('md5').update(message).digest()
  return {
    run: () => messages.reduce((sum, message) => sum + message.length + md5(message).length, 0),
    prove: () => {
      if (messages.some((message, n) => !md5(message).equals(aggregates[n]!.subarray(-16)))) throw new Error('not the digest of an aggregate')
      return messages.reduce((sum, message) => sum + message.length + 16, 0)
    },
  }
}

/** A Transform that does nothing, for as many objects as the stream cases give or take. */
export function passAlong({ inputs }: Corpus): Way {
  return {
    run: async () => {
      let sum = 0
      const nothing = new Transform({ objectMode: true, transform: (chunk, _encoding, done) => done(null, chunk) })
      await pump(inputs, nothing, (record: { data: Uint8Array | string }) => (sum += record.data.length))
      return sum
    },
    prove: () => inputs.reduce((sum, { data }) => sum + data.length, 0),
  }
}
