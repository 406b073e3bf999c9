// Names the entry points as users import them, and leaves out what streams override for themselves.
import { Converter, ReflectionKind } from 'typedoc'

const NAMES = { index: 'kpl-codec', lambda: 'kpl-codec/lambda' }
/** Node.js documents them; ours are called as they are. */
const OF_STREAMS = /^_|^read$|^write$|^\[asyncIterator\]$/

/** @param {import('typedoc').Application} app */
export function load({ converter }) {
  converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const module of project.children ?? []) module.name = NAMES[module.name] ?? module.name
    const methods = project.getReflectionsByKind(ReflectionKind.Method)
    for (const method of methods) if (OF_STREAMS.test(method.name)) project.removeReflection(method)
  })
}
