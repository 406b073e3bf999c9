// What the package adds to a bundle, and what its forerunner adds: minified and gzipped.
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { figure, report } from './report/children.js'
import type { Figure } from './report/results.js'

const BUNDLES = {
  everything: "export * from 'kpl-codec'",
  'deaggregate alone': "export { deaggregate } from 'kpl-codec'",
  'a kpl-codec/lambda handler':
    "import { processBatch } from 'kpl-codec/lambda'\n" +
    'export const handler = (event, context) => processBatch(event, async (record) => console.log(record.json()), { context })',
  'isAggregated alone': "export { isAggregated } from 'kpl-codec'",
  'aws-kinesis-agg': "export { default } from 'aws-kinesis-agg'",
}

const figures: Figure[] = []
console.log(`${'bundle'.padEnd(28)}${'minified'.padStart(10)}${'gzipped'.padStart(10)}`)
for (const [name, source] of Object.entries(BUNDLES)) {
  const { outputFiles } = await build({
    stdin: { contents: source, resolveDir: import.meta.dirname },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node20',
  })
  const code = outputFiles[0]!.contents
  const size = gzipSync(code, { level: 9 }).length
  console.log(name.padEnd(28) + String(code.length).padStart(10) + String(size).padStart(10))
  figures.push(figure(`size/${name}`, 'bytes gzipped', size))
}
report({ figures })
