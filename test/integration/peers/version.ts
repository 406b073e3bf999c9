// The versions of others' packages, from where the builds are told them.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** @param file in this folder: a pom.xml, go.mod, requirements.txt or package.json. */
export function versionIn(file: string, name: string): string {
  const text = readFileSync(join(import.meta.dirname, file), 'utf8')
  const version = new RegExp(`${name}(?:</artifactId>\\s*<version>|": "|==|(?:/v\\d+)? v)(\\d+\\.\\d+\\.\\d+)`).exec(text)?.[1]
  if (version === undefined) throw new Error(`${file} has no version of ${name}`)
  return version
}
