// V8 throws away what it has compiled for a class when a full collection finds no object of it.
import t, { type Test } from 'tap'
import { libUrl, runModule } from '../fixtures/child.js'

/** Runs a function until V8 has compiled it well, and gives the names of those that it does no more hold compiled after `gc()`. */
async function lostIn(t: Test, functions: string, run: string): Promise<unknown> {
  const imports = ['aggregate/aggregate', 'aggregate/grouping', 'aggregate/packer', 'deaggregate/deaggregate', 'format/encoder', 'format/rows', 'wire/reader']
  const { code, stdout, stderr } = await runModule(
    `
    const lib = Object.assign({}, ...await Promise.all(${JSON.stringify(imports)}.map((name) => import(new URL(name + '.js', ${JSON.stringify(libUrl)})))))
    const records = Array.from({ length: 1000 }, (_, n) => ({ partitionKey: 'user-' + n % 20, data: Buffer.alloc(100, n) }))
    const write = () => [...lib.aggregate(records, { groupBy: 'none' })].map(({ Data }) => Data)
    const payloads = write()
    let sum = 0
    const read = () => { for (const { partitionKey, data } of lib.deaggregate(payloads)) sum += partitionKey.length + data.length }
    const getter = (prototype, name) => Object.getOwnPropertyDescriptor(prototype, name).get
    const firstOf = (iterable) => {
      const pass = iterable[Symbol.iterator]()
      return { pass: Object.getPrototypeOf(pass), output: Object.getPrototypeOf(pass.next().value) }
    }
    const functions = ${functions}
    for (let n = 0; n < 300; n++) ${run}()
    // What the bits mean changes from version to version: of a function that was not compiled well it is another number.
    const status = (one) => %GetOptimizationStatus(one)
    const compiled = functions.map(status)
    const notCompiled = status(() => {})
    gc()
    const lost = functions.filter((one, n) => status(one) !== compiled[n])
    console.log(JSON.stringify({ compiled: compiled.every((one) => one !== notCompiled), lost: lost.map(({ name }) => name) }))
    `,
    ['--expose-gc', '--allow-natives-syntax', '--no-concurrent-recompilation'],
  )
  t.equal(code, 0, stderr)
  return JSON.parse(stdout)
}

t.test('what is compiled for reading outlives a full collection between two batches', async (t) => {
  const functions = `(({ pass, output }) => [pass.next, getter(output, 'partitionKey'), getter(output, 'data'), lib.Rows.prototype.readCanonical])(firstOf(lib.deaggregate(payloads)))`
  t.strictSame(await lostIn(t, functions, 'read'), { compiled: true, lost: [] })
})

t.test('what is compiled for writing outlives a full collection between two batches', async (t) => {
  const functions = '[lib.Packer.prototype.put, lib.Grouping.prototype.placeShort, lib.AggregateEncoder.prototype.appendShort]'
  t.strictSame(await lostIn(t, functions, 'write'), { compiled: true, lost: [] })
})
