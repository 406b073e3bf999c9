import { readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import t from 'tap'
import ts from 'typescript'
import { reachesOf } from '../fixtures/reach.js'

// What cannot be reached from the library's code, an input cannot reach: no file, no network, no process;
// no code and no regular expression is made at run time; nothing is assigned by a name.

const MODULES = ['node:crypto', 'node:stream']
const options: ts.CompilerOptions = { target: ts.ScriptTarget.ESNext, module: ts.ModuleKind.NodeNext, types: ['node'], strict: true, noEmit: true }

t.test('all but the command line uses node:crypto and node:stream, and makes no code and no regular expression', (t) => {
  const names = readdirSync('lib', { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts') && !name.startsWith('cli/'))
  const program = ts.createProgram(names.map((name) => resolve('lib', name)), options)
  const files = names.map((name) => program.getSourceFile(resolve('lib', name))!)
  t.ok(files.length > 40 && files.every((file) => file !== undefined), `${files.length} files`)
  t.same(reachesOf(program, files, MODULES), [])
  t.end()
})

t.test('each of these would be seen', (t) => {
  const lines = [
    "import { readFileSync } from 'node:fs'",
    "export { request } from 'node:http'",
    "await import('node:net')",
    "require('x')",
    'new RegExp(text)',
    'RegExp(text)',
    'text.match(text)',
    'text.search(text)',
    "eval('text')",
    "new Function('text')",
    "(() => {}).constructor('text')",
    "globalThis['eval']",
    "process.getBuiltinModule('fs')",
    'table[text] = 1',
    'table[text] += 1',
    'table.__proto__ = {}',
    'Reflect.set(table, text, 1)',
  ]
  const harmless = ['import { hash } from "node:crypto"', 'import "./other.js"', 'list[5] = 1', '/a/.exec(text)', 'export type F = Function', 'const f = (g: Function | RegExp) => g', 'table[text]']
  const head = 'declare const text: string, table: Record<string, number>, list: number[]'
  const source = [head, ...lines, ...harmless].join(';\n')
  const host = ts.createCompilerHost(options)
  const { getSourceFile } = host
  host.getSourceFile = (name, target) => (name === '/odd.ts' ? ts.createSourceFile(name, source, target, true) : getSourceFile(name, target))
  const program = ts.createProgram(['/odd.ts'], options, host)
  const seen = reachesOf(program, [program.getSourceFile('/odd.ts')!], MODULES)
  t.same([...new Set(seen.map((line) => line.split(': ')[0]))], lines.map((_, n) => `odd.ts:${n + 2}`), 'all of these lines, and no other')
  t.end()
})
