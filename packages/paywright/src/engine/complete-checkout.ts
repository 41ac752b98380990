import { hasEnded } from '../domain/access.js'
import { beforeNextPage } from './before-next-page.js'
import type { EngineContext } from './context.js'
import type { CheckoutSession } from './ports.js'
import { readOwnCheckout, type OwnCheckout } from './own-checkout.js'

/** What came of a checkout page: paid, not known yet, or not paid. */
export type CheckoutOutcome = 'success' | 'pending' | 'canceled'

/** Reads what was paid, before the app renders its next page; only for the customer whose page it was. */
export async function completeCheckout(context: EngineContext, request: OwnCheckout): Promise<CheckoutOutcome> {
  const { customerId, stripeSessionId } = request
  const about = { customerId, stripeSessionId }
  return beforeNextPage(context, { work: settle(context, request), late: 'pending', about })
}

async function settle(context: EngineContext, request: OwnCheckout): Promise<CheckoutOutcome> {
  const { session, stripeCustomerId } = await readOwnCheckout(context, request)
  await context.syncNow(stripeCustomerId)
  await reportSecondSubscription(context, request.customerId)
  return outcomeOf(session)
}

/**
 * The guard and the one place keep customers from paying twice; what was made outside of the product is still possible.
 * Which of the two is meant only people can say, so it is reported and not canceled.
 */
async function reportSecondSubscription(context: EngineContext, customerId: string): Promise<void> {
  const { subscriptions } = await context.store.access(await context.scope(), customerId)
  const live = subscriptions.filter((subscription) => !hasEnded(subscription))
  if (live.length < 2) return
  const ids = live.map(({ stripeSubscriptionId }) => stripeSubscriptionId).join(', ')
  context.log.error('A customer has more than one live subscription; cancel and refund all but one.', {
    customerId,
    ids,
  })
}

function outcomeOf({ status, paymentStatus }: CheckoutSession): CheckoutOutcome {
  if (status !== 'complete') return 'canceled'
  // Bank debits are confirmed days later.
  return paymentStatus === 'unpaid' ? 'pending' : 'success'
}
