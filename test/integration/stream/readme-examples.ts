// The README's examples as modules, with the real AWS SDK and real time: word for word what is printed.
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { writeModules } from '../../../fixtures/readme-modules.js'
import { blocksOf, readme } from '../../../fixtures/readme.js'

/** Beside the packages that the examples import. */
const folder = join(import.meta.dirname, '..', '.readme', String(process.pid))
const YOURS = { './your-code.js': 'readme-your-code.js' }
let modules: Map<string, string> | undefined

/** What the example under this heading exports. */
export async function readmeModule(heading: string): Promise<any> {
  if (modules === undefined) {
    mkdirSync(folder, { recursive: true })
    process.once('exit', () => rmSync(folder, { recursive: true }))
    modules = writeModules(blocksOf(readme).filter(({ language }) => language === 'ts'), folder, YOURS)
  }
  const path = modules.get(heading)
  if (path === undefined) throw new Error(`the README has no example under "${heading}"`)
  return import(pathToFileURL(path).href)
}
