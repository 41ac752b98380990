import { randomBytes } from 'node:crypto'
import type { Adapter, BenchCustomer, BenchPlan, Setup } from './contract.js'
import { noBackfill, nothing } from './contract.js'
import { importPeer, peerPool, peerStripe, type Pool } from './peer-packages.js'

/** As its page on the Stripe plugin sets it up, on Postgres by its own adapter. */
export async function createBetterAuth(setup: Setup, plans: readonly BenchPlan[]): Promise<Adapter> {
  const { betterAuth } = await importPeer('better-auth')
  const { stripe } = await importPeer('@better-auth/stripe')
  const { getMigrations } = await importPeer('better-auth/db/migration')
  const pool = await peerPool(setup)
  const auth = betterAuth({
    database: pool,
    secret: randomBytes(32).toString('hex'),
    baseURL: 'https://app.example',
    telemetry: { enabled: false },
    logger: { disabled: true },
    rateLimit: { enabled: false },
    emailAndPassword: { enabled: true },
    plugins: [
      stripe({
        stripeClient: await peerStripe(setup),
        stripeWebhookSecret: setup.webhookSecret,
        createCustomerOnSignUp: true,
        subscription: {
          enabled: true,
          plans: plans.map(({ name, stripePriceId }) => ({ name, priceId: stripePriceId })),
        },
      }),
    ],
  })
  return {
    migrate: async () => (await getMigrations(auth.options)).runMigrations(),
    introduce: (customers) => addUsers(pool, customers),
    handle: auth.handler,
    settle: nothing,
    backfill: noBackfill,
    access: null,
  }
}

/** What signing up leaves behind, without the hashing of a password for each. */
async function addUsers(pool: Pool, customers: readonly BenchCustomer[]): Promise<void> {
  await pool.query(
    `insert into "user" (id, name, email, "emailVerified", "createdAt", "updatedAt", "stripeCustomerId")
     select "customerId", "customerId", "customerId" || '@customer.example', true, now(), now(), "stripeCustomerId"
     from json_to_recordset($1::json) as customer("customerId" text, "stripeCustomerId" text)`,
    [JSON.stringify(customers)],
  )
}
