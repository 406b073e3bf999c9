// Who else does it, by the name that its cases bear.
import { readFileSync } from 'node:fs'
import type { Prepare } from '../ways/way.js'
import { awsKinesisAgg } from './aws-kinesis-agg.js'
import { bufbuild } from './bufbuild.js'
import { foreignPeers } from './foreign.js'
import { messagePeer } from './message-peer.js'
import { pbf } from './pbf.js'
import { protobufjs } from './protobufjs.js'

export interface Peer {
  readonly name: string
  /** What it is, of which version, and of which language's. */
  readonly title: string
  readonly ways: { readonly read?: Prepare; readonly write?: Prepare }
}

const versions = (JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { devDependencies: Record<string, string> }).devDependencies

export const peers: readonly Peer[] = [
  npmPeer('aws-kinesis-agg', 'aws-kinesis-agg', awsKinesisAgg),
  npmPeer('protobufjs', 'protobufjs', messagePeer(protobufjs)),
  npmPeer('bufbuild', '@bufbuild/protobuf', messagePeer(bufbuild)),
  npmPeer('pbf', 'pbf', messagePeer(pbf)),
  ...foreignPeers,
]

function npmPeer(name: string, packageName: string, ways: Peer['ways']): Peer {
  return { name, title: `${packageName} ${versions[packageName]}`, ways }
}
