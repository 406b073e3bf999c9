// The Amazon Kinesis Producer Library: what it is handed, and what it tells of each user record.
import { join } from 'node:path'
import { java } from '../../../fixtures/toolchain.js'
import { type Child, whyNot } from './child.js'
import { javaChild } from './java.js'

export interface ToPut {
  readonly partitionKey: string
  readonly explicitHashKey: string | undefined
  readonly data: Buffer
}

export interface Put {
  /** `'ok'`, or why not. */
  readonly verdict: string
  readonly shardId: string
  readonly sequenceNumber: string
}

/** Why the KPL cannot run here, in a sentence; `undefined` where it can. */
export function whyNoKpl(): string | undefined {
  const { platform, arch, report } = process
  const { header } = report.getReport() as { header: { glibcVersionRuntime?: string } }
  if (platform === 'linux' && arch === 'x64' && header.glibcVersionRuntime !== undefined) return whyNot(java)
  return `the KPL's native daemon is run on Linux on x86-64 with glibc only, and this is ${platform} on ${arch}`
}

export class Kpl {
  readonly #child: Child

  /** @param module of java/ that has the version. */
  constructor(module: string) {
    // Its daemon looks for credentials on the network else, in spite of those that it is given.
    process.env['AWS_EC2_METADATA_DISABLED'] = 'true'
    this.#child = javaChild(module, 'Kpl')
  }

  async start(stream: string, tlsPort: number, more: Readonly<Record<string, unknown>>): Promise<void> {
    const configuration = {
      Region: 'us-east-1',
      KinesisEndpoint: '127.0.0.1',
      KinesisPort: tlsPort,
      VerifyCertificate: false,
      MetricsLevel: 'none',
      // A server that is slow is waited for: a second attempt would put the same once more.
      RequestTimeout: 60_000,
      RecordTtl: 60_000,
      TempDirectory: join(import.meta.dirname, '..', '.peers'),
      ...more,
    }
    const parts = Object.entries(configuration).flatMap(([name, value]) => [Buffer.from(name), Buffer.from(String(value))])
    await this.#child.ask('start', Buffer.from(stream), ...parts)
  }

  /** Hands them over in one go, and waits until each was put or has failed. */
  async put(records: readonly ToPut[]): Promise<Put[]> {
    const parts = records.flatMap(({ partitionKey, explicitHashKey, data }) => {
      return [Buffer.from(partitionKey), Buffer.from(explicitHashKey === undefined ? '' : `+${explicitHashKey}`), data]
    })
    const answer = (await this.#child.ask('put', ...parts)).map(String)
    return records.map((_, n) => ({ verdict: answer[3 * n]!, shardId: answer[3 * n + 1]!, sequenceNumber: answer[3 * n + 2]! }))
  }

  stop(): void {
    this.#child.stop()
  }
}
