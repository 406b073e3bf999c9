import { deaggregate, encodeAggregate } from 'kpl-codec'

test('a test that is an ES module reads what it wrote', () => {
  const data = encodeAggregate([{ partitionKey: 'a', data: 'first' }])
  expect(Array.from(deaggregate(data), (record) => record.text())).toEqual(['first'])
})
