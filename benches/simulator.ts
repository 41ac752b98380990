import { measureGrowth } from './growth.js'
import { measureThroughput } from './throughput.js'
import { measureTimings } from './timings.js'

const measures = { throughput: measureThroughput, timings: measureTimings, growth: measureGrowth }

/** How fast the simulator is, beside what it can be compared with. Ends with 1 when a limit is missed. */
const asked = process.argv.slice(2)
const kept: boolean[] = []
for (const [name, measure] of Object.entries(measures)) {
  if (asked.length === 0 || asked.includes(name)) kept.push(await measure())
}
process.exitCode = kept.every(Boolean) ? 0 : 1
