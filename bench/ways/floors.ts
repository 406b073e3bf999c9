// What is there whatever a codec does, and what others cannot do without.
import { hash } from 'node:crypto'
import { Transform } from 'node:stream'
import { type Corpus, bytesIn } from '../corpus.js'
import { pump } from './streams.js'
import type { Way } from './way.js'

/** As a text: for a short message the digest is then there in half the time that a Buffer takes. */
const md5 = (message: Uint8Array) => hash('md5', message, 'hex')
const DIGEST_DIGITS = 32

/** One lane of MD5 over the same bytes: what every reader and writer with one digest at a time stays under. */
export function digestAll({ payloads }: Corpus): Way {
  const expected = payloads.length * DIGEST_DIGITS
  return {
    run: () => payloads.reduce((sum, bytes) => sum + md5(messageIn(bytes)).length, 0),
    prove: () => {
      const wrong = payloads.some((bytes) => isFramed(bytes) && md5(messageIn(bytes)) !== bytes.toString('hex', bytes.length - 16))
      if (wrong) throw new Error('not the digest of an aggregate')
      return expected
    },
  }
}

/** What a Lambda function must do at least with the text that it is handed. */
export function decodeAndDigest({ payloads }: Corpus): Way {
  const texts = payloads.map((bytes) => bytes.toString('base64'))
  return {
    run: () => texts.reduce((sum, text) => sum + md5(messageIn(Buffer.from(text, 'base64'))).length, 0),
    prove: () => {
      if (texts.some((text, n) => !Buffer.from(text, 'base64').equals(payloads[n]!))) throw new Error('not the bytes of a payload')
      return payloads.length * DIGEST_DIGITS
    },
  }
}

/** The same bytes moved once. */
export function copyAll({ payloads }: Corpus): Way {
  const total = bytesIn(payloads)
  const target = Buffer.alloc(total)
  const run = () => payloads.reduce((end, bytes) => end + bytes.copy(target, end), 0)
  return {
    run,
    prove: () => {
      if (run() !== total || !target.equals(Buffer.concat(payloads))) throw new Error('not a copy')
      return total
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
    prove: () => bytesIn(inputs.map(({ data }) => data)),
  }
}

/** Where there is no frame, the digest of all is taken, to compare with. */
function messageIn(bytes: Buffer): Buffer {
  return isFramed(bytes) ? bytes.subarray(4, -16) : bytes
}

function isFramed(bytes: Buffer): boolean {
  return bytes.readUInt32BE() === 0xf3899ac2
}
