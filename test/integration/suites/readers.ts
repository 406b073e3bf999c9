// What kpl-codec writes, read by others' code.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { encodeAggregate } from 'kpl-codec'
import { java } from '../../../fixtures/toolchain.js'
import { whyNot } from '../peers/child.js'
import { javaChild } from '../peers/java.js'
import { recordsOf } from '../peers/reading.js'

test('the KCL 3 reads an aggregate as it was given', { skip: whyNot(java) }, async () => {
  const kcl = javaChild('kcl3', 'Kcl3')
  after(() => kcl.stop())
  const given = [
    { partitionKey: 'ada', data: 'first' },
    { partitionKey: 'bob', explicitHashKey: '0', data: '' },
  ]
  const [reading] = await kcl.ask('read', Buffer.from('0'), Buffer.from(String(2n ** 128n - 1n)), encodeAggregate(given))
  const expected = given.map(({ partitionKey, explicitHashKey, data }, subSequenceNumber) => {
    return { aggregated: true, partitionKey, explicitHashKey, subSequenceNumber, data: Buffer.from(data) }
  })
  assert.deepEqual(recordsOf(reading!), expected)
})
