// What is transferred to a worker in the middle of a pass takes the memory of its neighbours with it.
import { inspect } from 'node:util'
import t from 'tap'
import { type UserRecord, deaggregate, encodeAggregate } from '../../lib/index.js'

const texts = ['first', '', '{"third":3}', 'fourth']

/** An aggregate of four user records, in memory of its own. */
function input() {
  return { Data: new Uint8Array(encodeAggregate(texts.map((data) => ({ partitionKey: 'k', data })))), PartitionKey: 'k', SequenceNumber: '495' }
}

const transfer = ({ data }: UserRecord<unknown>) => structuredClone(data.buffer, { transfer: [data.buffer as ArrayBuffer] })

const gone = (subSequenceNumber: number) => ({
  code: 'ERR_KPL_INVALID_INPUT',
  message: `data must be bytes that are still there, of user record ${subSequenceNumber} of Kinesis record 495`,
  sequenceNumber: '495',
  subSequenceNumber,
})

t.test('those that come after it throw, and are never taken to be empty', (t) => {
  const [first, second, third, fourth] = deaggregate(input()) as unknown as [UserRecord, UserRecord, UserRecord, UserRecord]
  t.same(third.data, Buffer.from(texts[2]!), 'its view is made already')
  transfer(first)
  t.throws(() => second.text(), gone(1), 'one that was empty as well')
  t.throws(() => second.data, gone(1))
  t.throws(() => third.data, gone(2), 'made before, too')
  t.throws(() => third.text(), gone(2))
  t.throws(() => third.json(), gone(2))
  t.throws(() => JSON.stringify(third), gone(2))
  t.throws(() => fourth.json(), gone(3), 'not that it is no JSON')
  t.match(inspect(fourth), /^UserRecord \{[^]*sequenceNumber: '495',[^]*data: undefined/, 'but it can be logged')
  t.equal(fourth.partitionKey, 'k', 'what is no payload is there')
  t.end()
})

t.test('empty user records of memory that is there are empty', (t) => {
  const [, second] = deaggregate(input()) as unknown as [UserRecord, UserRecord]
  t.equal(second.text(), '')
  t.equal(second.data.length, 0)
  t.equal(second.text(), '')
  t.equal(Array.from(deaggregate(new Uint8Array()))[0]!.text(), '')
  t.end()
})

t.test('copies do not share memory: all are there', (t) => {
  const given: string[] = []
  for (const record of deaggregate(input(), { copy: true })) {
    given.push(record.text())
    transfer(record)
  }
  t.same(given, texts)
  t.end()
})

t.test('a record that was looked ahead into, and is transferred before its turn, is refused and not taken to be empty', (t) => {
  for (const asList of [true, false]) {
    const inputs = [input(), input(), input()]
    const given: boolean[] = []
    const read = () => {
      for (const record of deaggregate(asList ? inputs : inputs.values())) {
        given.push(record.aggregated)
        if (given.length === 1) structuredClone(inputs[1]!.Data, { transfer: [inputs[1]!.Data.buffer] })
      }
    }
    t.throws(read, { code: 'ERR_KPL_INVALID_INPUT', sequenceNumber: '495' })
    t.same(given, [true, true, true, true])
  }
  t.end()
})
