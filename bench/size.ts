// What the package adds to a bundle: minified and gzipped, against its budget.
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'

/** Bytes, with 1 kB = 1,000. */
const BUNDLES = [
  { name: 'everything', source: "export * from 'kpl-codec'", budget: 8_000 },
  { name: 'deaggregate alone', source: "export { deaggregate } from 'kpl-codec'", budget: 4_500 },
  { name: 'isAggregated alone', source: "export { isAggregated } from 'kpl-codec'", budget: 500 },
]

console.log(`${'bundle'.padEnd(20)}${'minified'.padStart(10)}${'gzipped'.padStart(10)}${'budget'.padStart(10)}`)
for (const { name, source, budget } of BUNDLES) {
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
  const verdict = size > budget ? '  over budget' : ''
  console.log(name.padEnd(20) + String(code.length).padStart(10) + String(size).padStart(10) + String(budget).padStart(10) + verdict)
  if (size > budget) process.exitCode = 1
}
