// The peers from npm.
import { readFileSync } from 'node:fs'
import type { Prepare } from '../ways/way.js'
import { awsKinesisAgg } from './aws-kinesis-agg.js'
import { bufbuild } from './bufbuild.js'
import { messagePeer } from './message-peer.js'
import { pbf } from './pbf.js'
import type { Peer } from './peer.js'
import { protobufjs } from './protobufjs.js'

const versions = (JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { devDependencies: Record<string, string> }).devDependencies

export const npmPeers: readonly Peer<Prepare>[] = [
  npmPeer('aws-kinesis-agg', 'aws-kinesis-agg', awsKinesisAgg),
  npmPeer('protobufjs', 'protobufjs', messagePeer(protobufjs)),
  npmPeer('bufbuild', '@bufbuild/protobuf', messagePeer(bufbuild)),
  npmPeer('pbf', 'pbf', messagePeer(pbf)),
]

function npmPeer(name: string, packageName: string, ways: Peer<Prepare>['ways']): Peer<Prepare> {
  return { name, title: `${packageName} ${versions[packageName]}`, ways }
}
