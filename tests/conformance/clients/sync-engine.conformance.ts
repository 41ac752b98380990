import type { Simulator } from '@paywright/simulator'
import { type LocalPostgres, startEmbeddedPostgres } from 'paywright/testing'
import Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadSyncEngine, type StripeSync } from './sync-engine.js'
import { walkedWorld } from './walked-world.js'

const SCHEMA = 'stripe'
const SECRET = 'whsec_sync_engine'

/** The engine's tables, and the simulator's own of the same things. */
const TABLES = {
  products: 'products',
  prices: 'prices',
  customers: 'customers',
  subscriptions: 'subscriptions',
  subscription_schedules: 'subscription_schedules',
  invoices: 'invoices',
  charges: 'charges',
  setup_intents: 'setup_intents',
  payment_intents: 'payment_intents',
  credit_notes: 'credit_notes',
  disputes: 'disputes',
  refunds: 'refunds',
  checkout_sessions: 'checkout_sessions',
} as const

let simulator: Simulator
let postgres: LocalPostgres
let sync: StripeSync
/** When each connection of the engine's pool is closed, which is later than the pool itself says it is. */
const connections: Promise<void>[] = []

beforeAll(async () => {
  const engine = await loadSyncEngine()
  simulator = await walkedWorld()
  postgres = await startEmbeddedPostgres()
  const connectionString = await postgres.createDatabase()
  await engine.runMigrations({ databaseUrl: connectionString, schema: SCHEMA })
  sync = new engine.StripeSync({
    schema: SCHEMA,
    stripeSecretKey: simulator.secretKey,
    stripeWebhookSecret: SECRET,
    poolConfig: { connectionString, max: 4 },
    backfillRelatedEntities: true,
    autoExpandLists: true,
  })
  sync.postgresClient.pool.on('connect', (client) => {
    connections.push(new Promise((resolve) => client.once('end', resolve)))
  })
  const { host, port } = simulator
  sync.stripe = new Stripe(simulator.secretKey, { host, port, protocol: 'http', maxNetworkRetries: 0 })
})

afterAll(async () => {
  await sync.postgresClient.close()
  await Promise.all(connections)
  await postgres.stop()
  await simulator.close()
})

describe('@supabase/stripe-sync-engine', () => {
  test('reads everything there is', async () => {
    const synced = await sync.syncBackfill({ object: 'all' })
    expect(Object.values(synced).every((part) => part.synced >= 0)).toBe(true)
    for (const [table, own] of Object.entries(TABLES)) expect([table, await idsIn(table)]).toEqual([table, listed(own)])
  })

  test('takes every event that it knows, as it is delivered', async () => {
    const { events, refused } = await deliverAll()
    expect(events).toBeGreaterThan(100)
    expect(refused.filter((problem) => !/Unhandled webhook event/.test(problem))).toEqual([])
  })
})

async function idsIn(table: string): Promise<readonly string[]> {
  const { rows } = await sync.postgresClient.query(`select id from "${SCHEMA}"."${table}"`)
  return rows.map(({ id }) => String(id)).toSorted()
}

/** What the simulator lists of its own records. */
function listed(table: (typeof TABLES)[keyof typeof TABLES]): readonly string[] {
  return simulator.world
    .view()
    .all(table)
    .map(({ id }) => id)
    .toSorted()
}

async function deliverAll(): Promise<{ events: number; refused: readonly string[] }> {
  const refused: string[] = []
  let events = 0
  for await (const event of sync.stripe.events.list({ limit: 100 })) {
    const payload = JSON.stringify(event)
    const header = sync.stripe.webhooks.generateTestHeaderString({ payload, secret: SECRET })
    events += 1
    try {
      await sync.processWebhook(payload, header)
    } catch (error) {
      refused.push(`${event.type} ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  return { events, refused }
}
