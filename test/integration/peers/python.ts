import { join } from 'node:path'
import { python } from '../../../fixtures/toolchain.js'
import { Child } from './child.js'

/** A program among those in python/. */
export function pythonChild(name: string): Child {
  return new Child(python, (out) => [join(out, 'bin', 'python'), '-B', join(import.meta.dirname, 'python', `${name}.py`)])
}
