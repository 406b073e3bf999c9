import t from 'tap'
import { type KinesisInput, deaggregate } from '../../lib/index.js'
import { aggregateOf } from '../../fixtures/aggregates.js'

// With `copy: true` each payload has memory of its own before its record is
// given out: what happens to the input later does not matter.

const texts = ['one', '', 'three', 'x'.repeat(5000)]
const aggregate = () => aggregateOf(texts.map((data) => ({ partitionKey: 'a', data, tags: [{ key: 'k', value: data }] })))

const inputs: [string, () => { input: KinesisInput; memory: Uint8Array }, string[]][] = [
  ['an aggregate', () => wrap(aggregate(), (memory) => memory), texts],
  ['an aggregate in an SDK record', () => wrap(aggregate(), (Data) => ({ Data })), texts],
  ['a plain record', () => wrap(Buffer.from('plain'), (memory) => memory), ['plain']],
  ['an empty record', () => wrap(Buffer.alloc(0), (Data) => ({ Data })), ['']],
  ['a record deaggregated before', () => wrap(Buffer.from('plain'), (data) => ({ data, subSequenceNumber: 3 })), ['plain']],
]

function wrap(memory: Uint8Array, make: (memory: Uint8Array) => KinesisInput) {
  return { memory, input: make(memory) }
}

for (const [name, make, expected] of inputs) {
  t.test(`${name}: every payload has memory of its own`, (t) => {
    const { input, memory } = make()
    const records = [...deaggregate(input, { copy: true })]
    const untouched = [...deaggregate(input, { copy: true })]
    for (const { data } of records) {
      t.equal(data.buffer.byteLength, data.length, 'no shared pool')
      t.equal(data.byteOffset, 0)
      t.not(data.buffer, memory.buffer)
      t.equal(Object.getPrototypeOf(data), Buffer.prototype)
    }
    t.ok(records.every((record) => record.data === record.data), 'the same object each time')
    memory.fill(0)
    t.same(records.map(({ data }) => data.toString()), expected, 'the input may change')
    t.same(records.map((record) => record.text()), expected)
    t.same(untouched.map(({ data }) => data.toString()), expected, 'also where data was not touched before')
    t.same(untouched.map((record) => record.text()), expected)
    t.same(untouched.map((record) => record.toJSON().data), expected.map((text) => Buffer.from(text).toString('base64')))
    t.end()
  })

  t.test(`${name}: without copy, the same values in the input's memory`, (t) => {
    const { input, memory } = make()
    const records = [...deaggregate(input, { copy: false })]
    t.same(records.map(({ data }) => data.toString()), expected)
    t.ok(records.every(({ data }) => data.buffer === memory.buffer))
    t.end()
  })
}

t.test('base64 text with copy: memory of its own for each', (t) => {
  const records = [...deaggregate({ data: aggregate().toString('base64') }, { copy: true })]
  t.same(records.map(({ data }) => data.toString()), texts)
  t.ok(records.every(({ data }) => data.buffer.byteLength === data.length))
  t.equal(new Set(records.map(({ data }) => data.buffer)).size, texts.length)
  t.end()
})

t.test('hidden records are copies too', (t) => {
  const data = aggregate()
  let hidden: string[] = []
  const read = [...deaggregate(data, { copy: true, hashKeyRange: { startingHashKey: '0', endingHashKey: '0' }, onHidden: (records) => {
    data.fill(0)
    hidden = records.map((record) => record.text())
  } })]
  t.equal(read.length, 0)
  t.same(hidden, texts)
  t.end()
})
