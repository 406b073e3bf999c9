// Names the entry points as users import them, leaves out what streams override for themselves, and sets links right.
import { Converter, PageEvent, ReflectionKind } from 'typedoc'

const NAMES = { index: 'kpl-codec', lambda: 'kpl-codec/lambda' }
/** Node.js documents them; ours are called as they are. */
const OF_STREAMS = /^_|^read$|^write$|^\[asyncIterator\]$/

/** @param {import('typedoc').Application} app */
export function load({ converter, renderer }) {
  converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const module of project.children ?? []) module.name = NAMES[module.name] ?? module.name
    const methods = project.getReflectionsByKind(ReflectionKind.Method)
    for (const method of methods) if (OF_STREAMS.test(method.name)) project.removeReflection(method)
  })
  // Where a class and a type begin alike, the plugin numbers the links to the type, though not two headings are the same.
  renderer.on(PageEvent.END, (page) => {
    const headings = [...page.contents.matchAll(/^#+ (\w+)$/gm)].map(([, name]) => name.toLowerCase())
    page.contents = page.contents.replace(/\(#(\w+)-1\)/g, (link, name) => (headings.filter((heading) => heading === name).length === 1 ? `(#${name})` : link))
  })
}
