// docs/api/ is what the docstrings say. WRITE_REFERENCE=1 writes it anew.
import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { project, repository, run, tool } from '../project.js'

const committed = join(repository, 'docs/api')
const made = process.env.WRITE_REFERENCE === undefined ? join(project, 'api') : committed

before(() => run(tool('typedoc'), '--options', join(import.meta.dirname, '../reference/typedoc.json'), '--out', made))

test('every page of docs/api says what the docstrings say', () => {
  const files = readdirSync(made, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.md'))
  assert.deepEqual(files.sort(), ['README.md', 'kpl-codec.md', 'kpl-codec/lambda.md'])
  for (const name of files) assert.equal(readFileSync(join(committed, name), 'utf8'), readFileSync(join(made, name), 'utf8'), name)
})
