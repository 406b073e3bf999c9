// The peers of other languages.
import { readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { type Toolchain, go, java, python, versionOf } from '../../fixtures/toolchain.js'
import type { Input } from '../corpus.js'
import type { PrepareTimed } from '../ways/way.js'
import { ChildPeer } from './child-peer.js'
import type { Peer } from './peer.js'

const javaMain = (module: string, main: string) => (out: string) => {
  const classpath = [module, 'lines'].map((name) => join(out, name, 'peer.jar')).concat(join(out, module, 'dependencies', '*'))
  return ['java', '-Dfile.encoding=UTF-8', '-Xms1g', '-Xmx1g', '-cp', classpath.join(delimiter), `peers.${main}`]
}

const goMain = (name: string) => (out: string) => [join(out, name)]

const pythonMain = (out: string) => [join(out, 'bin', 'python'), '-B', join(import.meta.dirname, 'python', 'peer.py')]

/** It writes every user record with the key of the aggregate's first. */
const withFirstKey = (group: readonly Input[]) => group.map(({ data }) => ({ partitionKey: group[0]!.partitionKey, data }))

const kcl = new ChildPeer(java, javaMain('kcl', 'Kcl'))
const javaAggregator = new ChildPeer(java, javaMain('aggregator', 'Aggregator'))
const goDeaggregator = new ChildPeer(go, goMain('deaggregator'))
const a8m = new ChildPeer(go, goMain('aggregator'), withFirstKey)
const pythonBoth = new ChildPeer(python, pythonMain)

export const foreignPeers: readonly Peer<PrepareTimed>[] = [
  { name: 'kcl', title: title('KCL', java, 'java/kcl/pom.xml', 'amazon-kinesis-client</artifactId>\\s*<version>'), ways: { read: kcl.read } },
  {
    name: 'java',
    title: title('amazon-kinesis-aggregator', java, 'java/aggregator/pom.xml', 'amazon-kinesis-aggregator</artifactId>\\s*<version>'),
    ways: { write: javaAggregator.write },
  },
  { name: 'go', title: title('kinesis-aggregation/go', go, 'go/go.mod', 'kinesis-aggregation/go/v2 v'), ways: { read: goDeaggregator.read } },
  { name: 'a8m', title: title('a8m/kinesis-producer', go, 'go/go.mod', 'a8m/kinesis-producer v'), ways: { write: a8m.write } },
  {
    name: 'python',
    title: title('aws_kinesis_agg', python, 'python/requirements.txt', 'aws_kinesis_agg=='),
    ways: { read: pythonBoth.read, write: pythonBoth.write },
  },
]

/** With the version that the build asks for, and that of the language. */
function title(name: string, toolchain: Toolchain, file: string, before: string): string {
  const version = new RegExp(`${before}(\\d+\\.\\d+\\.\\d+)`).exec(readFileSync(join(import.meta.dirname, file), 'utf8'))?.[1]
  return `${name} ${version} (${versionOf(toolchain)})`
}
