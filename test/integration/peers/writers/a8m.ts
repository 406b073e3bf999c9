// The producer of a8m for Go.
import { encodeAggregate } from 'kpl-codec'
import { go } from '../../../../fixtures/toolchain.js'
import type { Given } from '../given.js'
import { goChild } from '../go.js'
import { versionIn } from '../version.js'
import { sized, text } from './faults.js'
import { type Writer, partOf, writtenOf } from './writer.js'

export const a8mProducer: Writer = {
  name: `a8m/kinesis-producer ${versionIn('go/go.mod', 'a8m/kinesis-producer')}`,
  toolchain: go,
  faults: [
    {
      what: 'all user records of an aggregate get the partition key of the first',
      why: 'only the first is put into the table, and every index is 0',
      given: [text('a', 'one'), text('b', 'two')],
      gives: 'a=one, a=two',
      of: (group) => group.map((record) => ({ ...record, partitionKey: group[0]!.partitionKey })),
    },
    {
      what: 'explicit hash keys are not written',
      why: 'it has no place to give one',
      given: [text('a', 'one', '7')],
      gives: 'a=one',
      of: (group) => group.map((record) => ({ ...record, explicitHashKey: undefined })),
    },
    {
      what: 'a partition key that Kinesis takes is refused',
      why: 'it allows 256 bytes, and a character can have four',
      given: [text('é'.repeat(129), 'one')],
      gives: 'refused',
      refuses: ({ partitionKey }) => Buffer.byteLength(partitionKey) > 256,
    },
    {
      what: 'a user record of more than 51,200 bytes, its key counted, leaves before those that came before it',
      why: 'it is sent at once, and they wait on',
      given: [text('k', 'one'), sized(51_200)],
      gives: 'k=(51,200 bytes), k=one',
      avoids: isLarge,
    },
    {
      what: 'such a one that is itself an aggregate comes out taken apart',
      why: 'it is sent as it is, and no reader can know that it was a payload',
      given: [{ partitionKey: 'k', data: encodeAggregate([sized(51_168, 'inner')]) }],
      gives: 'inner=(51,168 bytes)',
    },
    {
      what: 'a Kinesis record can have more than 1 MiB, without end',
      why: 'only keys and data are counted, and a user record without data has none',
      given: Array<Given>(174_759).fill(sized(0)),
      gives: '174,759 × k= in 1,048,578 bytes',
    },
  ],
  start: () => {
    const child = goChild('producer')
    return { write: async (records) => writtenOf(await child.ask('write', partOf(records))), stop: () => child.stop() }
  },
}

function isLarge({ partitionKey, data }: Given): boolean {
  return Buffer.byteLength(partitionKey) + data.length > 51_200
}
