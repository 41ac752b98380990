import type { Adapter, BenchPlan, Setup } from './contract.js'
import { nothing } from './contract.js'
import { API_VERSION, peerStripe, requirePeer } from './peer-packages.js'

const SCHEMA = 'stripe'

/** As its README sets it up; the pool is its own. */
export async function createSyncEngine(setup: Setup, _plans: readonly BenchPlan[]): Promise<Adapter> {
  const { databaseUrl, poolSize, secretKey, webhookSecret } = setup
  const { StripeSync, runMigrations } = await requirePeer('@supabase/stripe-sync-engine')
  const sync = new StripeSync({
    schema: SCHEMA,
    stripeSecretKey: secretKey,
    stripeWebhookSecret: webhookSecret,
    stripeApiVersion: API_VERSION,
    poolConfig: { connectionString: databaseUrl, max: poolSize },
  })
  sync.stripe = await peerStripe(setup)
  return {
    migrate: () => runMigrations({ databaseUrl, schema: SCHEMA }),
    introduce: nothing,
    handle: async (request) => {
      await sync.processWebhook(await request.text(), request.headers.get('stripe-signature') ?? '')
      return Response.json({ received: true })
    },
    settle: nothing,
    backfill: async () => void (await sync.syncBackfill({ object: 'all' })),
    access: null,
  }
}
