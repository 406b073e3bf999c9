// fixtures/edge is for implementers in any language: it is as its schema says, and a reader in another language runs it.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { isDeepStrictEqual } from 'node:util'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { fixturesFolder, readJson, readLines } from '../../../fixtures/files.js'
import { loadEdgeVectors } from '../../../fixtures/load.js'
import { build, python, versionOf } from '../../../fixtures/toolchain.js'
import { seenBy } from '../../../fixtures/verdicts.js'

const kit = join(fixturesFolder, 'edge')
const vectors = readLines<{ readonly name: string; readonly expected: object }>(join(kit, 'edge.ndjson'))

test('every vector is as the schema says, and each change to one is not', () => {
  const validate = new Ajv2020({ strictTypes: false }).compile(readJson(join(kit, 'schema.json')) as object)
  const refused = vectors.filter((vector) => !validate(vector)).map(({ name }) => name)
  assert.deepEqual(refused, [])
  assert.equal(new Set(vectors.map(({ name }) => name)).size, vectors.length)
  const [one] = vectors
  for (const wrong of [{ ...one, data: 'é' }, { ...one, expected: {} }, { ...one, expected: { ...one!.expected, default: { outcome: 'raw', userRecords: [] } } }, { ...one, startingHashKey: '0' }, { ...one, more: 1 }]) {
    assert.equal(validate(wrong), false)
  }
})

test('a runner in Python gets from aws_kinesis_agg what was recorded, and sees where it is not the KCL', { skip: whyNoPython() }, () => {
  assert.deepEqual(run(), { status: 0, last: `${vectors.length} of ${vectors.length} vectors as verdicts.python tells` })
  const { status, last } = run('expected.kcl')
  assert.equal(status, 1)
  const alike = loadEdgeVectors().filter((vector) => isDeepStrictEqual(seenBy('python', vector), seenBy('kcl3', vector)))
  assert.equal(last, `${alike.length} of ${vectors.length} vectors as expected.kcl tells`)
})

function whyNoPython(): string | undefined {
  try {
    builtPython()
    return undefined
  } catch (error) {
    return `${(error as Error).message} (${versionOf(python)})`
  }
}

function builtPython(): string {
  return build(python, { from: join(import.meta.dirname, '..', 'conformance'), to: join(import.meta.dirname, '..', '.peers', 'conformance') })
}

function run(...args: readonly string[]): { readonly status: number; readonly last: string } {
  const last = (stdout: string) => stdout.trimEnd().split('\n').at(-1)!
  try {
    return { status: 0, last: last(execFileSync(join(builtPython(), 'bin', 'python'), [join(kit, 'run.py'), ...args], { encoding: 'utf8', env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' } })) }
  } catch (error) {
    const { status, stdout } = error as { readonly status: number; readonly stdout: string }
    return { status, last: last(stdout) }
  }
}
