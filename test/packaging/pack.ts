// Packs the package, which must be built, as it would be published, and installs it into the project.
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Packed, project, repository, run } from './project.js'

rmSync(project, { recursive: true, force: true })
mkdirSync(project)
const [packed] = JSON.parse(await run('npm', 'pack', '--json', '--ignore-scripts', '--pack-destination', project, repository)) as [Packed]
// With a package.json of its own, npm looks no further up.
writeFileSync(join(project, 'package.json'), '{ "private": true }\n')
await run('npm', 'install', '--no-audit', '--no-fund', '--no-package-lock', join(project, packed.filename))
cpSync(join(import.meta.dirname, 'programs'), project, { recursive: true })
// The same as CommonJS, and as the package.json has it: what the compiler takes it for is by its name.
for (const name of ['consumer.cts', 'consumer.ts']) cpSync(join(project, 'consumer.mts'), join(project, name))
writeFileSync(join(project, 'packed.json'), JSON.stringify(packed))
console.log(`${packed.filename}: ${packed.files.length} files, ${packed.unpackedSize} bytes unpacked`)
