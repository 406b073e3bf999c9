import { delimiter, join } from 'node:path'
import { java } from '../../../fixtures/toolchain.js'
import { Child } from './child.js'

/** A program among those in java/: a module of the name, and its class. */
export function javaChild(module: string, main: string): Child {
  return new Child(java, (out) => {
    const classpath = [module, 'parts'].map((name) => join(out, name, 'peer.jar')).concat(join(out, module, 'dependencies', '*'))
    return ['java', '-Dfile.encoding=UTF-8', '-Xmx2g', '-cp', classpath.join(delimiter), `peers.${main}`]
  })
}
