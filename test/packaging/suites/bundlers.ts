// Bundled and minified: it runs, it is as small as it says, and what is not used is left out.
// WRITE_SIZES=1 writes sizes.json and the tables of two READMEs anew.
import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { bundlers } from '../bundlers.js'
import { fixtures, project, repository, run } from '../project.js'

const folder = join(project, 'bundles')
const sizesFile = join(import.meta.dirname, '../sizes.json')
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

/** Bytes, gzipped: what is kept, what it should be, and what each bundler made. */
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

test('the tables tell the sizes of sizes.json: the root README those of each bundler, the one here budgets and targets too', () => {
  if (isWriting) writeFileSync(sizesFile, `${JSON.stringify(sizes, undefined, 2)}\n`)
  const made = (of: string) => Object.keys(bundlers).map((name) => [name, number(sizes[of]!.bundles[name])] as const)
  const limits = (of: string) => [['budget', number(sizes[of]!.budget)], ['target', number(sizes[of]!.target)]] as const
  keepTable(join(repository, 'README.md'), made)
  keepTable(join(import.meta.dirname, '../README.md'), (of) => [...made(of), ...limits(of)])
})

/** Holds a page's table against what it should be, or writes it. */
function keepTable(page: string, columnsOf: (of: string) => readonly (readonly [head: string, cell: string])[]): void {
  const found = readFileSync(page, 'utf8')
  const names = Object.keys(sizes)
  const heads = ['bundle', ...columnsOf(names[0]!).map(([head]) => head)]
  const rows = [heads, heads.map((_, n) => (n === 0 ? '---' : '--:')), ...names.map((of) => [`\`${of}\``, ...columnsOf(of).map(([, cell]) => cell)])]
  const table = rows.map((cells) => `| ${cells.join(' | ')} |`).join('\n')
  const place = /(?<=<!-- sizes -->\n)[^]*(?=<!-- \/sizes -->)/
  assert.match(found, place, `${page} has a place for the table`)
  const updated = found.replace(place, () => `\n${table}\n\n`)
  if (isWriting) writeFileSync(page, updated)
  else assert.equal(found, updated)
}

function number(value: number | undefined): string {
  return value === undefined ? '' : value.toLocaleString('en')
}
