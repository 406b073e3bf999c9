// One source, two builds. For bundlers, a file for each of lib/: they take what a program uses. For
// Node.js, which takes 1 ms for each file that it imports and a third of that for one that it requires, all
// of lib/ in one file, as an ES module and as CommonJS.
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const dist = join(root, 'dist')
const tsc = createRequire(join(root, 'package.json')).resolve('typescript/bin/tsc')
/** What users import, from `dist/esm` on. */
const entryPoints = ['index.js', 'lambda/index.js']
const ALL = 'kpl-codec.js'

// Tests that are no more must not be run.
for (const folder of [dist, join(root, '.build')]) rmSync(folder, { recursive: true, force: true })
// Of CommonJS only the types: a compiler must see there that it is CommonJS.
for (const format of ['esm', 'cjs']) {
  execFileSync(process.execPath, [tsc, '-p', join(root, 'scripts', `tsconfig.${format}.json`)], { stdio: 'inherit' })
}
await bundle('node', 'esm', (names, from) => `export { ${names.join(', ')} } from '${from}'\n`)
await bundle('cjs', 'cjs', (names, from) => `'use strict'\nconst { ${names.join(', ')} } = require('${from}')\nmodule.exports = { ${names.join(', ')} }\n`)
writeFileSync(join(dist, 'cjs/package.json'), '{ "type": "commonjs" }\n')
chmodSync(join(dist, 'esm/cli/main.js'), 0o755)

/** All code in one file, so that what users import by different names is the same; and for each of these names a file that gives what belongs to it. */
async function bundle(folder, format, give) {
  const contents = entryPoints.map((path) => `export * from './${path}'\n`).join('')
  const stdin = { contents, resolveDir: join(dist, 'esm') }
  await build({ stdin, outfile: join(dist, folder, ALL), bundle: true, format, platform: 'node', target: 'node20.19', sourcemap: true, sourcesContent: false })
  for (const path of entryPoints) {
    const file = join(dist, folder, path)
    mkdirSync(dirname(file), { recursive: true })
    const names = Object.keys(await import(pathToFileURL(join(dist, 'esm', path)).href))
    writeFileSync(file, give(names, `${'../'.repeat(path.split('/').length - 1) || './'}${ALL}`))
  }
}
