// Imported, required, and under jest.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { entryPoints, project, run, tool } from '../project.js'

for (const name of entryPoints()) {
  test(`${name} has the same names imported as required`, async () => {
    const print = 'console.log(JSON.stringify(Object.keys(it).sort()))'
    const imported = await run(process.execPath, '--input-type=module', '-e', `import * as it from '${name}'; ${print}`)
    const required = await run(process.execPath, '--input-type=commonjs', '-e', `const it = require('${name}'); ${print}`)
    assert.ok(JSON.parse(imported).length > 0)
    assert.equal(imported, required)
  })
}

test('a CommonJS program runs', async () => {
  assert.equal(await run(process.execPath, join(project, 'commonjs.cjs')), 'first, second\n')
})

test('files that are not exported cannot be imported', async () => {
  await assert.rejects(run(process.execPath, '--input-type=module', '-e', "import 'kpl-codec/dist/esm/index.js'"), /ERR_PACKAGE_PATH_NOT_EXPORTED/)
})

test('jest runs it, in CommonJS and in ES modules', async () => {
  const jest = (name: string, ...flags: string[]) => run(process.execPath, ...flags, tool('jest'), '--rootDir', project, '--testMatch', `**/${name}`, '--json')
  for (const json of [await jest('commonjs.test.cjs'), await jest('modules.test.mjs', '--experimental-vm-modules')]) {
    const { success, numPassedTests } = JSON.parse(json) as { readonly success: boolean; readonly numPassedTests: number }
    assert.ok(success)
    assert.equal(numPassedTests, 1)
  }
})
