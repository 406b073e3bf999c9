// A CommonJS module of a program with `nodenext`: the "require" condition, by `require` and by `import`.
import required = require('kpl-codec')
import { Aggregator, type UserRecord } from 'kpl-codec'
import type { KinesisStreamEvent, KinesisStreamRecord } from 'aws-lambda'
import type { UserRecord as FromImport } from 'kpl-codec' with { 'resolution-mode': 'import' }

const aggregator: required.Aggregator = new Aggregator()

exports.handler = (event: KinesisStreamEvent): FromImport<KinesisStreamRecord>[] => {
  const records: UserRecord<KinesisStreamRecord>[] = [...required.deaggregate(event.Records)]
  for (const record of records) aggregator.add(record)
  // What is no class is the same, whichever of the two copies declares it.
  return records
}

// @ts-expect-error one entry: nothing else of the package can be reached
exports.inner = require('kpl-codec/dist/cjs/errors.js') as typeof import('kpl-codec/dist/cjs/errors.js')
