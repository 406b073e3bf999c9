// A stream whose callbacks and listeners write to it, read from it, or end it: nothing is lost, and every write is told.
import { once } from 'node:events'
import { PassThrough, Readable } from 'node:stream'
import t from 'tap'
import { DeaggregateStream, type UserRecord } from '../../lib/index.js'
import { turn } from '../../fixtures/streams.js'

const plain = (text: string) => ({ Data: Buffer.from(text) })
const bad = { Data: '!' }

for (const isCorked of [true, false]) {
  t.test(`what onRejected writes comes after what was written before, ${isCorked ? 'corked' : 'one by one'}`, async (t) => {
    const told: string[] = []
    const write = (name: string, chunk: object) => stream.write(chunk, () => told.push(name))
    const stream = new DeaggregateStream({ onRejected: () => write('mended', plain('mended')) })
    const texts: string[] = []
    stream.on('data', (record: UserRecord) => texts.push(record.text()))
    await turn()
    if (isCorked) stream.cork()
    write('a', plain('a'))
    write('bad', bad)
    if (isCorked) stream.uncork()
    await turn()
    stream.end()
    await once(stream, 'end')
    t.same(texts, ['a', 'mended'])
    t.same(told.sort(), ['a', 'bad', 'mended'])
  })
}

t.test("what a 'data' listener makes its source give comes through", async (t) => {
  const source = new PassThrough({ objectMode: true })
  const stream = source.pipe(new DeaggregateStream())
  const texts: string[] = []
  stream.on('data', (record: UserRecord) => {
    if (texts.push(record.text()) <= 5) source.write(plain(`more ${texts.length}`))
    else source.end()
  })
  source.write(plain('a'))
  await once(stream, 'end')
  t.same(texts, ['a', 'more 1', 'more 2', 'more 3', 'more 4', 'more 5'])
})

t.test('reading from within onRejected before anyone else reads loses nothing', async (t) => {
  const stream: DeaggregateStream = new DeaggregateStream({ readableHighWaterMark: 1, onRejected: () => void t.equal(stream.read(), null) })
  stream.cork()
  stream.write(bad)
  stream.write([plain('a'), plain('b'), plain('c')])
  stream.end()
  await turn()
  t.same((await stream.toArray()).map((record: UserRecord) => record.text()), ['a', 'b', 'c'])
})

t.test('reading from within onRejected takes what is there, and loses nothing', async (t) => {
  const texts: string[] = []
  const read = () => {
    for (let record = stream.read(); record !== null; record = stream.read()) texts.push(record.text())
  }
  const stream = new DeaggregateStream({ readableHighWaterMark: 1, onRejected: read })
  stream.on('readable', read)
  stream.cork()
  stream.write(bad)
  stream.write([plain('a'), plain('b'), bad, plain('c')])
  stream.end()
  await once(stream, 'end')
  t.same(texts, ['a', 'b', 'c'])
})

t.test('a chunk that cannot even be asked what it is fails the stream in its turn', async (t) => {
  const own = new Error('own')
  const chunk = { get [Symbol.iterator](): never { throw own } }
  for (const [name, feed] of [
    ['piped', (stream: DeaggregateStream) => Readable.from([plain('x'), chunk, plain('y')]).pipe(stream)],
    ['corked', (stream: DeaggregateStream) => (stream.cork(), stream.write(plain('x')), stream.write(chunk as never), stream.end(plain('y')))],
    ['written', (stream: DeaggregateStream) => (stream.write(plain('x')), stream.write(chunk as never), stream.end(plain('y')))],
  ] as const) {
    const stream = new DeaggregateStream()
    const texts: string[] = []
    stream.on('data', (record: UserRecord) => texts.push(record.text()))
    feed(stream)
    const [error] = await once(stream, 'error')
    t.equal(error, own, name)
    t.same(texts, ['x'])
  }
})

t.test('very many chunks in one queue take time in proportion: each is looked at once', async (t) => {
  let looks = 0
  const chunk = new Proxy([plain('x')], { has: (target, key) => (looks++, key in target) })
  const stream = new DeaggregateStream()
  stream.cork()
  for (let n = 0; n < 1000; n++) stream.write(chunk)
  stream.end()
  t.equal((await stream.toArray()).length, 1000)
  t.ok(looks < 10_000, `${looks} looks`)
})
