// docs/format.md shows every byte of a genuine record, as the command line prints it.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { EXAMPLE, exampleDump } from '../../fixtures/format-page.js'
import { loadKplCase } from '../../fixtures/load.js'
import { blocksOf, linksOf, root } from '../../fixtures/readme.js'
import * as constants from '../../lib/format/constants.js'

const path = join(root, 'docs/format.md')

t.test('the dump is what inspect prints', async (t) => {
  const dump = `<!-- dump -->\n\`\`\`text\n${await exampleDump()}\`\`\`\n<!-- /dump -->`
  // To bring the document up to date: WRITE_FORMAT=1 npx tap .build/test/cli/format-page.js
  if (process.env.WRITE_FORMAT !== undefined) {
    writeFileSync(path, readFileSync(path, 'utf8').replace(/<!-- dump -->[^]*<!-- \/dump -->/, () => dump))
  }
  t.equal(/<!-- dump -->[^]*<!-- \/dump -->/.exec(readFileSync(path, 'utf8'))?.[0], dump)
})

t.test('it shows the bytes of the record that it speaks of', async (t) => {
  const { records, info } = loadKplCase(EXAMPLE.name)
  const { data } = records.find(({ sequenceNumber }) => sequenceNumber === EXAMPLE.sequenceNumber)!
  const { code } = blocksOf(readFileSync(path, 'utf8')).find(({ language }) => language === 'text')!
  t.equal(code.split('\n').map((row) => row.slice(10, 34)).join('').replace(/\s/g, ''), data.toString('hex'))
  t.equal(code.match(/user record \d+: /g)?.length, 4)
  t.match(readFileSync(path, 'utf8'), `The KPL ${info.producerVersion} sent this one (four user records`)
})

t.test('what it says of the KPL is so: outer keys, tables in the order of first use, no tags', async (t) => {
  const { records } = loadKplCase(EXAMPLE.name)
  const record = records.find(({ sequenceNumber }) => sequenceNumber === EXAMPLE.sequenceNumber)!
  t.equal(record.partitionKey, 'a')
  t.equal(record.explicitHashKey, '0', 'the explicit hash key of its first user record')
  const indexes = Array.from((await exampleDump()).matchAll(/partition key index: (\d+)/g), ([, index]) => Number(index))
  t.same(indexes, [0, 1, 2, 3])
  t.notMatch(await exampleDump(), 'tag:')
})

t.test('the fields have the numbers and types that the code has', async (t) => {
  const { code } = blocksOf(readFileSync(path, 'utf8')).find(({ language }) => language === 'proto')!
  const tags = Array.from(code.matchAll(/^  \w+ (\w+) (\w+) = (\d+);$/gm), ([, type, name, number]) => [name, Number(number) * 8 + (type === 'uint64' ? 0 : 2)])
  t.strictSame(tags, [
    ['partition_key_table', constants.TAG_PARTITION_KEY],
    ['explicit_hash_key_table', constants.TAG_EXPLICIT_HASH_KEY],
    ['records', constants.TAG_RECORD],
    ['partition_key_index', constants.TAG_PARTITION_KEY_INDEX],
    ['explicit_hash_key_index', constants.TAG_EXPLICIT_HASH_KEY_INDEX],
    ['data', constants.TAG_DATA],
    ['tags', constants.TAG_TAGS],
    ['key', constants.TAG_TAG_KEY],
    ['value', constants.TAG_TAG_VALUE],
  ])
})

t.test('links lead to what is there', async (t) => {
  const links = linksOf(readFileSync(path, 'utf8')).filter((target) => !target.startsWith('https://'))
  t.same(links, ['verdicts.md'])
  t.ok(readFileSync(join(root, 'docs', links[0]!), 'utf8').startsWith('# What readers make of odd records'))
})
