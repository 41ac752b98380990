import type { Adapter, BenchPlan, Setup } from './contract.js'
import { importPeer, peerStripe, requirePeer } from './peer-packages.js'
import { nothing } from './contract.js'

/** As its README sets it up; it makes two pools of its own, of pg's default size. */
export async function createNoWebhooks(
  setup: Setup,
  plans: readonly BenchPlan[],
): Promise<Adapter & { close(): Promise<void> }> {
  const { databaseUrl, secretKey, webhookSecret } = setup
  const { Billing } = await importPeer('stripe-no-webhooks')
  const { migrate } = await requirePeer('./node_modules/stripe-no-webhooks/bin/commands/migrate.js')
  const stripe = await peerStripe(setup)
  const billing = new Billing({
    stripeSecretKey: secretKey,
    stripeWebhookSecret: webhookSecret,
    databaseUrl,
    successUrl: 'https://app.example',
    cancelUrl: 'https://app.example',
    billingConfig: { test: { plans: plans.map(toPlan) }, production: { plans: [] } },
    _stripeClient: stripe,
  })
  billing.sync.stripe = stripe
  return {
    migrate: async () => {
      const { success } = await quietly(() => migrate(databaseUrl, { exitOnError: false }))
      if (!success) throw new Error('stripe-no-webhooks could not migrate.')
    },
    introduce: async (customers) => {
      await billing.pool.query(
        `insert into stripe.user_stripe_customer_map (user_id, stripe_customer_id)
         select "customerId", "stripeCustomerId"
         from json_to_recordset($1::json) as customer("customerId" text, "stripeCustomerId" text)`,
        [JSON.stringify(customers)],
      )
    },
    handle: billing.createHandler(),
    settle: nothing,
    // What its command `backfill` does.
    backfill: async () => void (await billing.sync.syncBackfill({ object: 'all' })),
    access: (userId) => billing.subscriptions.get({ userId }),
    close: async () => {
      await billing.pool.end()
      await billing.sync.postgresClient.pool.end()
    },
  }
}

/** Its command tells on the console how it goes on. */
async function quietly<Result>(work: () => Promise<Result>): Promise<Result> {
  const { log } = console
  console.log = () => undefined
  try {
    return await work()
  } finally {
    console.log = log
  }
}

function toPlan({ name, amount, stripePriceId }: BenchPlan): object {
  return { id: name, name, price: [{ id: stripePriceId, amount, currency: 'usd', interval: 'month' }] }
}
