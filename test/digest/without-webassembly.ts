import { hash } from 'node:crypto'
import t from 'tap'
import { md5Many } from '../../lib/digest/md5-many.js'
import { type UserRecordInput, aggregate, deaggregate } from '../../lib/index.js'

// Where there is no WebAssembly, in a process of its own, all is digested one by one.

t.test('the right digests, before and after it was asked for', (t) => {
  t.intercept(globalThis, 'WebAssembly' as never, { value: undefined } as never)
  for (const size of [10, 2 ** 20, 2 ** 20, 10]) {
    const messages = Array.from({ length: 6 }, (_, n) => Buffer.alloc(size + n, n))
    t.ok(md5Many(messages).equals(Buffer.concat(messages.map((message) => hash('md5', message, 'buffer')))))
  }
  const records = Array.from({ length: 200 }, (_, n): UserRecordInput => ({ partitionKey: `key ${n % 20}`, data: String(n) }))
  const read = Array.from(deaggregate([...aggregate(records)], { digestMismatch: 'error' }), (record) => record.text())
  t.same(read.sort(), records.map(({ data }) => data).sort())
  t.end()
})
