import { createSimulator, type Simulator } from '@paywright/simulator'
import { type Database, postgres } from 'paywright'
import { createTestBilling } from 'paywright/testing'
import type Stripe from 'stripe'
import { createRandom } from '../simulation/random.js'
import { type Balancer, startBalancer } from './balancer.js'
import { type Client, createClient } from './client.js'
import { type Consumer, startConsumer } from './consumer.js'
import { type Fleet, startFleet } from './fleet.js'
import { USERS_TABLE } from './messages.js'
import { until } from './until.js'

/** Stripe, a database, and several processes of one product under load. */
export interface Stage {
  readonly simulator: Simulator
  readonly stripe: Stripe
  readonly database: Database
  readonly fleet: Fleet
  readonly balancer: Balancer
  readonly consumer: Consumer
  readonly client: Client
  close(): Promise<void>
}

export interface StageOptions {
  readonly seed: number
  /** Of an empty database: where the processes find it, and where who looks on does. */
  readonly databaseUrl: string
  readonly observerUrl?: string
  readonly program: string
  readonly skews: readonly number[]
  readonly isClockBelieved: boolean
  readonly leaseSeconds: number
  readonly customersEach: number
}

/** Stripe sends each event to each of these, one after the other: so two are under way at once, and each comes twice. */
const ENDPOINTS = ['a', 'b']

/** So many deliveries may be under way or due. */
const MOST_DUE = 40

/** The longest that the processes may take for those, in seconds. */
const LONGEST_JAM = 120

/** Who acts at Stripe at the same time. */
const LANES = 3

export async function createStage(options: StageOptions): Promise<Stage> {
  const { seed, databaseUrl, observerUrl = databaseUrl } = options
  const targets: { fleet: Fleet | null } = { fleet: null }
  const balancer = await startBalancer(() => urlsOf(targets.fleet))
  const consumer = await startConsumer()
  const webhooks = ENDPOINTS.map((name) => ({ url: `${balancer.url}/${name}` }))
  const simulator = await createSimulator({ seed, webhooks })
  const database = postgres({ connectionString: observerUrl, max: 4 })
  const stripe = await prepare(simulator, database)
  const fleet = await startFleet({
    program: options.program,
    skews: options.skews,
    isClockBelieved: options.isClockBelieved,
    order: {
      databaseUrl,
      apiBase: simulator.url,
      secretKey: simulator.secretKey,
      webhookSecrets: simulator.webhookSecrets,
      consumerUrl: consumer.url,
      leaseSeconds: options.leaseSeconds,
    },
  })
  targets.fleet = fleet
  const randoms = Array.from({ length: LANES }, (_none, lane) => createRandom(seed * LANES + lane))
  const hasRoom = (): Promise<void> => lessWaits(simulator)
  const client = await createClient({ stripe, database, randoms, customersEach: options.customersEach, hasRoom })
  return {
    simulator,
    stripe,
    database,
    fleet,
    balancer,
    consumer,
    client,
    close: async () => {
      await fleet.end()
      await simulator.close()
      await Promise.all([balancer.close(), consumer.close(), database.close()])
    },
  }
}

/** The tables and the plans, as whoever deploys the product makes them before its processes start. */
async function prepare(simulator: Simulator, database: Database): Promise<Stripe> {
  await database.exec(`create table ${USERS_TABLE.name} (${USERS_TABLE.id} text primary key)`)
  const { billing, stripe } = createTestBilling({ simulator, database, options: { usersTable: USERS_TABLE } })
  await billing.migrate()
  await billing.catalog.push()
  return stripe
}

function urlsOf(fleet: Fleet | null): readonly string[] {
  return (fleet?.instances ?? []).flatMap((instance) => instance.url() ?? [])
}

async function lessWaits({ deliveries, clock }: Simulator): Promise<void> {
  const due = (): number =>
    deliveries.list({ status: 'pending' }).filter(({ nextAttemptAt: at }) => at !== null && at <= clock.now()).length
  await until(() => due() < MOST_DUE, { seconds: LONGEST_JAM, what: () => `${due()} deliveries became fewer.` })
}
