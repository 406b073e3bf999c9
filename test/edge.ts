// Hand-made vectors, well-formed and broken, each with the verdict of every real reader.
// Ours is held against the rules of fixtures/reading-rules.ts, for every way to read, and
// docs/verdicts.md, which tells it vector by vector, against what runs.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import t from 'tap'
import { fixturesFolder } from '../fixtures/files.js'
import { expectedOf, withExpected, writeExpected } from '../fixtures/expected.js'
import { type EdgeVector, loadEdgeVectors } from '../fixtures/load.js'
import { outcomeOf } from '../fixtures/outcome.js'
import { readPlainly } from '../fixtures/plain-reader.js'
import { MALFORMED, kclGives, weGive } from '../fixtures/reading-rules.js'
import { rangeOf, seenBy, verdictTables } from '../fixtures/verdicts.js'
import { KplError, deaggregate, decodeAggregate, isAggregated } from '../lib/index.js'

const vectors = loadEdgeVectors()
const ranged = vectors.filter((vector) => rangeOf(vector) !== undefined)

t.test('deaggregate, by default and with what is malformed passed through', (t) => {
  t.equal(vectors.length, 128, 'all vectors are here')
  for (const malformed of ['error', 'passthrough'] as const) {
    t.strictSame(namesWhere((vector) => !isDeepStrictEqual(outcomeOf(() => deaggregate(vector, { malformed })), weGive(vector, malformed))), [], malformed)
  }
  t.end()
})

t.test('deaggregate without a setting is deaggregate with malformed: error', (t) => {
  t.strictSame(namesWhere((vector) => !isDeepStrictEqual(outcomeOf(() => deaggregate(vector)), weGive(vector, 'error'))), [])
  t.end()
})

t.test("deaggregate with the vector's range", (t) => {
  t.equal(ranged.length, 12, 'all vectors with a range')
  const wrong = ranged.filter((vector) => {
    const hashKeyRange = rangeOf(vector)!
    return (['error', 'passthrough'] as const).some((malformed) => {
      const expected = vector.name === 'range-reversed' ? 'ERR_KPL_INVALID_ARGUMENT' : weGive(vector, malformed, hashKeyRange)
      return !isDeepStrictEqual(outcomeOf(() => deaggregate(vector, { malformed, hashKeyRange })), expected)
    })
  })
  t.strictSame(wrong.map(({ name }) => name), [])
  t.end()
})

t.test('decodeAggregate: the user records of a whole aggregate, an error for anything else', (t) => {
  const codes = { 'no frame': 'ERR_KPL_NOT_AGGREGATED', 'wrong digest': 'ERR_KPL_DIGEST_MISMATCH', 'no message': MALFORMED } as const
  const wrong = namesWhere((vector) => {
    const { kind } = readPlainly(vector.data)
    const expected = kind === 'message' ? weGive(vector, 'error') : codes[kind]
    const records = () => decodeAggregate(vector.data).records.map((record, subSequenceNumber) => ({ ...record, subSequenceNumber, aggregated: true }))
    return !isDeepStrictEqual(outcomeOf(records), expected)
  })
  t.strictSame(wrong, [])
  t.end()
})

t.test('isAggregated goes by magic and length alone, for bytes and for base64 alike', (t) => {
  const wrong = namesWhere(({ data }) => {
    const expected = readPlainly(data).kind !== 'no frame'
    return isAggregated(data) !== expected || isAggregated(data.toString('base64')) !== expected
  })
  t.strictSame(wrong, [])
  t.end()
})

t.test('base64 text and bytes give the same', (t) => {
  const wrong = namesWhere((vector) => {
    const text = { ...vector, data: vector.data.toString('base64') }
    return !isDeepStrictEqual(outcomeOf(() => deaggregate(text)), outcomeOf(() => deaggregate(vector)))
  })
  t.strictSame(wrong, [])
  t.end()
})

t.test('an error tells which user record, and where in the data', (t) => {
  const lost = namesWhere((vector) => {
    const error = errorOf(() => [...deaggregate(vector)])
    return error !== undefined && !(error.offset! >= 4 && error.offset! <= vector.data.length - 16 && error.message.includes(`byte ${error.offset}`))
  })
  t.strictSame(lost, [])
  const second = errorOf(() => [...deaggregate(vectors.find(({ name }) => name === 'missing-data-second')!)])
  t.match(second, { code: MALFORMED, subSequenceNumber: 1 })
  t.end()
})

t.test('what is said of the KCL is what the KCL did, version 1.15 as 3.5', (t) => {
  const wrong = namesWhere((vector) => !isDeepStrictEqual(seenBy('kcl3', vector), kclGives(vector, rangeOf(vector))))
  t.strictSame(wrong, [])
  t.strictSame(namesWhere(({ verdicts }) => !isDeepStrictEqual(verdicts.kcl1, verdicts.kcl3)), [])
  t.end()
})

t.test('docs/verdicts.md tells what runs', (t) => {
  const path = join(fixturesFolder, '../docs/verdicts.md')
  const heading = '## Where kpl-codec gives something else'
  const beginning = () => readFileSync(path, 'utf8').split(heading)[0]!
  // To bring the document up to date: WRITE_VERDICTS=1 npx tap .build/test/edge.js, and read what has changed.
  if (process.env.WRITE_VERDICTS !== undefined) writeFileSync(path, beginning() + verdictTables())
  const document = readFileSync(path, 'utf8')
  t.equal(document.slice(beginning().length), verdictTables())
  t.strictSame(namesWhere(({ name }) => document.split(`\n| \`${name}\` |`).length !== 2), [], 'every vector has one row')
  t.end()
})

t.test('the outcomes in fixtures/edge are those of what runs', (t) => {
  // To bring them up to date: WRITE_VERDICTS=1 npx tap .build/test/edge.js, and read what has changed.
  if (process.env.WRITE_VERDICTS !== undefined) writeExpected(vectors)
  const { is, shouldBe } = withExpected(vectors)
  t.equal(is, shouldBe)
  t.strictSame(
    namesWhere((vector) => {
      const { kcl, reason, ranged, ...plain } = expectedOf(vector)
      return reason === undefined && !isDeepStrictEqual(ranged ?? plain, { default: kcl, passthrough: kcl })
    }),
    [],
    'a reason wherever the KCL and kpl-codec part',
  )
  t.end()
})

function namesWhere(isWrong: (vector: EdgeVector) => boolean): string[] {
  return vectors.filter(isWrong).map(({ name }) => name)
}

function errorOf(action: () => unknown): KplError | undefined {
  try {
    action()
    return undefined
  } catch (error) {
    return error as KplError
  }
}
