import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { startLocalPostgres } from 'paywright/testing'
import { run } from './run.js'

const USAGE = `npm run instances -- --for 10m      four processes on one Postgres, killed and stopped under load (s, m or h)
                     --seed <n>     what is drawn; 1 where left out
                     --believed     each goes by its own wrong clock, and none is killed
`

const SECONDS = { s: 1, m: 60, h: 3600 }

/** Their clocks are wrong by so many seconds: as bad as it gets where nobody looks after them. */
const SKEWS = [0, -90, 120, 0]

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      for: { type: 'string' },
      seed: { type: 'string', default: '1' },
      believed: { type: 'boolean', default: false },
    },
  })
  const duration = secondsIn(values.for ?? '')
  if (duration === null || !/^\d+$/.test(values.seed)) {
    process.stdout.write(USAGE)
    return 2
  }
  const server = await startLocalPostgres()
  try {
    const onPhase = (text: string): void => void process.stderr.write(`${text}\n`)
    const end = performance.now() + duration * 1000
    const program = fileURLToPath(new URL('child.js', import.meta.url))
    const options = { seed: Number(values.seed), databaseUrl: await server.createDatabase(), program, skews: SKEWS }
    // Whoever believes a clock that is ahead keeps its leases for as long, so nobody is killed or stopped then.
    const isClockBelieved = values.believed
    const report = await run(
      { ...options, isClockBelieved, isPeaceful: isClockBelieved, leaseSeconds: 3, customersEach: 40, onPhase },
      () => performance.now() > end,
    )
    process.stdout.write(`${JSON.stringify(report, null, 2)}\n`)
    return report.complaints.length === 0 ? 0 : 1
  } finally {
    await server.stop()
  }
}

function secondsIn(text: string): number | null {
  const match = /^(\d+)([smh])$/.exec(text)
  const unit = match?.[2]
  if (match === null || (unit !== 's' && unit !== 'm' && unit !== 'h')) return null
  return Number(match[1]) * SECONDS[unit]
}

process.exitCode = await main()
