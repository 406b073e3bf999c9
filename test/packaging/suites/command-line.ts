// npx kpl-codec, as it is installed.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { encodeAggregate } from 'kpl-codec'
import { manifest, project, run } from '../project.js'

const bin = join(project, 'node_modules/.bin/kpl-codec')

test('it is installed as a command that can be run, and tells its version', async () => {
  assert.ok(statSync(bin).mode & 0o100)
  assert.equal((await run(bin, '--version')).trim(), manifest().version)
})

test('it decodes what comes on standard input', () => {
  const data = encodeAggregate([{ partitionKey: 'ada', data: 'first' }, { partitionKey: 'ben', data: 'second' }])
  const lines = execFileSync(bin, ['decode'], { input: data.toString('base64'), encoding: 'utf8' }).trimEnd().split('\n')
  assert.deepEqual(lines.map((line) => (JSON.parse(line) as { partitionKey: string }).partitionKey), ['ada', 'ben'])
})

test('it is not reachable from the library', async () => {
  await assert.rejects(run(process.execPath, '--input-type=module', '-e', "import 'kpl-codec/dist/esm/cli/main.js'"), /ERR_PACKAGE_PATH_NOT_EXPORTED/)
})
