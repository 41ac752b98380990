import type { ApiProxy } from './api-proxy.js'
import { installPeers } from './contestants/peer-packages.js'
import { CONTESTANTS, type Contestant } from './contestants/roster.js'
import { startContestant, type Running } from './contestants/running.js'
import { startPostgres, type BenchPostgres } from './postgres.js'
import { createWorld, SECRET_KEY, WEBHOOK_SECRET, type BenchWorld } from './world.js'

/** Stripe, a database server and the contestants, each with an empty database. */
export interface Stage {
  readonly world: BenchWorld
  readonly postgres: BenchPostgres
  readonly contestants: readonly Running[]
  strike(): Promise<void>
}

/** Connections of each pool, the same for all. */
const POOL_SIZE = 10

/** Sets the stage. The catalogue is made by Paywright, and the others are configured with its prices. */
export async function setStage(
  now: number,
  names: readonly string[],
  standBetween?: (world: BenchWorld) => Promise<ApiProxy>,
): Promise<Stage> {
  installPeers()
  const world = await createWorld(now)
  const postgres = await startPostgres()
  const proxy = await standBetween?.(world)
  const contestants: Running[] = []
  const strike = async (): Promise<void> => {
    for (const running of contestants) running.stop()
    proxy?.close()
    await postgres.stop()
    await world.simulator.close()
  }
  try {
    // Paywright goes first in any case, because it makes the catalogue.
    for (const contestant of CONTESTANTS.filter(({ name }) => name === 'paywright' || names.includes(name))) {
      contestants.push(await start(contestant, { world, postgres, apiBase: proxy?.url ?? world.simulator.url }))
    }
  } catch (error) {
    await strike()
    throw error
  }
  return { world, postgres, contestants, strike }
}

async function start(
  contestant: Contestant,
  {
    world,
    postgres,
    apiBase,
  }: { readonly world: BenchWorld; readonly postgres: BenchPostgres; readonly apiBase: string },
): Promise<Running> {
  const databaseUrl = await postgres.createDatabase(contestant.name.replaceAll('-', '_'))
  const access = { secretKey: SECRET_KEY, webhookSecret: WEBHOOK_SECRET, poolSize: POOL_SIZE }
  return startContestant(contestant, { ...access, databaseUrl, apiBase }, world.plans())
}
