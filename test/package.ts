// The package as users get it: builds of one source, the same names in each, and nothing else to install.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import t from 'tap'
import { root } from '../fixtures/readme.js'
import * as source from '../lib/index.js'

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const require = createRequire(import.meta.url)
const names = [
  'AggregateStream',
  'Aggregator',
  'DeaggregateStream',
  'KplError',
  'ShardMap',
  'aggregate',
  'compareCheckpoints',
  'deaggregate',
  'decodeAggregate',
  'encodeAggregate',
  'hashKey',
  'isAggregated',
  'putRecordsBatches',
]

t.ok(existsSync(join(root, 'dist/esm/index.js')), 'the package is built: npm run build')

t.test('import and require of the package by its name give the same names as the source', async (t) => {
  t.same(Object.keys(source).sort(), names)
  t.same(Object.keys(await import('kpl-codec')).sort(), names)
  t.same(Object.keys(require('kpl-codec')).sort(), names)
  const ofLambda = ['idempotencyKey', 'processBatch', 'toEvent']
  t.same(Object.keys(await import('kpl-codec/lambda')).sort(), ofLambda)
  t.same(Object.keys(require('kpl-codec/lambda')).sort(), ofLambda)
})

t.test('Node.js loads one file, of its own for import and for require; bundlers are shown a file for each of the source', async (t) => {
  const esm = await import('kpl-codec')
  const cjs = require('kpl-codec')
  t.not(esm.deaggregate, cjs.deaggregate)
  t.equal(require.resolve('kpl-codec'), join(root, 'dist/cjs/index.js'))
  t.equal(import.meta.resolve('kpl-codec'), pathToFileURL(join(root, 'dist/node/index.js')).href)
  for (const folder of ['node', 'cjs']) {
    const all = readFileSync(join(root, 'dist', folder, 'kpl-codec.js'), 'utf8')
    t.notMatch(all, /(?:from |require\()["']\./, folder)
    for (const path of ['index.js', 'lambda/index.js']) {
      const imported = readFileSync(join(root, 'dist', folder, path), 'utf8').match(/["']\.[^"']*["']/g)
      t.same(imported, [path === 'index.js' ? "'./kpl-codec.js'" : "'../kpl-codec.js'"], `${folder}/${path}`)
    }
  }
  t.equal(manifest.exports['.'].module, './dist/esm/index.js')
})

t.test('what is built writes and reads many aggregates as the source does, beyond where their digests are made side by side', async (t) => {
  // Lanes are made when 3 MiB have been digested one by one. The maps lead to lib/: what had not run of the lanes here would count as uncovered there.
  const records = Array.from({ length: 4500 }, (_, n) => ({ partitionKey: `key ${n % 20}`, data: Buffer.alloc(1000, n) }))
  const written = (kpl: typeof source) => Array.from(kpl.aggregate(records, { groupBy: 'none' }), ({ Data }) => Data)
  const expected = Buffer.concat(written(source))
  for (const kpl of [await import('kpl-codec'), require('kpl-codec')]) {
    const data = written(kpl)
    t.ok(Buffer.concat(data).equals(expected))
    t.ok(Buffer.concat(Array.from(kpl.deaggregate(data, { digestMismatch: 'error' }), (record: source.UserRecord) => record.data)).equals(Buffer.concat(records.map(({ data }) => data))))
  }
})

t.test('what one name gives is what the other does: an error of kpl-codec/lambda is a KplError of kpl-codec', async (t) => {
  for (const [kpl, lambda] of [
    [await import('kpl-codec'), await import('kpl-codec/lambda')],
    [require('kpl-codec'), require('kpl-codec/lambda')],
  ]) {
    t.throws(() => lambda.toEvent({}), kpl.KplError)
    t.same([...Object.entries(kpl), ...Object.entries(lambda)].filter(([name, value]) => (value as { name: string }).name !== name), [], 'names')
  }
})

t.test('an error in the one file is told where it stands in the source', async (t) => {
  for (const program of ["import('kpl-codec')", "Promise.resolve(require('kpl-codec'))"]) {
    const run = `${program}.then(({ deaggregate }) => { try { deaggregate(1) } catch (error) { console.log(error.stack) } })`
    t.match(execFileSync(process.execPath, ['--enable-source-maps', '-e', run], { cwd: root, encoding: 'utf8' }), /lib\/deaggregate\/kinesis-record\.ts:\d+/)
  }
})

t.test('what one build makes the other takes', async (t) => {
  const esm = await import('kpl-codec')
  const cjs = require('kpl-codec') as typeof esm
  const shards = [{ ShardId: 's', HashKeyRange: { StartingHashKey: '0', EndingHashKey: String((1n << 128n) - 1n) } }]
  const entries = [...cjs.aggregate([{ partitionKey: 'a', data: '1' }, { partitionKey: 'b', data: '2' }], { shards: new esm.ShardMap(shards) as any })]
  t.equal(entries.length, 1)
  t.same(Array.from(esm.deaggregate(entries), (record) => record.text()), ['1', '2'])
})

t.test('nothing is installed beside it', async (t) => {
  t.notOk('dependencies' in manifest)
  t.notOk('peerDependencies' in manifest)
  t.notOk('optionalDependencies' in manifest)
  t.notOk('bundleDependencies' in manifest)
  t.same(Object.keys(manifest.devDependencies).sort(), ['@types/node', 'tap', 'typescript'])
  t.same(Object.values(manifest.devDependencies).filter((version) => !/^\d+\.\d+\.\d+$/.test(version as string)), [], 'pinned')
  t.same(['preinstall', 'install', 'postinstall'].filter((script) => script in manifest.scripts), [], 'and installing it runs nothing')
})

t.test('the builds import Node.js and themselves only', async (t) => {
  const foreign = ['esm', 'node', 'cjs'].flatMap((format) =>
    filesIn(join('dist', format), '.js').flatMap((path) => {
      const code = readFileSync(join(root, path), 'utf8')
      const specifiers = Array.from(code.matchAll(/(?:\bfrom |\bimport |\brequire\()["']([^"']+)["']/g), ([, specifier]) => specifier!)
      return specifiers.filter((specifier) => !/^(?:node:|\.\.?\/)/.test(specifier)).map((specifier) => `${path}: ${specifier}`)
    }),
  )
  t.same(foreign, [])
})

t.test('every file of the source has its code in one build and its types for both module systems, with maps; no other file is there', async (t) => {
  const names = filesIn('lib', '.ts').map((path) => path.slice('lib/'.length, -'.ts'.length))
  const files = (names: readonly string[], ...ends: readonly string[]) => names.flatMap((name) => ends.map((end) => name + end))
  const built = (folder: string) => filesIn(join('dist', folder), '').map((path) => path.slice(`dist/${folder}/`.length)).sort()
  const all = ['index.js', 'kpl-codec.js', 'kpl-codec.js.map', 'lambda/index.js']
  const library = names.filter((name) => !name.startsWith('cli/'))
  t.same(built('esm'), files(names, '.js', '.js.map', '.d.ts', '.d.ts.map').sort())
  t.same(built('cjs'), [...files(library, '.d.ts', '.d.ts.map'), ...all, 'package.json'].sort())
  t.same(built('node'), all)
})

t.test('what is reached by a subpath stands on top: nothing below imports it', async (t) => {
  const below = filesIn('lib', '.ts').filter((path) => !path.startsWith('lib/lambda/'))
  t.ok(below.length > 40)
  t.same(below.filter((path) => /from '[^']*\/lambda\//.test(readFileSync(join(root, path), 'utf8'))), [])
})

t.test('what exports, main, module and types name is there', async (t) => {
  const paths = [manifest.main, manifest.module, manifest.types, ...leavesOf(manifest.bin), ...leavesOf(manifest.exports)]
  t.ok(paths.length > 7)
  t.same(paths.filter((path) => !existsSync(join(root, path))), [])
  t.equal(manifest.sideEffects, false)
})

t.test('the command line can be run, and nothing but itself leads into it', async (t) => {
  const main = join(root, manifest.bin['kpl-codec'])
  t.match(readFileSync(main, 'utf8'), /^#!\/usr\/bin\/env node\n/)
  t.equal(statSync(main).mode & 0o111, 0o111)
  t.same(leavesOf(manifest.exports).filter((path) => path.includes('/cli/')), [])
  const importing = filesIn('lib', '.ts').filter((path) => !path.startsWith('lib/cli/') && /['"][^'"]*\bcli\//.test(readFileSync(join(root, path), 'utf8')))
  t.same(importing, [])
})

t.test('users get the builds, the source of what can be imported, and the papers', async (t) => {
  const [pack] = JSON.parse(execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }))
  const packed: string[] = pack.files.map(({ path }: { path: string }) => path)
  t.same([...new Set(packed.map((path) => path.split('/')[0]))].sort(), ['CHANGELOG.md', 'LICENSE', 'README.md', 'dist', 'lib', 'package.json'])
  t.same(filesIn('lib', '.ts').filter((path) => !path.startsWith('lib/cli/') && !packed.includes(path)), [])
  t.same(leavesOf(manifest.exports).filter((path) => !packed.includes(path.slice(2))), [])
})

/** The files in a folder, by their end, as paths from the root. */
function filesIn(folder: string, end: string): string[] {
  const entries = readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith(end))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1).replaceAll('\\', '/'))
}

function leavesOf(value: unknown): string[] {
  return typeof value === 'string' ? [value] : Object.values(value as object).flatMap(leavesOf)
}
