import t from 'tap'
import { BufferPool } from '../../lib/format/buffer-pool.js'
import { Drafts } from '../../lib/format/draft.js'
import { AggregateEncoder } from '../../lib/format/encoder.js'
import { Key } from '../../lib/format/key-table.js'

const newKey = (text: string): Key => new Key(text)
const drafts = new Drafts(newKey, newKey)

t.test('an encoder has one buffer at a time, however often it grows, and none once it is closed', (t) => {
  const pool = new BufferPool()
  const [first, second] = [new AggregateEncoder(pool), new AggregateEncoder(pool)]
  for (const encoder of [first, second]) {
    for (let n = 0; n < 600; n++) encoder.append(drafts.read({ partitionKey: `${n % 3}`, data: 'x'.repeat(100) }), Infinity)
    encoder.assemble()
  }
  first.close()
  const lengths = Array.from({ length: 8 }, () => pool.take(20, Buffer.alloc(0)).length)
  t.ok(lengths.slice(0, 7).every((length) => length > 60_000), 'seven beside the second')
  t.equal(lengths[7], 20, 'and no more')
  t.end()
})
