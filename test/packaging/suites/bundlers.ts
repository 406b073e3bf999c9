// Bundled and minified: it runs, it is as small as it says, and what is not used is left out.
// WRITE_SIZES=1 writes sizes.json and the README's table anew.
import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { bundlers } from '../bundlers.js'
import { fixtures, project, repository, run } from '../project.js'

const folder = join(project, 'bundles')
const sizesFile = join(import.meta.dirname, '../sizes.json')
const readmeFile = join(repository, 'README.md')
const isWriting = process.env.WRITE_SIZES !== undefined

/** What is bundled, by the name that it has in sizes.json. */
const BUNDLES: Record<string, string> = {
  everything: "export * from 'kpl-codec'",
  deaggregate: "export { deaggregate } from 'kpl-codec'",
  'a Lambda handler':
    "import { processBatch } from 'kpl-codec/lambda'\n" +
    'export const handler = (event, context) => processBatch(event, async (record) => console.log(record.json()), { context })',
  isAggregated: "export { isAggregated } from 'kpl-codec'",
  'aws-kinesis-agg': "export { default } from 'aws-kinesis-agg'",
}

/** Bytes, gzipped: what is kept, what is wanted, and what each bundler made. */
interface Size {
  readonly budget?: number
  readonly target?: number
  bundles: Record<string, number>
}

const sizes = JSON.parse(readFileSync(sizesFile, 'utf8')) as Record<string, Size>

before(() => mkdirSync(folder, { recursive: true }))

for (const [name, bundle] of Object.entries(bundlers)) {
  test(`a program that ${name} bundled reads and writes what the KPL wrote`, async () => {
    const file = join(folder, `round-trip.${name}.mjs`)
    await bundle(join(project, 'round-trip.mjs'), file)
    assert.doesNotMatch(readFileSync(file, 'utf8'), /from ?"kpl-codec"/)
    assert.equal(await run(process.execPath, file, fixtures), '27664 user records\n')
  })
}

for (const [what, source] of Object.entries(BUNDLES)) {
  test(`the size of ${what} is as sizes.json has it, and within its budget`, async (t) => {
    const entry = join(folder, `${what}.mjs`)
    writeFileSync(entry, source)
    const found: Record<string, number> = {}
    for (const [name, bundle] of Object.entries(bundlers)) {
      found[name] = gzipSync(await bundle(entry, join(folder, `${what}.${name}.mjs`)), { level: 9 }).length
    }
    t.diagnostic(JSON.stringify(found))
    if (isWriting) sizes[what]!.bundles = found
    const { budget = Infinity, bundles } = sizes[what]!
    for (const [name, size] of Object.entries(found)) {
      assert.ok(size <= budget, `${name}: ${size} bytes, where the budget is ${budget}`)
      // Zlib differs a little from one Node.js to another.
      assert.ok(Math.abs(size - bundles[name]!) <= 30, `${name}: ${size} bytes, where sizes.json has ${bundles[name]}`)
    }
  })
}

test('the README tells the sizes of sizes.json', () => {
  if (isWriting) writeFileSync(sizesFile, `${JSON.stringify(sizes, undefined, 2)}\n`)
  const readme = readFileSync(readmeFile, 'utf8')
  const written = readme.replace(/(?<=<!-- sizes -->\n)[^]*(?=<!-- \/sizes -->)/, `\n${table()}\n\n`)
  if (isWriting) writeFileSync(readmeFile, written)
  else assert.equal(written, readme)
})

function table(): string {
  const names = Object.keys(bundlers)
  const rows = Object.entries(sizes).map(([what, { bundles }]) => {
    return [`\`${what}\``, ...names.map((name) => number(bundles[name]))]
  })
  const heads = ['bundle', ...names]
  return [heads, heads.map((_, n) => (n === 0 ? '---' : '--:')), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

function number(value: number | undefined): string {
  return value === undefined ? '' : value.toLocaleString('en')
}
