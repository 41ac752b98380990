import type { Subscription } from '../domain/mirror.js'
import { BillingError } from '../errors.js'
import type { EngineContext } from './context.js'
import { idempotencyKey } from './idempotency-key.js'
import { requireLiveSubscription } from './live-subscription.js'

/** Ends the customer's subscription when the paid period ends. */
export function cancelAtPeriodEnd(context: EngineContext, customerId: string): Promise<Subscription> {
  return change(context, { customerId, cancelAtPeriodEnd: true })
}

/** Takes a cancellation back that has not come true yet. */
export function resumeSubscription(context: EngineContext, customerId: string): Promise<Subscription> {
  return change(context, { customerId, cancelAtPeriodEnd: false })
}

async function change(
  context: EngineContext,
  wish: { readonly customerId: string; readonly cancelAtPeriodEnd: boolean },
): Promise<Subscription> {
  const { customerId, cancelAtPeriodEnd: isCanceling } = wish
  const { stripeSubscriptionId, stripeCustomerId } = await requireLiveSubscription(context, customerId)
  await context.gateway.setCancelAtPeriodEnd({
    stripeSubscriptionId,
    cancelAtPeriodEnd: isCanceling,
    // A key of its own for each call: the same change may be meant again after it was taken back, and is harmless twice.
    idempotencyKey: idempotencyKey('cancellation', [stripeSubscriptionId, isCanceling, context.ids.token()]),
  })
  await context.syncNow(stripeCustomerId)
  const { subscriptions } = await context.store.access(await context.scope(), customerId)
  const changed = subscriptions.find((subscription) => subscription.stripeSubscriptionId === stripeSubscriptionId)
  if (changed === undefined) throw new BillingError('no_subscription')
  return changed
}
