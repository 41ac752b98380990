import { planOfPrices, type Catalog, type PriceFacts } from './catalog.js'
import type { CustomerState, Invoice, Price, Subscription } from './mirror.js'
import type { UnixSeconds } from './time.js'

/** A customer just read from Stripe, and what is stored of them. */
export interface CustomerFacts {
  readonly catalog: Catalog
  readonly read: { readonly state: CustomerState; readonly prices: readonly Price[] }
  readonly stored: CustomerState | null
}

/** The state that was read, with what Stripe does not say of each subscription: its plan, and since when it is overdue. */
export function completeState(facts: CustomerFacts, now: UnixSeconds): CustomerState {
  const { state } = facts.read
  const subscriptions = state.subscriptions.map((subscription) => {
    const stored = facts.stored?.subscriptions.find(isSame(subscription)) ?? null
    const pastDueSince = overdueSince({ subscription, stored, invoices: state.invoices }, now)
    return { ...subscription, ...assignPlan(facts, subscription, stored), pastDueSince }
  })
  return { ...state, subscriptions: [...subscriptions, ...lostWithCustomer(facts, now)] }
}

function assignPlan(
  { catalog, read }: CustomerFacts,
  subscription: Subscription,
  stored: Subscription | null,
): Pick<Subscription, 'plan' | 'unknownPriceId'> {
  const prices = subscription.items.map(({ stripePriceId }): PriceFacts => {
    const price = read.prices.find((known) => known.stripePriceId === stripePriceId)
    return price ?? { stripePriceId, lookupKey: null, metadata: {} }
  })
  const { plan, unknownPriceId } = planOfPrices(catalog, prices)
  return { plan: plan ?? stored?.plan ?? null, unknownPriceId }
}

interface OverdueFacts {
  readonly subscription: Subscription
  readonly stored: Subscription | null
  readonly invoices: readonly Invoice[]
}

/**
 * When grace began: when the invoice that began it was due. That instant is kept while that invoice is open, so that a
 * second unpaid one brings no second grace; where it was paid in between, unseen by us, the newest open one counts.
 */
function overdueSince({ subscription, stored, invoices }: OverdueFacts, now: UnixSeconds): UnixSeconds | null {
  if (subscription.status !== 'past_due' && subscription.status !== 'unpaid') return null
  const { stripeSubscriptionId } = subscription
  const due = invoices.flatMap((invoice) =>
    invoice.stripeSubscriptionId === stripeSubscriptionId && invoice.status === 'open' && invoice.finalizedAt !== null
      ? [invoice.dueAt ?? invoice.finalizedAt]
      : [],
  )
  const kept = stored?.pastDueSince ?? null
  if (due.length === 0) return kept ?? now
  return kept !== null && due.includes(kept) ? kept : Math.max(...due)
}

/**
 * Deleting a customer ends all subscriptions, and Stripe may no longer list them: what was stored as running is ended.
 */
function lostWithCustomer({ read, stored }: CustomerFacts, now: UnixSeconds): readonly Subscription[] {
  if (!read.state.customer.isDeleted || stored === null) return []
  return stored.subscriptions
    .filter((subscription) => !read.state.subscriptions.some(isSame(subscription)))
    .map((subscription) => ({
      ...subscription,
      status: subscription.status === 'incomplete_expired' ? subscription.status : 'canceled',
      canceledAt: subscription.canceledAt ?? now,
      endedAt: subscription.endedAt ?? now,
      pastDueSince: null,
    }))
}

function isSame({ stripeSubscriptionId }: Subscription): (other: Subscription) => boolean {
  return (other) => other.stripeSubscriptionId === stripeSubscriptionId
}
