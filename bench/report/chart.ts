/// <reference lib="dom" />
// The chart: who reads and writes how fast where one lane of MD5 is 1, and what a user record costs
// the more there are of something.
import { writeFileSync } from 'node:fs'
import * as Plot from '@observablehq/plot'
import { parseHTML } from 'linkedom'
import type { Point, Results } from './results.js'

const FILE = new URL('../results.svg', import.meta.url)
const SVG = 'http://www.w3.org/2000/svg'
const WIDTH = 960
/** The corpora that differ in the size of user records only. */
const SIZES = ['10', '100', '1100', '40000']
/** Where a stream is bound by the objects that pass through it. */
const OBJECTS_COUNT = ['10', '100']
const COLORS = { domain: ['kpl-codec', 'peers', 'floors'], range: ['#c2410c', '#475569', '#94a3b8'] }

interface Dot {
  readonly size: string
  readonly who: string
  readonly kind: string
  readonly median: number
  readonly min: number
  readonly max: number
}

const { document } = parseHTML('<html><body></body></html>')

export function saveChart(results: Results): void {
  const plots = [
    ratios('Reading', dots(results, 'read')),
    ratios('Writing', dots(results, 'write')),
    ...(results.curves.length > 0 ? [costs(results.curves)] : []),
  ]
  writeFileSync(FILE, `${stacked(plots).outerHTML}\n`)
}

/** By CPU time, as in the budgets. */
function dots({ corpora, peers }: Results, what: string): Dot[] {
  const titles = new Map(peers.map(({ name, title }) => [name, title]))
  const shown = corpora.filter(({ name }) => SIZES.includes(name))
  return shown.flatMap(({ name: size, cases }) =>
    cases.flatMap(({ name, byCpu }) => {
      const [kind, , way] = name.split('/') as [string, string, string]
      const dot = { size: `${size} B`, ...byCpu }
      if (kind === 'floor' && way === 'stream' && OBJECTS_COUNT.includes(size)) return [{ ...dot, who: 'Transform that does nothing', kind: 'floors' }]
      if (kind !== what || way === 'base64') return []
      const title = titles.get(way)
      return [{ ...dot, who: title ?? `kpl-codec, ${way}`, kind: title === undefined ? 'kpl-codec' : 'peers' }]
    }),
  )
}

function ratios(title: string, data: readonly Dot[]): Element {
  const bySpeed = { y: '-x', reduce: 'median' } as const
  const from = Math.floor(Math.log10(Math.min(...data.map(({ min }) => min))))
  const decades = Array.from({ length: 2 - from }, (_, n) => 10 ** (from + n))
  return Plot.plot({
    document,
    width: WIDTH,
    height: 40 + 16 * new Set(data.map(({ who }) => who)).size + 40,
    marginLeft: 260,
    marginTop: 40,
    fx: { domain: SIZES.map((size) => `${size} B`), label: `${title}, by size of the user records`, padding: 0.15 },
    x: { type: 'log', grid: true, label: 'times as fast as one lane of MD5 →', domain: [decades[0], decades.at(-1)], ticks: decades, tickFormat: String },
    y: { label: null, inset: 4 },
    color: COLORS,
    marks: [
      Plot.ruleX([1], { stroke: '#94a3b8' }),
      Plot.ruleY(data, { fx: 'size', y: 'who', x1: 'min', x2: 'max', stroke: 'kind' }),
      Plot.dot(data, { fx: 'size', y: 'who', x: 'median', fill: 'kind', r: 3, sort: bySpeed }),
    ],
  })
}

function costs(points: readonly Point[]): Element {
  const decades = [...new Set(points.map(({ count }) => count))].sort((a, b) => a - b)
  return Plot.plot({
    document,
    width: WIDTH,
    height: 300,
    marginLeft: 60,
    marginRight: 60,
    marginTop: 40,
    fx: { domain: [...new Set(points.map(({ of }) => of))], label: 'What a byte costs, the more there are of something', padding: 0.15 },
    x: { type: 'log', grid: true, label: 'how many there are →', ticks: decades, tickFormat: '~s' },
    y: { type: 'log', grid: true, label: '↑ nanoseconds a byte' },
    color: { domain: ['reading', 'writing'], range: ['#c2410c', '#0f766e'] },
    marks: [
      Plot.lineY(points, { fx: 'of', x: 'count', y: 'nsPerByte', stroke: 'what', marker: true }),
      Plot.text(points, Plot.selectLast({ fx: 'of', x: 'count', y: 'nsPerByte', z: 'what', text: 'what', textAnchor: 'start', dx: 8, fill: 'what' })),
    ],
  })
}

/** One file of several plots, on a ground of its own: a page may be dark. */
function stacked(plots: readonly Element[]): Element {
  const svg = document.createElementNS(SVG, 'svg')
  let height = 0
  for (const plot of plots) {
    plot.setAttribute('y', String(height))
    height += Number(plot.getAttribute('height'))
    svg.append(plot)
  }
  const ground = document.createElementNS(SVG, 'rect')
  for (const [name, value] of Object.entries({ width: '100%', height: '100%', fill: 'white' })) ground.setAttribute(name, value)
  svg.prepend(ground)
  const box = { xmlns: SVG, viewBox: `0 0 ${WIDTH} ${height}`, width: String(WIDTH), height: String(height) }
  for (const [name, value] of Object.entries(box)) svg.setAttribute(name, value)
  return svg
}
