import type Stripe from 'stripe'
import type { Database } from '../store/database.js'
import type { Difference } from './difference.js'

/** The product's own table, as `createBilling` was told of it. */
export interface UsersTable {
  readonly name: string
  readonly id: string
}

/** Compares the rows of the product's own table that belong to these customers. */
export async function usersTableDifferences(
  database: Database,
  stripe: Stripe,
  { usersTable, ids }: { usersTable: UsersTable; ids: readonly string[] },
): Promise<readonly Difference[]> {
  const differences: Difference[] = []
  for (const id of ids) {
    const [row] = await database.exec(selectRow(usersTable), [id])
    if (row === undefined) continue
    const expected = await expectedRow(stripe, id)
    for (const [field, wanted] of Object.entries(expected)) {
      const ours = field === 'current_period_end' && row[field] !== null ? Number(row[field]) : row[field]
      if (!wanted.includes(ours))
        differences.push({ object: `${usersTable.name} ${id}`, field, ours, stripe: wanted[0] })
    }
  }
  return differences
}

/** Answers a row only for customers whom the app knows; the others have none. */
function selectRow({ name, id }: UsersTable): string {
  return `select stripe_subscription_id, subscription_tier, subscription_status, cancel_at_period_end,
      extract(epoch from current_period_end)::bigint as current_period_end
    from ${name} as users join paywright.customers as customers on customers.customer_id = users.${id}::text
    where customers.stripe_customer_id = $1::text`
}

type Allowed = Readonly<Record<string, readonly unknown[]>>

async function expectedRow(stripe: Stripe, customer: string): Promise<Allowed> {
  const deleted = (await stripe.customers.retrieve(customer)).deleted === true
  const all = deleted ? [] : (await stripe.subscriptions.list({ customer, status: 'all', limit: 100 })).data
  const live = all.find(({ status }) => status !== 'canceled' && status !== 'incomplete_expired')
  const counts = live ?? all[0]
  if (counts === undefined) return deleted ? { subscription_tier: ['free'] } : nothing
  const end = Math.max(...counts.items.data.map((item) => item.current_period_end))
  const plan = counts.items.data[0]?.price.metadata['paywright_plan'] ?? 'free'
  return {
    stripe_subscription_id: [counts.id],
    subscription_status: [counts.status],
    current_period_end: [end],
    cancel_at_period_end: [counts.cancel_at_period_end || counts.cancel_at === end],
    subscription_tier: tiers(counts.status, plan),
  }
}

const nothing: Allowed = { stripe_subscription_id: [null], subscription_status: [null], subscription_tier: ['free'] }

/** The grace period is the product's own, so during `past_due` both answers are right. */
function tiers(status: Stripe.Subscription.Status, plan: string): readonly string[] {
  if (status === 'active' || status === 'trialing') return [plan]
  return status === 'past_due' ? [plan, 'free'] : ['free']
}
