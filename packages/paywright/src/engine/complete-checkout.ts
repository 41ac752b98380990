import { hasEnded } from '../domain/access.js'
import { BillingError, withoutSecrets } from '../errors.js'
import type { EngineContext } from './context.js'
import type { CheckoutSession } from './ports.js'
import { readOwnCheckout, type OwnCheckout } from './own-checkout.js'
import { within } from './within.js'

/** What came of a checkout page: paid, not known yet, or not paid. */
export type CheckoutOutcome = 'success' | 'pending' | 'canceled'

/** How long the customer's browser waits for Stripe on the way back; after that the page says that it is being confirmed. */
const RETURN_WAIT_MILLISECONDS = 8000

/** Reads what was paid, before the app renders its next page; only for the customer whose page it was. */
export async function completeCheckout(context: EngineContext, request: OwnCheckout): Promise<CheckoutOutcome> {
  const { customerId, stripeSessionId } = request
  const work = settle(context, request).catch((error: unknown) => {
    if (!isTransient(error)) throw error
    const fields = { customerId, stripeSessionId, error: withoutSecrets(String(error)) }
    context.log.warn('The return from checkout could not be settled yet.', fields)
    return 'pending' as const
  })
  return within(context, { work, milliseconds: RETURN_WAIT_MILLISECONDS, late: 'pending' })
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

function isTransient(error: unknown): boolean {
  if (!(error instanceof BillingError)) return false
  return error.code === 'stripe_unavailable' || error.code === 'stripe_rate_limited' || error.code === 'sync_pending'
}
