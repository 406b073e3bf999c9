// What is in the tarball, and nothing else.
import assert from 'node:assert/strict'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join, posix } from 'node:path'
import { test } from 'node:test'
import { manifest, packed, project, repository } from '../project.js'

const paths = packed().files.map(({ path }) => path)

test('every file is the code, its types, its source, or a paper', () => {
  const allowed = [/^dist\/(?:esm|node|cjs)\/.+\.(?:js|d\.ts)(?:\.map)?$/, /^dist\/cjs\/package\.json$/, /^lib\/.+\.ts$/, /^(?:LICENSE|README\.md|CHANGELOG\.md|package\.json)$/]
  assert.deepEqual(paths.filter((path) => !allowed.some((pattern) => pattern.test(path))), [])
})

test('the source that maps point to is there', () => {
  const sources = paths.filter((path) => path.endsWith('.map')).flatMap((path) => {
    const map = JSON.parse(readFileSync(join(project, 'node_modules/kpl-codec', path), 'utf8')) as { sources: string[] }
    // The line that puts a file together for Node.js has none.
    return map.sources.filter((source) => source !== '<stdin>').map((source) => posix.join(posix.dirname(path), source))
  })
  assert.ok(new Set(sources).size > 40)
  assert.deepEqual(sources.filter((source) => !paths.includes(source)), [])
})

test('code that can be imported has its map', () => {
  const code = paths.filter((path) => /^dist\/esm\/(?!cli\/).*\.js$/.test(path))
  assert.ok(code.length > 40)
  assert.deepEqual(code.filter((path) => !paths.includes(`${path}.map`)), [])
})

test('what exports and bin name is there', () => {
  const named = leaves([manifest().exports, manifest().bin ?? {}])
  assert.ok(named.length > 4)
  assert.deepEqual(named.filter((path) => !paths.includes(path.replace(/^\.\//, ''))), [])
})

test('it is installed as it is, and nothing beside it', () => {
  assert.deepEqual(readdirSync(join(project, 'node_modules')).filter((name) => !name.startsWith('.')), ['kpl-codec'])
  assert.deepEqual(paths.filter((path) => !existsSync(join(project, 'node_modules/kpl-codec', path))), [])
})

test('no file tells of the machine that it was made on', () => {
  const telling = paths.filter((path) => readFileSync(join(project, 'node_modules/kpl-codec', path), 'utf8').includes(repository))
  assert.deepEqual(telling, [])
})

test('the command line comes without types, maps and source: nobody imports it', () => {
  const cli = paths.filter((path) => path.startsWith('dist/esm/cli/'))
  assert.ok(cli.includes('dist/esm/cli/main.js'))
  assert.deepEqual(cli.filter((path) => !path.endsWith('.js')), [])
  assert.deepEqual(paths.filter((path) => path.startsWith('lib/cli/')), [])
})

test('it stays under 1.5 MB unpacked', () => {
  assert.ok(packed().unpackedSize < 1_500_000, `${packed().unpackedSize} bytes`)
})

function leaves(value: unknown): string[] {
  return typeof value === 'string' ? [value] : Object.values(value as object).flatMap(leaves)
}
