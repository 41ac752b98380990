import type { CustomerDecision } from '../domain/decide-customer.js'
import type { Subscription } from '../domain/mirror.js'
import type { Projection } from '../engine/ports.js'

/** What the product's own table is told of a customer. */
export function projectionOf(customerId: string, { state, access }: CustomerDecision): Projection {
  const { subscription } = access
  return {
    customerId,
    stripeCustomerId: state.customer.stripeCustomerId,
    stripeSubscriptionId: subscription?.stripeSubscriptionId ?? null,
    tier: access.plan ?? 'free',
    status: access.status,
    currentPeriodEnd: subscription?.currentPeriodEnd ?? null,
    cancelAtPeriodEnd: subscription !== null && endsWithPeriod(subscription),
  }
}

/** The portal sets `cancelAt` to the end of the period, and leaves `cancelAtPeriodEnd` false where billing is flexible. */
function endsWithPeriod({ cancelAtPeriodEnd, cancelAt, currentPeriodEnd }: Subscription): boolean {
  return cancelAtPeriodEnd || (cancelAt !== null && cancelAt === currentPeriodEnd)
}
