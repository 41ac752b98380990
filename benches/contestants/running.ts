import { fileURLToPath } from 'node:url'
import { serve, stop, type Served } from '../processes.js'
import type { BenchCustomer, BenchPlan, Setup } from './contract.js'
import type { Contestant } from './roster.js'

/** A contestant in its own process with its own database. */
export interface Running {
  readonly contestant: Contestant
  readonly databaseUrl: string
  readonly port: number
  /** How often its process has ended by itself; each time it was started again. */
  crashes(): number
  introduce(customers: readonly BenchCustomer[]): Promise<void>
  settle(): Promise<void>
  backfill(): Promise<void>
  stop(): void
}

const CHILD = fileURLToPath(new URL('child.js', import.meta.url))

const MOST_CRASHES = 50

export async function startContestant(
  contestant: Contestant,
  options: Omit<Setup, 'name' | 'port'>,
  plans: readonly BenchPlan[],
): Promise<Running> {
  let crashes = 0
  let isStopping = false
  let served: Served
  const launch = async (port: number): Promise<Served> => {
    const setup: Setup = { ...options, name: contestant.name, port }
    const started = await serve({
      command: process.execPath,
      args: [CHILD],
      input: `${JSON.stringify({ setup, plans })}\n`,
      port: /127\.0\.0\.1:(\d+)/,
      isQuiet: process.env['BENCH_VERBOSE'] === undefined,
      env: { NODE_ENV: 'production' },
    })
    started.child.once('exit', () => void restart(started.port))
    return started
  }
  // As whatever runs it in production would.
  const restart = async (port: number): Promise<void> => {
    if (isStopping) return
    crashes += 1
    if (crashes > MOST_CRASHES) throw new Error(`${contestant.label} does not stay up.`)
    served = await launch(port)
  }
  served = await launch(0)
  const { port } = served
  const ask = (verb: string, body?: unknown): Promise<void> => askOf({ port, verb, label: contestant.label }, body)
  await ask('migrate')
  return {
    contestant,
    databaseUrl: options.databaseUrl,
    port,
    crashes: () => crashes,
    introduce: (customers) => ask('introduce', customers),
    settle: () => ask('settle'),
    backfill: () => ask('backfill'),
    stop: () => {
      isStopping = true
      stop(served)
    },
  }
}

async function askOf(
  { port, verb, label }: { readonly port: number; readonly verb: string; readonly label: string },
  body: unknown,
): Promise<void> {
  const response = await fetch(`http://127.0.0.1:${port}/_bench/${verb}`, {
    method: 'POST',
    body: JSON.stringify(body ?? null),
  })
  if (response.status !== 204) throw new Error(`${label} could not ${verb}: ${await response.text()}`)
}
