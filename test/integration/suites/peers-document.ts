// docs/peers.md tells the faults that the other suites find to be there, and no others.
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { HEADING, peersTables } from '../peers/document.js'

test('docs/peers.md tells what the tests hold against the programs', () => {
  const path = join(import.meta.dirname, '../../../docs/peers.md')
  const beginning = () => readFileSync(path, 'utf8').split(HEADING)[0]!
  // To bring the document up to date: WRITE_PEERS=1 npm run test:integration, and read what has changed.
  if (process.env.WRITE_PEERS !== undefined) writeFileSync(path, beginning() + peersTables())
  assert.equal(readFileSync(path, 'utf8').slice(beginning().length), peersTables())
})
