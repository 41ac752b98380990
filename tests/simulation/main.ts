import { execFileSync } from 'node:child_process'
import { parseArgs } from 'node:util'
import { addFaults, type FaultCounts, noFaults } from './faults.js'
import { createGround, type Ground } from './ground.js'
import { runSeed, type RunReport } from './run-seed.js'

const USAGE = `npm run sim -- <seed>            one run, with its last steps
npm run sim -- --for 10m         as many runs as fit into the time (s, m or h)
                --from <seed>    beginning with this seed; 1 where left out
`

/** After so many seeds that failed there is enough to look at. */
const ENOUGH_FAILURES = 5

const SECONDS = { s: 1, m: 60, h: 3600 }

interface Total {
  readonly seeds: number
  readonly steps: number
  readonly faults: FaultCounts
  readonly failed: readonly number[]
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { for: { type: 'string' }, from: { type: 'string', default: '1' } },
  })
  const [seed] = positionals
  const duration = values.for === undefined ? null : secondsIn(values.for)
  if ((seed === undefined) === (duration === null) || !/^\d+$/.test(seed ?? values.from)) {
    say(USAGE)
    return 2
  }
  const ground = await createGround()
  try {
    if (duration !== null) return await runLong(ground, { duration, from: Number(values.from) })
    return await runOne(ground, Number(seed))
  } finally {
    await ground.close()
  }
}

async function runOne(ground: Ground, seed: number): Promise<number> {
  const report = await runSeed(ground, seed)
  say(`${report.lastSteps.join('\n')}\n`)
  if (report.complaints.length > 0) tellFailure(report)
  else say(`Seed ${seed} is well after ${report.steps} steps (${report.digest}).\n`)
  say(faultTable(report.faults))
  return report.complaints.length > 0 ? 1 : 0
}

async function runLong(ground: Ground, { duration, from }: { duration: number; from: number }): Promise<number> {
  const end = performance.now() + duration * 1000
  let total: Total = { seeds: 0, steps: 0, faults: noFaults(), failed: [] }
  for (let seed = from; performance.now() < end && total.failed.length < ENOUGH_FAILURES; seed += 1) {
    const report = await runSeed(ground, seed)
    if (report.complaints.length > 0) tellFailure(report)
    total = {
      seeds: total.seeds + 1,
      steps: total.steps + report.steps,
      faults: addFaults(total.faults, report.faults),
      failed: report.complaints.length > 0 ? [...total.failed, seed] : total.failed,
    }
    if (total.seeds % 100 === 0) say(`${total.seeds} seeds, ${total.failed.length} failed\n`)
  }
  say(`${total.seeds} seeds from ${from} on, ${total.steps} steps, failed: ${total.failed.join(', ') || 'none'}\n`)
  say(faultTable(total.faults))
  return total.failed.length > 0 ? 1 : 0
}

function tellFailure({ seed, complaints, digest }: RunReport): void {
  say(`\nSeed ${seed} failed at commit ${commit()} (${digest}); again with: npm run sim -- ${seed}\n`)
  for (const complaint of complaints) say(`  ${complaint}\n`)
}

function faultTable(faults: FaultCounts): string {
  return Object.entries(faults)
    .map(([kind, count]) => `${String(count).padStart(9)}  ${kind}\n`)
    .join('')
}

function commit(): string {
  try {
    const git = (...words: string[]): string => execFileSync('git', words, { encoding: 'utf8' }).trim()
    const isChanged = git('status', '--porcelain', '--untracked-files=no') !== ''
    return `${git('rev-parse', '--short', 'HEAD')}${isChanged ? ' with changes' : ''}`
  } catch {
    // Outside a checkout the seed alone has to do.
    return 'unknown'
  }
}

function secondsIn(text: string): number | null {
  const match = /^(\d+)([smh])$/.exec(text)
  const unit = match?.[2]
  if (match === null || (unit !== 's' && unit !== 'm' && unit !== 'h')) return null
  return Number(match[1]) * SECONDS[unit]
}

function say(text: string): void {
  process.stdout.write(text)
}

process.exitCode = await main()
