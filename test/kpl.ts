// What the real KPL wrote: read, it is what the real KCL reads; written again, it is
// the KPL's bytes.
import t from 'tap'
import { asExpected, differences } from '../fixtures/compare.js'
import { type FixtureRecord, type KplCase, kplCaseNames, loadKplCase } from '../fixtures/load.js'
import { Aggregator, deaggregate, decodeAggregate, encodeAggregate, isAggregated } from '../lib/index.js'

/** `lookalikes` are payloads of all kinds, not what the KPL made: they have a test of their own. */
const cases = kplCaseNames().filter((name) => name !== 'lookalikes')
t.equal(cases.length, 16, 'all cases are here')

for (const name of cases) {
  t.test(name, (t) => {
    const kplCase = loadKplCase(name)
    const { records, userRecords, info } = kplCase
    const read = [...deaggregate(records)]
    t.equal(read.length, info.expected.userRecords, 'as many user records as the manifest tells')
    t.strictSame(differences(asExpected(read, records), userRecords).slice(0, 5), [], 'every user record is as the KCL gave it, in its order')
    t.strictSame(read.filter(({ last }) => last).map(({ source }) => source), records, 'the last user record of every Kinesis record is told')
    t.ok(read.every(({ source, sequenceNumber }) => sequenceNumber === source.sequenceNumber), 'sequence numbers are those of the Kinesis records')

    const aggregates = records.filter(isKplAggregate)
    t.equal(aggregates.length, info.kinesisRecords.aggregated, 'as many aggregates as the manifest tells')
    const unlike = aggregates.filter(({ data }) => !encodeAggregate(decodeAggregate(data).records).equals(data))
    t.strictSame(unlike.length, 0, 'what was decoded encodes to the same bytes')
    t.strictSame(aggregates.flatMap((record) => notAsKplSent(record, kplCase)), [], 'the Aggregator makes the same Kinesis record, keys and all')
    t.end()
  })
}

/** Aggregates that the KPL made, not the users' payloads that look like one. */
function isKplAggregate({ partitionKey, data }: FixtureRecord): boolean {
  return partitionKey === 'a' && isAggregated(data)
}

function notAsKplSent(record: FixtureRecord, { info, records }: KplCase): string[] {
  const aggregator = new Aggregator({ groupBy: 'none', outerKey: 'kpl', aggregationMaxSize: info.configuration.AggregationMaxSize })
  const early = decodeAggregate(record.data).records.flatMap((userRecord) => aggregator.add(userRecord))
  const [entry, ...more] = [...early, ...aggregator.flush()]
  const same =
    more.length === 0 && entry!.Data.equals(record.data) && entry!.PartitionKey === record.partitionKey && entry!.ExplicitHashKey === record.explicitHashKey
  return same ? [] : [`Kinesis record ${records.indexOf(record)}`]
}

t.test('a lone user record goes as the KPL sends it, under its own key and with its hash key', (t) => {
  let compared = 0
  const without: string[] = []
  for (const name of cases) {
    const unlike = loneRecords(loadKplCase(name)).filter(({ record, sent }) => {
      // The KPL cuts the partition key of a lone record at its first NUL. We do not.
      if (sent.partitionKey.includes('\0')) return false
      compared++
      const { explicitHashKey } = record
      if (explicitHashKey === undefined && !without.includes(name)) without.push(name)
      const [entry] = alone(sent)
      const sameHashKey = explicitHashKey === undefined || explicitHashKey === entry!.ExplicitHashKey
      return !(entry!.Data.equals(record.data) && entry!.PartitionKey === record.partitionKey && sameHashKey)
    })
    t.strictSame(unlike.map(({ sent }) => sent.index), [], name)
  }
  t.equal(compared, 2386, 'all that the KPL tells of, but for NULs in keys and payloads that begin with the magic')
  t.strictSame(without, ['kpl11-unset', 'kpl11-auto'], 'KPL 1.1 sends no hash key where it does not know that it should')
  t.end()
})

t.test('a lone payload that is itself an aggregate reaches readers whole; as the KPL sends it, it is opened', (t) => {
  const kplCase = loadKplCase('tricky-keys')
  const payloads = kplCase.sent.filter(({ phase, data }) => phase === 'payloads-lone' && isAggregated(data) && [...deaggregate(data)][0]!.aggregated)
  t.ok(payloads.length > 0, 'there are some')
  for (const { data, partitionKey, sequenceNumber } of payloads) {
    const asSent = kplCase.records.find((record) => record.sequenceNumber === sequenceNumber)!
    t.notSame([...deaggregate(asSent)][0]!.data, data)
    const [entry] = alone({ data, partitionKey })
    t.strictSame([...deaggregate(entry!)].map((record) => [record.partitionKey, record.data]), [[partitionKey, data]])
  }
  t.end()
})

/**
 * Lone Kinesis records with what the KPL was handed for them. Not those that were sent
 * again later (the KPL tells the last attempt only), and not payloads that begin with the
 * magic, which we wrap.
 */
function loneRecords({ records, sent }: KplCase) {
  const bySequenceNumber = new Map(sent.filter(({ successful }) => successful).map((line) => [line.sequenceNumber, line]))
  return records
    .filter((record) => record.data.indexOf('f3899ac2', 0, 'hex') !== 0)
    .flatMap((record) => {
      const line = bySequenceNumber.get(record.sequenceNumber)
      return line === undefined ? [] : [{ record, sent: line }]
    })
}

function alone({ partitionKey, explicitHashKey, data }: { partitionKey: string; explicitHashKey?: string | undefined; data: Buffer }) {
  const aggregator = new Aggregator({ groupBy: 'none', outerKey: 'kpl' })
  return [...aggregator.add({ partitionKey, explicitHashKey, data }), ...aggregator.flush()]
}
