import { join } from 'node:path'
import { go } from '../../../fixtures/toolchain.js'
import { Child } from './child.js'

/** A program among those in go/. */
export function goChild(name: string): Child {
  return new Child(go, (out) => [join(out, name)])
}
