// npm run chart: the chart and the README's tables anew, from the results of the last whole run.
import { readFileSync } from 'node:fs'
import { saveChart } from './chart.js'
import { saveReadme } from './readme.js'
import type { Results } from './results.js'

const results = JSON.parse(readFileSync(new URL('../results.json', import.meta.url), 'utf8')) as Results
saveChart(results)
saveReadme(results)
