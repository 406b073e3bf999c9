// The types, under each compiler and each way to resolve modules.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { packed, project, run, tool } from '../project.js'

const WAYS = [
  ['node16', 'node16'],
  ['nodenext', 'nodenext'],
  ['esnext', 'bundler'],
] as const

for (const version of [5, 6, 7]) {
  for (const [module, resolution] of WAYS) {
    test(`TypeScript ${version} with ${resolution} resolution takes the types`, async () => {
      const compiler = join(import.meta.dirname, `../node_modules/typescript-${version}/bin/tsc`)
      // CommonJS is no module of a bundler's.
      const files = resolution === 'bundler' ? ['consumer.mts'] : ['consumer.mts', 'consumer.cts']
      const flags = ['--ignoreConfig', '--noEmit', '--strict', '--exactOptionalPropertyTypes', '--target', 'es2022', '--module', module, '--moduleResolution', resolution]
      await run(process.execPath, compiler, ...(version === 5 ? flags.slice(1) : flags), ...files.map((name) => join(project, name)))
    })
  }
}

test('TypeScript 5 with node10 resolution, which is its default for CommonJS and knows no exports, takes the types', async () => {
  const compiler = join(import.meta.dirname, '../node_modules/typescript-5/bin/tsc')
  await run(process.execPath, compiler, '--noEmit', '--strict', '--target', 'es2022', '--module', 'commonjs', join(project, 'consumer.ts'))
})

test('a program for ES2019, whose library knows less, takes the types', async () => {
  const compiler = join(import.meta.dirname, '../node_modules/typescript-5/bin/tsc')
  await run(process.execPath, compiler, '--noEmit', '--strict', '--target', 'es2019', '--module', 'node16', join(project, 'consumer.cts'))
})

test('attw finds nothing', async () => {
  await run(tool('attw'), packed().filename, '--format', 'json')
})

test('publint finds nothing', async () => {
  const said = await run(tool('publint'), 'run', packed().filename, '--strict')
  assert.match(said, /All good!/)
})
