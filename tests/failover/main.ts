import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { drill, type DrillReport } from './drill.js'
import { findPrograms } from './programs.js'

const USAGE = `npm run drill                 loses the primary of a Patroni cluster under load, and looks for what was lost
  --via reload|hosts          one pgbouncer that is turned to the new primary, or one for each node; reload where left out
  --seed <n>                  what the load is drawn from; 1 where left out
  --keep                      keeps the logs
`

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      via: { type: 'string', default: 'reload' },
      seed: { type: 'string', default: '1' },
      keep: { type: 'boolean', default: false },
    },
  })
  const { via: way } = values
  if ((way !== 'reload' && way !== 'hosts') || !/^\d+$/.test(values.seed)) {
    say(USAGE)
    return 2
  }
  const programs = findPrograms()
  if ('missing' in programs) {
    say(programs.missing)
    return 2
  }
  const folder = mkdtempSync(join(tmpdir(), 'paywright-drill-'))
  try {
    const program = fileURLToPath(new URL('../instances/child.js', import.meta.url))
    const report = await drill({ folder, programs, program, way, seed: Number(values.seed), say })
    tell(report)
    return report.complaints.length === 0 ? 0 : 1
  } finally {
    if (values.keep) say(`The logs are in ${folder}.`)
    else rmSync(folder, { recursive: true, force: true })
  }
}

function tell({ acknowledged, lost, wrongRows, effects, answers, complaints }: DrillReport): void {
  say(`Acknowledged events: ${acknowledged}, of which lost: ${lost}. Wrong rows: ${wrongRows}. Effects: ${effects}.`)
  say(`Answers by status (0: none): ${JSON.stringify(answers)}`)
  for (const complaint of complaints) say(`  ${complaint}`)
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

process.exitCode = await main()
