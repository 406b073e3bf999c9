// docs/migration.md: what stands there before, with the real aws-kinesis-agg, and after does the same.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { loadExample } from '../../../fixtures/commonjs-example.js'
import { blocksOf } from '../../../fixtures/readme.js'
import { project, repository } from '../project.js'

const RECORDS = ['first', 'second', 'third'].map((text) => ({ partitionKey: 'k', data: Buffer.from(text) }))

const blocks = blocksOf(readFileSync(join(repository, 'docs/migration.md'), 'utf8')).filter(({ code }) => /^\/\/ (before|after)\n/.test(code))
const [readBefore, readAfter, writeBefore, writeAfter] = blocks.map(({ code }, n) => loadExample(code, join(project, `migration-${n}.cjs`)))

test('there are two of each', () => {
  assert.deepEqual(blocks.map(({ code }) => code.slice(3, code.indexOf('\n'))), ['before', 'after', 'before', 'after'])
})

test('a handler prints the same before and after, whichever wrote', async (t: TestContext) => {
  const written = [...(await putBefore()), ...(await putAfter())]
  assert.equal(written.length, 2)
  for (const data of written) {
    const event = { Records: [{ kinesis: { data: data.toString('base64'), partitionKey: 'k', sequenceNumber: '1' } }] }
    for (const { handler } of [readBefore, readAfter]) {
      const log = t.mock.method(console, 'log', () => {})
      await handler(event)
      assert.deepEqual(log.mock.calls.map((call) => call.arguments[0]), ['first', 'second', 'third'])
      log.mock.restore()
    }
  }
})

function putBefore(): Promise<Buffer[]> {
  const put: Buffer[] = []
  return new Promise((resolve, reject) => {
    const putRecord = (encoded: { readonly data: Buffer }, next: () => void) => {
      put.push(encoded.data)
      next()
    }
    writeBefore.send(RECORDS, putRecord, () => resolve(put), reject)
  })
}

async function putAfter(): Promise<Buffer[]> {
  const put: Buffer[] = []
  await writeAfter.send(RECORDS, async (Records: readonly { readonly Data: Buffer }[]) => put.push(...Records.map(({ Data }) => Data)))
  return put
}
