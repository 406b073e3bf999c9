// The pages in docs/: their examples are sound, their links lead somewhere, and what they tell of errors is what is thrown.
// docs/verdicts.md has a test of its own, test/edge.ts.
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'
import { loadExample } from '../fixtures/commonjs-example.js'
import { errorChapters, errorsOf } from '../fixtures/error-samples.js'
import { typeErrors, writeModules } from '../fixtures/readme-modules.js'
import { anchorsOf, blocksOf, linksOf, root } from '../fixtures/readme.js'
import { type PutRecordsEntry, type UserRecordInput, deaggregate, encodeAggregate } from '../lib/index.js'

const folder = join(root, 'docs')
const pages = readdirSync(folder).filter((name) => name.endsWith('.md'))
const textOf = (page: string) => readFileSync(join(folder, page), 'utf8')

t.test('links lead to what is there, to its very heading', async (t) => {
  const all = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.md'))
  t.ok(all.length > pages.length)
  const dead = all.flatMap((page) =>
    linksOf(textOf(page)).flatMap((target) => {
      if (target.startsWith('https://')) return []
      const [path, anchor] = target.split('#') as [string, string?]
      const file = path === '' ? join(folder, page) : join(folder, dirname(page), path)
      const isThere = existsSync(file) && (anchor === undefined || anchorsOf(readFileSync(file, 'utf8')).includes(anchor))
      return isThere ? [] : [`${page}: ${target}`]
    }),
  )
  t.same(dead, [])
})

t.test('the README leads to every page', async (t) => {
  const named = linksOf(readFileSync(join(root, 'README.md'), 'utf8'))
  t.same(pages.filter((page) => !named.some((target) => target.split('#')[0] === `docs/${page}`)), [])
})

t.test('the examples type-check', async (t) => {
  const blocks = pages.flatMap((page) => blocksOf(textOf(page)).filter(({ language }) => language === 'ts'))
  t.ok(blocks.length > 0)
  // Each in a folder of its own: two pages may have headings of the same name.
  const examples = t.testdir(Object.fromEntries(blocks.map((_, n) => [n, {}])))
  const modules = blocks.flatMap((block, n) => [...writeModules([block], join(examples, String(n))).values()])
  t.equal(new Set(modules).size, blocks.length)
  t.same(typeErrors(modules), [])
})

t.test('the KplError of every code has the message and the details that docs/errors.md tells', async (t) => {
  const path = join(folder, 'errors.md')
  const beginning = readFileSync(path, 'utf8').split(/^## /m)[0]!
  const errors = await errorsOf(blocksOf(beginning)[0]!.code, t.testdir())
  for (const [code, error] of errors) t.equal(error.code, code)
  // To bring the page up to date: WRITE_ERRORS=1 npx tap .build/test/docs.js, and read what has changed.
  if (process.env.WRITE_ERRORS !== undefined) writeFileSync(path, beginning + errorChapters(errors))
  t.equal(textOf('errors.md'), beginning + errorChapters(errors))
})

t.test('what stands after "after" in docs/migration.md does what it says', async (t) => {
  const after = blocksOf(textOf('migration.md')).filter(({ code }) => code.startsWith('// after'))
  t.same(after.map(({ name }) => name), ['Reading (2)', 'Writing (2)'])
  const examples = t.testdir()
  const [reading, writing] = after.map(({ code }, n) => loadExample(code, join(examples, `example-${n}.cjs`)))

  const records: UserRecordInput[] = [{ partitionKey: 'k', data: 'first' }, { partitionKey: 'k', data: 'second' }]
  const shown = t.capture(console, 'log')
  await reading.handler({ Records: [{ kinesis: { data: encodeAggregate(records).toString('base64') } }, { kinesis: { data: 'cGxhaW4=' } }] })
  t.same(shown().map(({ args }) => args), [['first'], ['second'], ['plain']])

  const put: PutRecordsEntry[] = []
  await writing.send(records, async (batch: PutRecordsEntry[]) => put.push(...batch))
  t.same(Array.from(deaggregate(put), (record) => record.text()), ['first', 'second'])
  t.equal(put.length, 1)
})
