// The same round trip over genuine KPL records in every runtime.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { fixtures, project, run, tool } from '../project.js'

const node = (major: number) => [join(import.meta.dirname, `../node_modules/node-${major}/bin/node`)]
const RUNTIMES = {
  'Node 20': node(20),
  'Node 22': node(22),
  'Node 24': node(24),
  'Node 26': node(26),
  'Node 24 without WebAssembly': [...node(24), '--jitless'],
  Bun: [tool('bun')],
  Deno: [tool('deno'), 'run', '--quiet', '--allow-read', '--allow-env'],
}

for (const [name, [command, ...flags]] of Object.entries(RUNTIMES)) {
  test(`${name} reads and writes what the KPL wrote`, async (t) => {
    t.diagnostic((await run(command!, '--version')).split('\n')[0]!)
    assert.equal(await run(command!, ...flags, join(project, 'round-trip.mjs'), fixtures), '27664 user records\n')
  })
}
