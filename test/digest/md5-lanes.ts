import { hash } from 'node:crypto'
import t from 'tap'
import { Md5Lanes } from '../../lib/digest/md5-lanes.js'
import { BLOCK, WINDOW } from '../../lib/digest/md5-module.js'
import { MD5_VECTORS } from '../../fixtures/md5-vectors.js'
import { draw } from '../../fixtures/random.js'

// The MD5s of messages side by side are those of node:crypto, whatever messages lie beside each other.

/** One for all tests: what a call leaves behind must be nothing to the next. */
const lanes = new Md5Lanes()
const noise = Buffer.alloc(8 * WINDOW)
for (let n = 0; n < noise.length; n += 16) hash('md5', String(n), 'buffer').copy(noise, n)

/** So many bytes, other ones for each salt. */
const message = (length: number, salt = 0) => noise.subarray(salt % 1000, (salt % 1000) + length)
const oneByOne = (messages: readonly Uint8Array[]) => Buffer.concat(messages.map((message) => hash('md5', message, 'buffer')))
/** The first message whose digest is not right, by its place and length; nothing where all are. */
const wrong = (messages: readonly Uint8Array[]) => {
  const [digests, expected] = [lanes.digest(messages), oneByOne(messages)]
  if (digests.length !== expected.length) return `${digests.length} bytes`
  const n = messages.findIndex((_, n) => digests.compare(expected, 16 * n, 16 * n + 16, 16 * n, 16 * n + 16) !== 0)
  return n < 0 ? undefined : `message ${n} of ${messages.length}, ${messages[n]!.length} bytes`
}
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => from + n)

t.test('the vectors of RFC 1321, A.5', (t) => {
  t.equal(lanes.digest(MD5_VECTORS.map(([text]) => Buffer.from(text))).toString('hex'), MD5_VECTORS.map(([, digest]) => digest).join(''))
  t.end()
})

t.test('every length up to 300 bytes, alone and together', (t) => {
  const messages = range(0, 300).map((length) => message(length, 7 * length))
  t.same(messages.map((message) => wrong([message])).filter(Boolean), [])
  t.equal(wrong(messages), undefined)
  t.equal(wrong(messages.reverse()), undefined)
  t.end()
})

t.test('lengths around the end of a block, where the padding needs one more', (t) => {
  const windows = [1, 2].flatMap((windows) => range((windows * WINDOW) / BLOCK - 1, (windows * WINDOW) / BLOCK + 1))
  const lengths = [...range(1, 40), ...windows].flatMap((blocks) => range(BLOCK * blocks - 9, BLOCK * blocks + 1))
  t.equal(wrong(lengths.map(message)), undefined)
  t.same(lengths.filter((length) => wrong([message(length)]) !== undefined), [])
  t.end()
})

t.test('lengths around the end of what a lane has in the memory at a time', (t) => {
  const lengths = range(1, 4).flatMap((windows) => range(WINDOW * windows - 70, WINDOW * windows + 70))
  t.equal(wrong(lengths.map(message)), undefined)
  t.same(lengths.filter((length) => wrong([message(length)]) !== undefined), [])
  t.end()
})

t.test('from none to 20 messages: equal, growing, shrinking, mixed, one among others that is long or empty', (t) => {
  const next = draw(t, 31)
  t.equal(lanes.digest([]).length, 0)
  for (const step of [0, 1, 55, 64, 700, 3000]) {
    for (const count of range(0, 20)) {
      const growing = range(1, count).map((n) => message(step * n, n))
      const mixes: [string, Buffer[]][] = [
        ['equal', range(1, count).map((n) => message(step, n))],
        ['growing', growing],
        ['shrinking', [...growing].reverse()],
        ['mixed', next.shuffle(growing)],
        ['one long', growing.map((bytes, n) => (n === step % count ? message(4 * WINDOW, n) : bytes.subarray(0, 60)))],
        ['one empty', growing.map((bytes, n) => (n === step % count ? message(0) : bytes))],
      ]
      const bad = mixes.map(([name, messages]) => [name, wrong(messages)]).filter(([, at]) => at !== undefined)
      if (bad.length > 0) t.same(bad, [], `${count} messages, ${step} bytes more each`)
    }
  }
  t.end()
})

t.test('one of several MB beside tiny ones, in every lane', (t) => {
  const long = Buffer.alloc(3_000_001, noise)
  for (const at of range(0, 9)) {
    const messages = range(0, 40).map((n) => message(n, n))
    messages.splice(at, 0, long)
    t.equal(wrong(messages), undefined, `before message ${at}`)
  }
  t.equal(wrong([long, long.subarray(1), message(3), long.subarray(0, -64)]), undefined)
  t.end()
})

t.test('one of more than 512 MiB, whose length in bits takes more than 32 of them', (t) => {
  t.equal(wrong([message(100), Buffer.alloc(2 ** 29 + 3), message(200)]), undefined)
  t.end()
})

t.test('views at any offset, of memory of any kind', (t) => {
  const shared = new Uint8Array(new SharedArrayBuffer(20_000)).fill(0xa5)
  // node:crypto takes no shared memory.
  for (const at of range(0, 9)) t.ok(lanes.digest([shared.subarray(at, 9000 + 2 * at)]).equals(oneByOne([Buffer.from(shared.subarray(at, 9000 + 2 * at))])))
  const memory = new Uint8Array(noise).buffer
  const views = range(0, 67).map((at) => new Uint8Array(memory, at, 7 * at + 60))
  t.equal(wrong(views), undefined)
  t.equal(wrong(views.map((view) => Buffer.from(view.buffer, view.byteOffset, view.length))), undefined)
  t.equal(wrong([views[3]!, views[3]!, views[3]!]), undefined, 'the same one several times')
  t.ok(Buffer.from(memory).equals(noise), 'and they are not written to')
  t.end()
})

t.test('a million random ones', (t) => {
  const next = draw(t, 32)
  const bad: (string | undefined)[] = []
  for (let call = 0; call < 1000; call++) {
    const messages = Array.from({ length: 1000 }, () => {
      const length = next.oneIn(300) ? next.below(20_000) : next.oneIn(20) ? next.below(1000) : next.below(200)
      const at = next.below(noise.length - length)
      return noise.subarray(at, at + length)
    })
    const at = wrong(messages)
    if (at !== undefined) bad.push(`call ${call}: ${at}`)
  }
  t.same(bad, [])
  t.end()
})

t.test('what a call gave is no longer touched, and two of them keep apart', (t) => {
  const other = new Md5Lanes()
  const calls = range(1, 30).map((n) => {
    const messages = range(1, n).map((k) => message(n * k, k))
    return { messages, digests: [other.digest(messages), lanes.digest([...messages].reverse())] }
  })
  for (const { messages, digests } of calls) {
    t.ok(digests[0]!.equals(oneByOne(messages)))
    t.ok(digests[1]!.equals(oneByOne([...messages].reverse())))
  }
  t.end()
})

t.test("no number is read or written in the machine's own byte order", (t) => {
  const names = ['Uint16Array', 'Int16Array', 'Uint32Array', 'Int32Array', 'Float32Array', 'Float64Array', 'BigInt64Array', 'BigUint64Array'] as const
  const { setUint32, getUint32 } = DataView.prototype
  const orders = new Set<boolean | undefined>()
  t.teardown(() => Object.assign(DataView.prototype, { setUint32, getUint32 }))
  for (const name of names) t.intercept(globalThis, name, { value: class { constructor() { throw new Error(name) } } })
  DataView.prototype.setUint32 = function (at, value, little) {
    orders.add(little)
    setUint32.call(this, at, value, little)
  }
  DataView.prototype.getUint32 = function (at, little) {
    orders.add(little)
    return getUint32.call(this, at, little)
  }
  const digests = new Md5Lanes().digest([message(200), message(3)])
  t.same([...orders], [true])
  t.ok(digests.equals(oneByOne([message(200), message(3)])))
  t.end()
})
