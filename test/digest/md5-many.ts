import { hash } from 'node:crypto'
import t from 'tap'
import { md5Many } from '../../lib/digest/md5-many.js'
import { libUrl, runModule } from '../../fixtures/child.js'

// Messages are digested side by side once that pays; before, and where it cannot be, one by one.

const MIB = 2 ** 20
const url = (name: string) => JSON.stringify(new URL(name, libUrl).href)

/** What a process of its own finds: `report` of what the code puts into it. */
async function inProcess(code: string, flags: string[] = []): Promise<unknown> {
  const result = await runModule(
    `
    import crypto from 'node:crypto'
    import { syncBuiltinESMExports } from 'node:module'
    const MIB = 2 ** 20
    const digestOf = crypto.hash
    let oneByOne = 0
    crypto.hash = (...of) => (oneByOne++, digestOf(...of))
    syncBuiltinESMExports()
    /** How often WebAssembly was asked for a module. */
    let asked = 0
    /** What \`WebAssembly\` is to this process; \`make\` runs where a module is asked for. */
    const replace = (make) => {
      const { Module } = WebAssembly
      WebAssembly.Module = new Proxy(Module, { construct: (_, args) => (asked++, make(Module, args)) })
    }
    const report = []
    let md5Many
    const load = async () => { ({ md5Many } = await import(${url('digest/md5-many.js')})) }
    /** Digests messages of these lengths, and reports how: whether they are right, how many one by one, how often a module was asked for in all. */
    const digest = (...lengths) => {
      const messages = lengths.map((length, n) => Buffer.alloc(length, n + 1))
      oneByOne = 0
      const digests = md5Many(messages)
      const isRight = digests.equals(Buffer.concat(messages.map((message) => digestOf('md5', message, 'buffer'))))
      report.push([isRight, oneByOne, asked])
    }
    ${code}
    console.log(JSON.stringify(report))
    `,
    flags,
  )
  if (result.code !== 0) throw new Error(result.stderr)
  return JSON.parse(result.stdout)
}
const counted = 'replace((Module, args) => new Module(...args)); await load();'

t.test('one, or one beside which there is little, is digested one by one, however long', async (t) => {
  const digests = 'digest(); digest(5); digest(9 * MIB); digest(10 * MIB, 3 * MIB, 3 * MIB - 600); digest(5 * MIB, 3 * MIB - 300); digest(1, 9 * MIB, ...Array(98).fill(1000))'
  t.same(await inProcess(`${counted} ${digests}`), [[true, 0, 0], [true, 1, 0], [true, 1, 0], [true, 3, 0], [true, 2, 0], [true, 100, 0]])
  const warm = 'digest(MIB, MIB, MIB, 1); report.shift()'
  t.same(await inProcess(`${counted} ${warm}; digest(10_000, 5_700); digest(10_000, 5_701); digest(0, 10_000, 5_400); digest(5_401, 0, 10_000); digest(5)`), [
    [true, 2, 1], [true, 0, 1], [true, 3, 1], [true, 0, 1], [true, 1, 1],
  ])
  t.same(await inProcess(`${counted} ${warm}; digest(0, 0); digest(500, 1); digest(502, 1); digest(2000, ...Array(15).fill(0))`), [
    [true, 0, 1], [true, 0, 1], [true, 2, 1], [true, 0, 1],
  ], 'a call for each has a price of its own')
})

t.test('several, until 3 MiB of them have gone by', async (t) => {
  const digests = 'digest(MIB, MIB, MIB); digest(0, 0, 0); digest(1, 1, 1); digest(1, 2, 3, 4); digest(1, 2); digest(7, 8, 9)'
  const found = (await inProcess(`${counted} ${digests}`)) as unknown[][]
  t.same(found.map(([isRight, , asked]) => [isRight, asked]), [[true, 0], [true, 0], [true, 1], [true, 1], [true, 1], [true, 1]], 'three bytes more')
  t.same(found.map(([, oneByOne]) => oneByOne).filter((_, n) => n !== 2), [3, 3, 0, 0, 0], 'from then on they are digested side by side')
  t.same(await inProcess(`${counted} digest(MIB, MIB, MIB, 1); report.shift(); digest(3, 2, 1)`), [[true, 0, 1]], 'all at once')
})

t.test('what is digested one by one for there is too little beside it does not count', async (t) => {
  t.same(await inProcess(`${counted} digest(4 * MIB); digest(4 * MIB, 2 * MIB); digest(1, 2, 3)`), [[true, 1, 0], [true, 2, 0], [true, 3, 0]])
})

const without: [name: string, code: string, asked: number, flags?: string[]][] = [
  ['under --jitless', '', 0, ['--jitless']],
  ['where WebAssembly is deleted', 'delete globalThis.WebAssembly;', 0],
  ['where a module cannot be made', 'replace(() => { throw new WebAssembly.CompileError("no vectors") });', 1],
  ['where making a module throws what is no Error', 'replace(() => { throw undefined });', 1],
  ['where sines are not exact', 'replace((Module, args) => new Module(...args)); Math.sin = () => 0.5;', 1],
  ['where a module has no instance', 'replace((Module, args) => new Module(...args)); WebAssembly.Instance = class { constructor() { throw new RangeError("no memory") } };', 1],
]

for (const [name, code, asked, flags] of without) {
  t.test(`${name} all are digested one by one, and it is not asked for again`, async (t) => {
    const found = await inProcess(`${code} await load(); digest(1, 2, 3); for (let n = 0; n < 4; n++) digest(2 * MIB, 2 * MIB, n); digest(4, 5, 6, 7)`, flags)
    t.same(found, [[true, 3, 0], ...Array.from({ length: 4 }, () => [true, 3, asked]), [true, 4, asked]])
  })
}

t.test('loading it asks for no WebAssembly, nor does a program that reads and writes little', async (t) => {
  const code = `
    replace((Module, args) => new Module(...args))
    const { aggregate, deaggregate } = await import(${url('index.js')})
    const records = Array.from({ length: 500 }, (_, n) => ({ partitionKey: String(n % 50), data: 'x'.repeat(1000) }))
    report.push([...deaggregate([...aggregate(records)])].length, asked)
  `
  t.same(await inProcess(code), [500, 0])
  t.same(await inProcess(code.replace('1000', '10_000')), [500, 1], 'much is read and written with it')
})

t.test('a program reads and writes the same without it', async (t) => {
  const code = `
    const { aggregate, deaggregate } = await import(${url('index.js')})
    const records = Array.from({ length: 200 }, (_, n) => ({ partitionKey: String(n % 50), data: String(n).repeat(5_000) }))
    const entries = [...aggregate(records)]
    const read = deaggregate(entries, { digestMismatch: 'error' })
    report.push(entries.map((entry) => digestOf('md5', entry.Data)), Array.from(read, (record) => [record.partitionKey, digestOf('md5', record.data)]))
  `
  const withIt = await inProcess(code)
  t.same(await inProcess(code, ['--jitless']), withIt)
  t.equal((withIt as unknown[][])[1]!.length, 200)
})

t.test('the digests are in the order of the messages, before and after', (t) => {
  for (const size of [10, MIB, MIB, 10]) {
    const messages = Array.from({ length: 6 }, (_, n) => Buffer.alloc(size + n, n))
    const expected = messages.map((message) => hash('md5', message))
    const digests = md5Many(messages)
    t.same(messages.map((_, n) => digests.toString('hex', 16 * n, 16 * n + 16)), expected)
    t.equal(digests.length, 96)
  }
  t.end()
})
