// Several user records under way at a time: order within a key, what a failure stops, what the reply names.
import t from 'tap'
import { HeldHandler, eventOf, handlerFailingAt, keyOf, newOnError, noUnhandledRejections, replyOf, settled } from '../../fixtures/lambda.js'
import { Draw } from '../../fixtures/random.js'
import { processBatch } from '../../lib/lambda/index.js'

noUnhandledRejections(t)

t.test('so many are under way at a time, each of another key', async (t) => {
  const held = new HeldHandler()
  const reply = processBatch(eventOf('a1 b1 c1 d1', 'e1'), held.handler, { concurrency: 3 })
  await settled()
  t.same(held.underWay, ['a1', 'b1', 'c1'])
  await held.end('b1')
  t.same(held.underWay, ['a1', 'c1', 'd1'])
  await held.endAll()
  t.same(await reply, replyOf())
  t.same(held.begun, ['a1', 'b1', 'c1', 'd1', 'e1'])
})

t.test('a user record waits for the one before it of its key, and later ones of other keys do not', async (t) => {
  const held = new HeldHandler()
  const reply = processBatch(eventOf('a1 a2 a3', 'b1', 'b2 c1'), held.handler, { concurrency: 2 })
  await settled()
  t.same(held.underWay, ['a1', 'b1'])
  await held.end('b1')
  t.same(held.underWay, ['a1', 'b2'])
  await held.end('b2')
  t.same(held.underWay, ['a1', 'c1'])
  await held.end('a1')
  t.same(held.underWay, ['c1', 'a2'])
  await held.endAll()
  t.same(await reply, replyOf())
  t.same(held.begun, ['a1', 'b1', 'b2', 'c1', 'a2', 'a3'])
})

t.test('a key is the user record’s own, and a key like any other: of a prototype’s name, empty, or the Kinesis record’s', async (t) => {
  const held = new HeldHandler()
  const event = eventOf('__proto__1 __proto__2 constructor1', '1', '2', '__proto__3')
  const reply = processBatch(event, held.handler, { concurrency: 9 })
  await settled()
  t.same(held.underWay, ['__proto__1', 'constructor1', '1'])
  await held.endAll()
  t.same(await reply, replyOf())
})

t.test('those under way at a failure are awaited, and what is behind it is not begun', async (t) => {
  const held = new HeldHandler()
  const { told, onError } = newOnError()
  const reply = processBatch(eventOf('a1', 'b1', 'c1', 'd1'), held.handler, { concurrency: 3, onError })
  let isOver = false
  reply.then(() => (isOver = true))
  await settled()
  await held.end('b1', new Error('at b1'))
  t.same(held.underWay, ['a1', 'c1'])
  await held.end('c1', new Error('at c1'))
  t.equal(isOver, false)
  await held.end('a1')
  t.same(await reply, replyOf(1))
  t.same(told, [['at b1', 1, 'b1'], ['at c1', 2, 'c1']], 'each failure is told')
  t.same(held.begun, ['a1', 'b1', 'c1'])
})

t.test('the lowest of several failures is named, whichever comes first', async (t) => {
  for (const order of [['a1', 'b1', 'c1'], ['c1', 'b1', 'a1'], ['b1', 'c1', 'a1']]) {
    const held = new HeldHandler()
    const reply = processBatch(eventOf('x1', 'a1', 'b1', 'c1'), held.handler, { concurrency: 4, ...newOnError() })
    await settled()
    for (const text of order) await held.end(text, new Error(text))
    await held.endAll()
    t.same(await reply, replyOf(1), order.join(' '))
  }
})

t.test('the lowest is so as a number: 10 comes after 9', async (t) => {
  const texts = Array.from({ length: 12 }, (_, n) => `${String.fromCharCode(97 + n)}1`)
  const held = new HeldHandler()
  const reply = processBatch(eventOf(...texts), held.handler, { concurrency: 12, ...newOnError() })
  await settled()
  await held.end(texts[10]!, new Error())
  await held.end(texts[9]!, new Error())
  await held.end(texts[11]!, new Error())
  await held.endAll()
  t.same(await reply, replyOf(9))
})

t.test('what comes before a failure and waits for its key is still handled: the failure does not hold it back', async (t) => {
  const held = new HeldHandler()
  const reply = processBatch(eventOf('a1 a2', 'a3', 'b1', 'a4'), held.handler, { concurrency: 2, ...newOnError() })
  await settled()
  await held.end('b1', new Error('at b1'))
  await held.endAll()
  t.same(held.begun, ['a1', 'b1', 'a2', 'a3'])
  t.same(await reply, replyOf(2))
})

t.test('of the Kinesis record of a failure nothing more is begun: it comes again anyway', async (t) => {
  const held = new HeldHandler()
  const reply = processBatch(eventOf('x1', 'a1 a2 b1 c1'), held.handler, { concurrency: 3, ...newOnError() })
  await settled()
  t.same(held.underWay, ['x1', 'a1', 'b1'])
  await held.end('b1', new Error('at b1'))
  await held.endAll()
  t.same(held.begun, ['x1', 'a1', 'b1'])
  t.same(await reply, replyOf(1))
})

t.test('behind a failed user record none of its key is begun', async (t) => {
  const held = new HeldHandler()
  const reply = processBatch(eventOf('a1', 'a2', 'a3'), held.handler, { concurrency: 2, ...newOnError() })
  await held.end('a1', new Error('at a1'))
  t.same(await reply, replyOf(0))
  t.same(held.begun, ['a1'])
})

t.test('reading ahead for another key is bounded', async (t) => {
  const busy = Array.from({ length: 400 }, (_, n) => Array.from({ length: 100 }, (_, m) => `a${n}.${m}`).join(' '))
  const held = new HeldHandler()
  const event = eventOf(...busy, 'b1')
  let looks = 0
  for (const { kinesis } of event.Records) {
    const { data } = kinesis
    Object.defineProperty(kinesis, 'data', { get: () => (looks++, data) })
  }
  const reply = processBatch(event, held.handler, { concurrency: 2, ...newOnError() })
  await settled()
  t.same(held.underWay, ['a0.0'])
  t.ok(looks > 90 && looks <= 116, `${looks} Kinesis records of 100 user records each, of 401`)
  await held.end('a0.0', new Error('enough'))
  t.same(await reply, replyOf(0))
})

t.test('what could not be read ahead is read as soon as there is room, and begun after what came before it', async (t) => {
  const busy = Array.from({ length: 101 }, (_, n) => Array.from({ length: 100 }, (_, m) => `a${n * 100 + m}`).join(' '))
  const held = new HeldHandler()
  const reply = processBatch(eventOf(...busy, 'b1'), held.handler, { concurrency: 2, ...newOnError() })
  await settled()
  // One under way, 10,000 that wait, 99 more of its key, and then another.
  for (let n = 0; n < 99; n++) await held.end(`a${n}`)
  t.same(held.underWay, ['a99'])
  await held.end('a99')
  t.same(held.underWay, ['a100', 'b1'])
  await held.end('a100', new Error('enough'))
  await held.endAll()
  t.same(await reply, replyOf(1))
})

t.test('at random: no two of a key at a time or out of order, nothing behind the reply is claimed, nothing before it is missing', async (t) => {
  const draw = new Draw(20261121)
  for (let round = 0; round < 300; round++) {
    const concurrency = draw.between(1, 8)
    const keys = draw.between(1, 12)
    const counts = new Map<number, number>()
    const newText = () => {
      const key = draw.below(keys)
      counts.set(key, (counts.get(key) ?? 0) + 1)
      return `${String.fromCharCode(97 + key)}${counts.get(key)}`
    }
    const texts = Array.from({ length: draw.below(12) }, () => Array.from({ length: draw.between(1, 5) }, newText).join(' '))
    const all = texts.flatMap((text, n) => text.split(' ').map((one) => ({ one, n })))
    const failing = new Set(all.filter(() => draw.oneIn(15)).map(({ one }) => one))
    const steps = new Map(all.map(({ one }) => [one, draw.below(4)]))
    const underWay = new Set<string>()
    const lastOf = new Map<string, number>()
    const done = new Set<string>()
    const faults: string[] = []
    const handler = async (record: { text(): string }) => {
      const text = record.text()
      const key = keyOf(text)
      const count = Number(text.slice(1))
      if (underWay.has(key)) faults.push(`${text} beside another of its key`)
      if (count !== (lastOf.get(key) ?? 0) + 1) faults.push(`${text} after ${lastOf.get(key)}`)
      underWay.add(key)
      lastOf.set(key, count)
      if (underWay.size > concurrency) faults.push(`${underWay.size} under way`)
      for (let n = steps.get(text)!; n > 0; n--) await settled()
      underWay.delete(key)
      if (failing.has(text)) throw new Error(text)
      done.add(text)
    }
    const { told, onError } = newOnError()
    const reply = await processBatch(eventOf(...texts), handler, { concurrency, onError })
    const lowest = all.find(({ one }) => failing.has(one))?.n
    t.same(faults, [])
    t.same(reply, replyOf(lowest), 'the first that must fail, and no other')
    t.same(all.filter(({ one, n }) => n < (lowest ?? Infinity) && !done.has(one)), [])
    t.ok(told.length >= Math.sign(failing.size) && told.every(([message]) => failing.has(message)))
    t.equal(underWay.size, 0)
  }
})

t.test('thousands of keys, and thousands of user records of one key: each once, and in order', async (t) => {
  const oneKey = Array.from({ length: 30 }, (_, n) => Array.from({ length: 400 }, (_, m) => `a${n * 400 + m}`).join(' '))
  const manyKeys = Array.from({ length: 30 }, (_, n) => Array.from({ length: 400 }, (_, m) => `${String.fromCharCode(0x4e00 + n, 0x4e00 + m)}1`).join(' '))
  for (const texts of [oneKey, manyKeys]) {
    const { handled, handler } = handlerFailingAt()
    t.same(await processBatch(eventOf(...texts), handler, { concurrency: 1000 }), replyOf())
    t.ok(handled.join(' ') === texts.join(' '))
  }
})
