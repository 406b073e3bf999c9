// Puts user records while shards are split and merged, and while a reader follows that filters by range as a KCL does.
import type { KinesisClient, Shard } from '@aws-sdk/client-kinesis'
import type { KinesisServer } from '../server/kinesis-server.js'
import { KinesisStream } from './kinesis-stream.js'
import { Ledger } from './ledger.js'
import { type BadDay, Proxy } from './proxy.js'
import { readStream } from './read-shards.js'
import { type Sent, numberOf } from './user-records.js'

export interface Driven {
  readonly sent: readonly Sent[]
  /** What a reader sees that hides aggregates by its shard's range, and what it hides. */
  readonly byRange: Ledger
  readonly hidden: ReadonlySet<number>
  /** What a reader without a range sees, when all is over. */
  readonly whole: Ledger
  readonly proxy: Proxy
}

interface Drive {
  readonly server: KinesisServer
  readonly name: string
  readonly makeUserRecords: (shards: readonly Shard[]) => Sent[]
  /** What goes wrong on the way, but for the shards. */
  readonly badDay?: BadDay
  /** What is done to the shards, and before which PutRecords request. */
  readonly reshards: ReadonlyMap<number, (stream: KinesisStream) => Promise<void>>
  /** How many times ListShards answers as before, after each of them. */
  readonly oldLists: number
  readonly write: (client: KinesisClient, name: string, sent: readonly Sent[], proxy: Proxy) => Promise<void>
}

export async function drive({ server, name, makeUserRecords, badDay, reshards, oldLists, write }: Drive): Promise<Driven> {
  const direct = server.client()
  const stream = await KinesisStream.create(direct, name, 4)
  let old = 0
  const proxy = await Proxy.start(server.port, {
    ...badDay,
    async beforePut(request) {
      const reshard = reshards.get(request)
      if (reshard === undefined) return
      await reshard(stream)
      old = oldLists
    },
    isListOld: () => old-- > 0,
  })
  const sent = makeUserRecords(await stream.shards())
  const byRange = new Ledger(sent)
  const whole = new Ledger(sent)
  const hidden = new Set<number>()
  let wasWritten = false
  await Promise.all([
    readStream(direct, name, {
      isOver: () => wasWritten,
      byRange: true,
      onUserRecord: (record, shard) => byRange.see(record, shard),
      onHidden: (records) => records.forEach(({ data }) => hidden.add(numberOf(data))),
    }),
    write(server.client(proxy.port), name, sent, proxy).finally(() => (wasWritten = true)),
  ])
  await readStream(direct, name, { isOver: () => true, byRange: false, onUserRecord: (record, shard) => whole.see(record, shard) })
  proxy.stop()
  return { sent, byRange, hidden, whole, proxy }
}
