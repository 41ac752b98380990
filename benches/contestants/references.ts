import type Stripe from 'stripe'
import type { Adapter, BenchPlan, Setup } from './contract.js'
import { noBackfill, nothing } from './contract.js'
import { peerPool, peerStripe } from './peer-packages.js'

const TABLE = `create table subscriptions (
  id text primary key, customer text not null, status text not null, price text, quantity integer,
  cancel_at_period_end boolean not null, canceled_at bigint
)`

const UPSERT = `insert into subscriptions values ($1, $2, $3, $4, $5, $6, $7)
  on conflict (id) do update set status = excluded.status, price = excluded.price, quantity = excluded.quantity,
    cancel_at_period_end = excluded.cancel_at_period_end, canceled_at = excluded.canceled_at`

/** The handler of most tutorials: what the payload says is written. */
export function createTrusting(setup: Setup, _plans: readonly BenchPlan[]): Promise<Adapter> {
  return createReference(setup, (_stripe, subscription) => Promise.resolve(subscription))
}

/** The handler of the better tutorials: the subscription is read from Stripe, and what it says is written. */
export function createRefetching(setup: Setup, _plans: readonly BenchPlan[]): Promise<Adapter> {
  return createReference(setup, (stripe, { id }) => stripe.subscriptions.retrieve(id))
}

async function createReference(
  setup: Setup,
  choose: (stripe: Stripe, subscription: Stripe.Subscription) => Promise<Stripe.Subscription>,
): Promise<Adapter> {
  const pool = await peerPool(setup)
  const stripe = await peerStripe(setup)
  return {
    migrate: async () => void (await pool.query(TABLE)),
    introduce: nothing,
    handle: async (request) => {
      const signature = request.headers.get('stripe-signature') ?? ''
      const event = stripe.webhooks.constructEvent(await request.text(), signature, setup.webhookSecret)
      if (event.data.object.object === 'subscription') {
        await pool.query(UPSERT, rowOf(await choose(stripe, event.data.object)))
      }
      return Response.json({ received: true })
    },
    settle: nothing,
    backfill: noBackfill,
    access: null,
  }
}

function rowOf(subscription: Stripe.Subscription): readonly unknown[] {
  const { id, customer, status, items, cancel_at_period_end: isEnding, canceled_at: canceledAt } = subscription
  const item = items.data[0]
  return [id, customer, status, item?.price.id, item?.quantity, isEnding, canceledAt]
}
