/** What is known of a contestant from outside of its process. */
export interface Contestant {
  readonly name: string
  readonly label: string
  /** Where its documentation mounts the route for webhooks. */
  readonly path: string
  /**
   * Its rows as id, status, price, quantity, cancel_at_period_end and canceled_at. The plans are the parameter, as a JSON
   * array, for those that keep the plan's name.
   */
  readonly rows: string
  /** The table that shows a new quantity, and how a row of it says which. */
  readonly shows: { readonly table: string; readonly quantity: string; readonly id: string }
  readonly hasBackfill: boolean
}

const OF_SYNC_ENGINE = {
  rows: `select stored.id, stored.status::text, item.price, item.quantity, stored.cancel_at_period_end, stored.canceled_at
    from stripe.subscriptions stored
    left join stripe.subscription_items item on item.subscription = stored.id and item.deleted is not true
    where $1::text is not null`,
  shows: { table: 'stripe.subscription_items', quantity: 'quantity', id: 'subscription' },
}

const OF_REFERENCE = {
  rows: `select id, status, price, quantity, cancel_at_period_end, canceled_at from subscriptions where $1::text is not null`,
  shows: { table: 'subscriptions', quantity: 'quantity', id: 'id' },
  hasBackfill: false,
}

export const CONTESTANTS: readonly Contestant[] = [
  {
    name: 'paywright',
    label: 'Paywright',
    path: '/api/billing/webhook',
    rows: `select stored.stripe_subscription_id as id, status, item.stripe_price_id as price, item.quantity::integer,
        cancel_at_period_end, extract(epoch from canceled_at)::integer as canceled_at
      from paywright.subscriptions stored
      left join paywright.subscription_items item
        using (account, livemode, stripe_customer_id, stripe_subscription_id)
      where $1::text is not null`,
    shows: { table: 'paywright.subscription_items', quantity: 'quantity', id: 'stripe_subscription_id' },
    hasBackfill: true,
  },
  {
    name: 'better-auth',
    label: '@better-auth/stripe 1.7.6',
    path: '/api/auth/stripe/webhook',
    rows: `select "stripeSubscriptionId" as id, status, plan."stripePriceId" as price, seats as quantity,
        coalesce("cancelAtPeriodEnd", false) as cancel_at_period_end,
        extract(epoch from "canceledAt")::integer as canceled_at
      from subscription
      left join json_to_recordset($1::json) as plan(name text, "stripePriceId" text) on plan.name = subscription.plan
      where "stripeSubscriptionId" is not null`,
    shows: { table: 'subscription', quantity: 'seats', id: '"stripeSubscriptionId"' },
    hasBackfill: false,
  },
  {
    name: 'sync-engine',
    label: '@supabase/stripe-sync-engine 0.48.5',
    path: '/webhooks',
    ...OF_SYNC_ENGINE,
    hasBackfill: true,
  },
  {
    name: 'no-webhooks',
    label: 'stripe-no-webhooks 0.0.16',
    path: '/api/stripe/webhook',
    ...OF_SYNC_ENGINE,
    hasBackfill: true,
  },
  { name: 'trusting', label: 'reference: trusts payloads', path: '/webhook', ...OF_REFERENCE },
  { name: 'refetching', label: 'reference: refetches', path: '/webhook', ...OF_REFERENCE },
]

/** The names that the flag `--only a,b` gives; all without it. */
export function chosenNames(only: string | undefined): readonly string[] {
  const known = CONTESTANTS.map(({ name }) => name)
  const names = only?.split(',') ?? known
  const stranger = names.find((name) => !known.includes(name))
  if (stranger !== undefined) throw new Error(`There is no contestant ${stranger}; there are ${known.join(', ')}.`)
  return names
}
