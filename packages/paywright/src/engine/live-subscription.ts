import { decideAccess, hasEnded, type Access, type AccessSubscription } from '../domain/access.js'
import type { Subscription } from '../domain/mirror.js'
import { BillingError } from '../errors.js'
import type { ReadingContext } from './context.js'

/** What the customer may do at this instant; one read of our own database. */
export async function readAccess(context: ReadingContext, customerId: string): Promise<Access<AccessSubscription>> {
  const { subscriptions } = await context.store.accessFacts(await context.scope(), customerId)
  return accessOf(context, subscriptions)
}

function accessOf<Known extends AccessSubscription>(
  context: ReadingContext,
  subscriptions: readonly Known[],
): Access<Known> {
  const { catalog, graceSeconds, clock } = context
  return decideAccess({ catalog, subscriptions, graceSeconds }, clock.now())
}

/** The subscription that verbs without an id are about: the one that decides access, if it can still charge. */
export function liveSubscriptionOf(
  context: ReadingContext,
  subscriptions: readonly Subscription[],
): Subscription | null {
  const live = subscriptions.filter((subscription) => !hasEnded(subscription))
  return accessOf(context, live).subscription
}

export async function requireLiveSubscription(context: ReadingContext, customerId: string): Promise<Subscription> {
  const { subscriptions } = await context.store.access(await context.scope(), customerId)
  const live = liveSubscriptionOf(context, subscriptions)
  if (live === null) throw new BillingError('no_subscription')
  return live
}
