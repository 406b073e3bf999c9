import { hash } from 'node:crypto'
import t from 'tap'
import { md5Many } from '../../lib/digest/md5-many.js'

// MD5's constants are sines, and the engine decides how exact these are.

t.test('where the constants come out wrong all is digested one by one, rightly', (t) => {
  t.intercept(Math, 'sin', { value: () => 0.5 })
  for (const size of [10, 2 ** 20, 2 ** 20, 10]) {
    const messages = Array.from({ length: 6 }, (_, n) => Buffer.alloc(size + n, n))
    t.ok(md5Many(messages).equals(Buffer.concat(messages.map((message) => hash('md5', message, 'buffer')))))
  }
  t.end()
})
