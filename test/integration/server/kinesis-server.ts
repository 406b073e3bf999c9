// kinesis-local on free ports of the loopback, and clients of it.
import { KinesisClient } from '@aws-sdk/client-kinesis'
import { NodeHttpHandler } from '@smithy/node-http-handler'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { type AddressInfo, createServer } from 'node:net'
import { dirname } from 'node:path'
import { setTimeout } from 'node:timers/promises'

export interface KinesisServer {
  /** Speaks plain HTTP. */
  readonly port: number
  readonly tlsPort: number
  /** A client of the AWS SDK v3; of another port where something stands between. */
  client(at?: number): KinesisClient
  stop(): Promise<void>
}

export async function startKinesis(): Promise<KinesisServer> {
  const [port, tlsPort] = [await freePort(), await freePort()]
  const main = createRequire(import.meta.url).resolve('kinesis-local')
  const env = {
    ...process.env,
    KINESIS_MOCK_PLAIN_PORT: String(port),
    KINESIS_MOCK_TLS_PORT: String(tlsPort),
    LOG_LEVEL: 'ERROR',
    SHARD_LIMIT: '1000',
    ...Object.fromEntries(['CREATE_STREAM', 'DELETE_STREAM', 'SPLIT_SHARD', 'MERGE_SHARDS'].map((what) => [`${what}_DURATION`, '50ms'])),
  }
  // It looks for its certificate in the folder that it is run from.
  const server = spawn(process.execPath, [main], { cwd: dirname(main), env, stdio: 'ignore' })
  const kill = () => server.kill()
  process.once('exit', kill)
  await listening(server, port)
  return {
    port,
    tlsPort,
    client: (at = port) => {
      const credentials = { accessKeyId: '000000000000', secretAccessKey: 'none' }
      // Kinesis speaks HTTP/2, and this server does not.
      const requestHandler = new NodeHttpHandler()
      return new KinesisClient({ endpoint: `http://127.0.0.1:${at}`, region: 'us-east-1', credentials, requestHandler })
    },
    async stop() {
      process.off('exit', kill)
      if (server.exitCode !== null) return
      // Asked, it takes many seconds to end; and it keeps nothing.
      server.kill('SIGKILL')
      await once(server, 'exit')
    },
  }
}

async function listening(server: ChildProcess, port: number): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt++) {
    if (server.exitCode !== null) throw new Error(`kinesis-local ended with ${server.exitCode}`)
    const answers = await fetch(`http://127.0.0.1:${port}/healthcheck`).then(
      () => true,
      () => false,
    )
    if (answers) return
    await setTimeout(100)
  }
  server.kill()
  throw new Error('kinesis-local does not answer')
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
