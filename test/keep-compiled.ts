// V8 throws away what it has compiled for a class when a full collection finds no object of it.
import t, { type Test } from 'tap'
import { libUrl, runModule } from '../fixtures/child.js'

/** Calls `run` until V8 has compiled `functions`; gives the names of those that it never has, and of those whose code is gone after `gc()`. */
async function lostIn(t: Test, functions: string, run: string): Promise<unknown> {
  const imports = ['aggregate/aggregate', 'aggregate/packer', 'deaggregate/deaggregate', 'format/rows']
  const { code, stdout, stderr } = await runModule(
    `
    const lib = Object.assign({}, ...await Promise.all(${JSON.stringify(imports)}.map((name) => import(new URL(name + '.js', ${JSON.stringify(libUrl)})))))
    const records = Array.from({ length: 1000 }, (_, n) => ({ partitionKey: 'user-' + n % 20, data: Buffer.alloc(100, n) }))
    const write = () => [...lib.aggregate(records, { groupBy: 'none' })].map(({ Data }) => Data)
    let payloads, sum = 0
    const read = () => { for (const { partitionKey, data } of lib.deaggregate(payloads ??= write())) sum += partitionKey.length + data.length }
    const getter = (prototype, name) => Object.getOwnPropertyDescriptor(prototype, name).get
    const firstOf = (iterable) => {
      const pass = iterable[Symbol.iterator]()
      return { pass: Object.getPrototypeOf(pass), output: Object.getPrototypeOf(pass.next().value) }
    }
    const functions = ${functions}
    // What its bits mean differs from version to version: only whether it changes is looked at.
    const statuses = () => functions.map((one) => %GetOptimizationStatus(one))
    const atFirst = statuses()
    for (let n = 0; n < 300; n++) ${run}()
    const compiled = statuses()
    gc()
    const left = statuses()
    const namesWhere = (holds) => functions.filter((_, n) => holds(n)).map(({ name }) => name)
    console.log(JSON.stringify({ notCompiled: namesWhere((n) => compiled[n] === atFirst[n]), lost: namesWhere((n) => left[n] !== compiled[n]) }))
    `,
    ['--expose-gc', '--allow-natives-syntax', '--no-concurrent-recompilation'],
  )
  t.equal(code, 0, stderr)
  return JSON.parse(stdout)
}

t.test('what is compiled for reading outlives a full collection between two batches', async (t) => {
  const functions = `(({ pass, output }) => [pass.next, getter(output, 'partitionKey'), getter(output, 'data'), lib.Rows.prototype.readCanonical])(firstOf(lib.deaggregate(payloads ??= write())))`
  t.strictSame(await lostIn(t, functions, 'read'), { notCompiled: [], lost: [] })
})

t.test('what is compiled for writing outlives a full collection between two batches', async (t) => {
  const functions = '[lib.Packer.prototype.put]'
  t.strictSame(await lostIn(t, functions, 'write'), { notCompiled: [], lost: [] })
})
