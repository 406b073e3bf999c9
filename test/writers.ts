// What the other aggregators wrote (Java, Python, Node, Go) is read as it was given to them.
import t from 'tap'
import { asExpected, differences } from '../fixtures/compare.js'
import { loadWriterCases } from '../fixtures/load.js'
import { readPlainly } from '../fixtures/plain-reader.js'
import { deaggregate, decodeAggregate, encodeAggregate, isAggregated } from '../lib/index.js'

const cases = loadWriterCases()
t.equal(cases.length, 23, 'all cases are here')

for (const { name, info, records, userRecords } of cases) {
  t.test(name, (t) => {
    t.equal(userRecords.length, info.userRecords, 'as many user records as the manifest tells')
    t.strictSame(differences(asExpected(deaggregate(records), records), userRecords).slice(0, 5), [], 'every user record is as it was given')
    t.equal(
      userRecords.some(({ explicitHashKey }) => explicitHashKey !== undefined),
      info.inventsExplicitHashKeys || info.case === 'with-ehk',
      'with explicit hash keys where the writer has them',
    )

    const aggregates = records.filter(({ data }) => isAggregated(data))
    t.equal(aggregates.length, info.aggregates, 'as many aggregates as the manifest tells')
    const unlike = aggregates.filter(({ data }) => !encodeAggregate(decodeAggregate(data).records).equals(data))
    // Canonical but for the key table, where a8m 0.1.0 writes a key anew for every use.
    t.strictSame(unlike, aggregates.filter(({ data }) => writesKeysAnew(data)), 'what is canonical encodes to the same bytes')
    t.equal(unlike.length > 0, info.duplicateKeysInTable)
    t.end()
  })
}

function writesKeysAnew(data: Buffer): boolean {
  const reading = readPlainly(data)
  return reading.kind === 'message' && new Set(reading.keys.map(String)).size < reading.keys.length
}
