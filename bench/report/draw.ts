// npm run chart: the chart anew, from the results of the last whole run.
import { readFileSync } from 'node:fs'
import { saveChart } from './chart.js'
import type { Results } from './results.js'

saveChart(JSON.parse(readFileSync(new URL('../results.json', import.meta.url), 'utf8')) as Results)
