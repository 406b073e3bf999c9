// Where memory runs short, or bytes are not what they say, a call throws and changes nothing.
import t, { type Test } from 'tap'
import { Aggregator, type UserRecordInput, decodeAggregate } from '../../lib/index.js'

const first: UserRecordInput[] = ['a', 'b', 'a'].map((partitionKey, n) => ({ partitionKey, data: `record ${n}` }))
const shortage = new RangeError('Array buffer allocation failed')

/** Makes every allocation fail until it is told to work again. */
function runShort(t: Test): () => void {
  const { allocUnsafeSlow } = Buffer
  const free = () => void (Buffer.allocUnsafeSlow = allocUnsafeSlow)
  Buffer.allocUnsafeSlow = () => {
    throw shortage
  }
  t.teardown(free)
  return free
}

t.test('add: the open aggregate stays as it was, its tables too', (t) => {
  const aggregator = new Aggregator({ groupBy: 'none' })
  for (const record of first) aggregator.add(record)
  const { pendingBytes } = aggregator
  const free = runShort(t)
  t.throws(() => aggregator.add({ partitionKey: 'new', explicitHashKey: '5', data: Buffer.alloc(40_000) }), shortage)
  t.equal(aggregator.pendingBytes, pendingBytes)
  free()
  aggregator.add({ partitionKey: 'c', data: 'last' })
  const [entry] = aggregator.flush()
  t.same(decodeAggregate(entry!.Data).records.map(({ partitionKey, data }) => `${partitionKey} ${data}`), ['a record 0', 'b record 1', 'a record 2', 'c last'])
  t.end()
})

t.test('flush: what was pending still is', (t) => {
  const aggregator = new Aggregator({ groupBy: 'none' })
  for (const record of first) aggregator.add(record)
  const free = runShort(t)
  for (let n = 0; n < 2; n++) t.throws(() => aggregator.flush(), shortage)
  t.equal(aggregator.pendingRecords, 3)
  free()
  t.equal(decodeAggregate(aggregator.flush()[0]!.Data).records.length, 3)
  t.end()
})

t.test('data that only looks like bytes is refused, and told to onRejected like any other', (t) => {
  for (const data of [new Proxy(new Uint8Array(3), {}), Object.create(Uint8Array.prototype)]) {
    t.throws(() => new Aggregator().add({ partitionKey: 'k', data }), { code: 'ERR_KPL_INVALID_INPUT' })
  }
  t.end()
})

t.test('bytes of a subclass that names itself otherwise are bytes: an aggregate among them is wrapped', (t) => {
  class Own extends Uint8Array {
    override get [Symbol.toStringTag](): never {
      return 'Own' as never
    }
  }
  const aggregator = new Aggregator()
  aggregator.add({ partitionKey: 'k', data: Own.from(Buffer.from('f3899ac2', 'hex')) })
  const [entry] = aggregator.flush()
  t.ok(entry!.aggregated)
  t.equal(decodeAggregate(entry!.Data).records[0]!.data.toString('hex'), 'f3899ac2')
  t.end()
})
