import { createBilling, definePlans, postgres } from 'paywright'
import type { Adapter, BenchPlan, Setup } from './contract.js'

const PLANS = definePlans({
  free: { name: 'Free', features: {} },
  pro: { name: 'Pro', features: {}, prices: { month: { amount: 2000, currency: 'usd' } } },
  team: { name: 'Team', features: {}, prices: { month: { amount: 4900, currency: 'usd' } } },
})

/** As on a server: the worker runs in the process that takes the webhooks. */
export async function createPaywright(setup: Setup, _plans: readonly BenchPlan[]): Promise<Adapter> {
  const { databaseUrl, poolSize, secretKey, webhookSecret, apiBase } = setup
  const billing = createBilling({
    database: postgres({ connectionString: databaseUrl, max: poolSize }),
    stripe: { secretKey, webhookSecrets: [webhookSecret], apiBase },
    plans: PLANS,
    identify: () => null,
    baseUrl: 'https://app.example',
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
  })
  return {
    migrate: async () => {
      await billing.migrate()
      await billing.catalog.push()
      billing.start()
    },
    // The link stands in the metadata of the customers at Stripe.
    introduce: () => Promise.resolve(),
    handle: billing.handler,
    settle: async () => {
      // What failed is tried again after a while, and what was in hand when the database went away when its lease ends.
      while ((await billing.health()).waiting > 0) await billing.work()
    },
    backfill: async () => void (await billing.backfill({ concurrency: 8 })),
    access: billing.access,
  }
}
