import { runInNewContext } from 'node:vm'
import t from 'tap'
import { type KinesisInput, deaggregate } from '../../lib/index.js'

// A Date as it is; a number from 1e11 on is milliseconds, below it seconds; a
// string is ISO; anything else is no time.

const arrival = (value: unknown) => {
  const [record] = deaggregate({ Data: Buffer.from('x'), ApproximateArrivalTimestamp: value } as KinesisInput)
  return record!.approximateArrivalTimestamp
}

t.test('a Date is handed out as it is', (t) => {
  for (const date of [new Date(), new Date(0), new Date(NaN), runInNewContext('new Date(5)') as Date]) t.equal(arrival(date), date)
  t.end()
})

t.test('seconds, milliseconds and ISO text', (t) => {
  const times: [number | string, string][] = [
    [1545084650.987, '2018-12-17T22:10:50.987Z'],
    [1545084650, '2018-12-17T22:10:50.000Z'],
    [1545084650987, '2018-12-17T22:10:50.987Z'],
    [1545084650987.4, '2018-12-17T22:10:50.987Z'],
    [0, '1970-01-01T00:00:00.000Z'],
    [1e11, '1973-03-03T09:46:40.000Z'],
    [1e11 - 1, '5138-11-16T09:46:39.000Z'],
    [-1, '1969-12-31T23:59:59.000Z'],
    ['2018-12-17T22:10:50.987Z', '2018-12-17T22:10:50.987Z'],
    ['2018-12-17T22:10:50.987654Z', '2018-12-17T22:10:50.987Z'],
    ['2018-12-17T23:10:50+01:00', '2018-12-17T22:10:50.000Z'],
    ['2018-12-17', '2018-12-17T00:00:00.000Z'],
  ]
  for (const [value, iso] of times) t.equal(arrival(value)?.toISOString(), iso, String(value))
  t.end()
})

t.test('fractions of seconds are rounded to the millisecond that was meant', (t) => {
  const wrong: number[] = []
  for (let ms = 1545084650000; ms < 1545084652000; ms++) if (arrival(ms / 1000)?.getTime() !== ms) wrong.push(ms)
  t.same(wrong, [])
  t.end()
})

t.test('anything else is no time', (t) => {
  const nothing = [undefined, null, '', 'yesterday', '1545084650.987', '17.12.2018', '2018-13-45', '2018-12-17 22:10:50', NaN, Infinity, -Infinity, 1e300, true, 5n, {}, [], Symbol('s')]
  for (const value of nothing) t.equal(arrival(value), undefined, String(value))
  t.end()
})

t.test('all user records of a Kinesis record share one Date', (t) => {
  const record = [...deaggregate({ data: 'eA==', approximateArrivalTimestamp: 5 })][0]!
  t.equal(record.approximateArrivalTimestamp, record.approximateArrivalTimestamp)
  t.end()
})
