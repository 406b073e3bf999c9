const { deaggregate, encodeAggregate } = require('kpl-codec')

test('a CommonJS test reads what it wrote', () => {
  const data = encodeAggregate([{ partitionKey: 'a', data: 'first' }])
  expect(Array.from(deaggregate(data), (record) => record.text())).toEqual(['first'])
})
