// Four bundlers, each asked for the same: one minified ES module for Node.js.
import commonjs from '@rollup/plugin-commonjs'
import json from '@rollup/plugin-json'
import nodeResolve from '@rollup/plugin-node-resolve'
import terser from '@rollup/plugin-terser'
import * as esbuild from 'esbuild'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { rollup } from 'rollup'
import { build as viteBuild } from 'vite'
import webpack from 'webpack'

/** Bundles a module into a file; what it holds. */
export type Bundler = (entry: string, file: string) => Promise<Buffer>

const isBuiltIn = (id: string) => id.startsWith('node:')

export const bundlers: Record<string, Bundler> = {
  async esbuild(entry, file) {
    await esbuild.build({ entryPoints: [entry], outfile: file, bundle: true, minify: true, format: 'esm', platform: 'node', target: 'node20' })
    return readFileSync(file)
  },

  async rollup(entry, file) {
    const bundle = await rollup({ input: entry, external: isBuiltIn, logLevel: 'silent', plugins: [nodeResolve({ preferBuiltins: true }), json(), commonjs(), terser({ module: true })] })
    await bundle.write({ file, format: 'esm', inlineDynamicImports: true })
    await bundle.close()
    return readFileSync(file)
  },

  async webpack(entry, file) {
    const stats = await new Promise<webpack.Stats | undefined>((resolve, reject) => {
      const output = { path: join(file, '..'), filename: file.split('/').at(-1)!, library: { type: 'module' }, module: true, chunkFormat: 'module' as const }
      const options: webpack.Configuration = { mode: 'production', target: 'node20', entry, output, experiments: { outputModule: true } }
      webpack(options, (error, stats) => (error ? reject(error) : resolve(stats)))
    })
    if (stats?.hasErrors()) throw new Error(stats.toString('errors-only'))
    return readFileSync(file)
  },

  async vite(entry, file) {
    const output = { entryFileNames: file.split('/').at(-1)! }
    const build = { ssr: entry, outDir: join(file, '..'), emptyOutDir: false, target: 'node20', minify: true, rolldownOptions: { output } }
    await viteBuild({ configFile: false, logLevel: 'error', root: join(file, '..'), ssr: { noExternal: true }, build })
    return readFileSync(file)
  },
}
