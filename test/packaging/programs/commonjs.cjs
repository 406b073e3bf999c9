// What jest users and CommonJS Lambdas do.
const { aggregate, deaggregate } = require('kpl-codec')

const entries = [...aggregate([{ partitionKey: 'a', data: 'first' }, { partitionKey: 'a', data: 'second' }])]
console.log(Array.from(deaggregate(entries), (record) => record.text()).join(', '))
