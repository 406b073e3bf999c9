// One source, two builds: ES modules in dist/esm, CommonJS in dist/cjs; the command line in the first alone.
import { execFileSync } from 'node:child_process'
import { chmodSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc')

// Tests that are no more must not be run.
for (const folder of ['dist', '.build']) rmSync(join(root, folder), { recursive: true, force: true })
for (const format of ['esm', 'cjs']) {
  execFileSync(process.execPath, [tsc, '-p', join(root, 'scripts', `tsconfig.${format}.json`)], { stdio: 'inherit' })
}
writeFileSync(join(root, 'dist/cjs/package.json'), '{ "type": "commonjs" }\n')
chmodSync(join(root, 'dist/esm/cli/main.js'), 0o755)
