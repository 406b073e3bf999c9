// An ES module of a program with `nodenext`: the "import" condition.
import * as kpl from 'kpl-codec'
import { AggregateStream, type PutRecordsEntry, deaggregate } from 'kpl-codec'
import manifest from 'kpl-codec/package.json' with { type: 'json' }
import type { KinesisStreamEvent, KinesisStreamRecord } from 'aws-lambda'
import type { UserRecord as FromRequire } from 'kpl-codec' with { 'resolution-mode': 'require' }

export const version: string = manifest.version
export const stream: kpl.AggregateStream = new AggregateStream()

export function handler(event: KinesisStreamEvent): FromRequire<KinesisStreamRecord>[] {
  const entries: PutRecordsEntry[] = [...kpl.aggregate(deaggregate(event.Records))]
  console.log(entries.length)
  // What is no class is the same, whichever of the two copies declares it.
  return [...deaggregate(event.Records)]
}

// @ts-expect-error one entry: nothing else of the package can be reached
export type Inner = typeof import('kpl-codec/dist/esm/errors.js')
// @ts-expect-error there is no default export
export type Default = typeof import('kpl-codec').default
