// Messages that mutation begins with: real ones, cut to a size that can be tried often, and made ones.
import { loadEdgeVectors, loadKplCase, kplCaseNames, loadWriterCases } from '../../../fixtures/load.js'
import { type Member, messageOf } from '../../../fixtures/aggregates.js'
import { OddMessages, framed } from '../../../fixtures/odd-messages.js'
import { readPlainly } from '../../../fixtures/plain-reader.js'
import { Draw } from '../../../fixtures/random.js'
import { MALFORMED, weGive } from '../../../fixtures/reading-rules.js'
import { type Field, TreeWriter, treeOf } from './tree.js'
import { LAST_HASH_KEY } from './odd-values.js'

/** The trees of the messages, not to be changed. */
export function stock(): (readonly Field[])[] {
  const real = [...kplCaseNames().flatMap((name) => some(loadKplCase(name).records, 12)), ...loadWriterCases().flatMap(({ records }) => some(records, 4))]
  const vectors = loadEdgeVectors().flatMap(({ data }) => (data.length > 20 ? [data.subarray(4, -16)] : []))
  const odd = new OddMessages(new Draw(1))
  return [
    ...real.flatMap(({ data }) => cutUp(treeOf(data.subarray(4, -16)))),
    ...[...vectors, ...Array.from({ length: 300 }, () => odd.next()), ...made()].map(treeOf),
  ]
}

/** Aggregates among the records, spread over all of them. */
function some(records: readonly { readonly data: Buffer }[], count: number): { readonly data: Buffer }[] {
  const aggregates = records.filter(({ data }) => readPlainly(data).kind === 'message')
  return aggregates.filter((_, n) => n % Math.ceil(aggregates.length / count) === 0)
}

/** The first few user records with the first table entries, where these are all that they need. */
function cutUp(message: readonly Field[]): Field[][] {
  const record = 26
  const tables = message.filter(({ tag }) => tag !== record)
  const records = message.filter(({ tag }) => tag === record)
  const cut = [1, 2, 5].flatMap((count) => [12, tables.length].map((entries) => [...tables.slice(0, entries), ...records.slice(0, count)]))
  return cut.filter((fields) => {
    const bytes = new TreeWriter().write(fields)
    return bytes.length < 2000 && weGive({ partitionKey: '', data: framed(bytes) }, 'error') !== MALFORMED
  })
}

function made(): Buffer[] {
  const ada: Member = { partitionKey: 'ada', data: 'first' }
  const bob: Member = { partitionKey: 'bob', data: '', explicitHashKey: '0' }
  const eve: Member = { partitionKey: '水', data: 'x', explicitHashKey: String(LAST_HASH_KEY), tags: [{ key: 'k', value: 'v' }, { key: '' }] }
  const middle: Member = { partitionKey: 'ada', data: 'y', explicitHashKey: String(2n ** 127n) }
  // Tables in which an index takes two bytes.
  const many = Array.from({ length: 140 }, (_, n) => ({ partitionKey: `k${n}`, data: 'z', explicitHashKey: String(n) }))
  return [[ada], [bob], [eve], [ada, bob], [bob, ada, middle], [ada, ada, bob, bob, eve, middle], many].map(messageOf)
}
