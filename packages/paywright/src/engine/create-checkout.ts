import { checkCheckout, type CheckoutPermit } from '../domain/checkout-guard.js'
import type { Subscription } from '../domain/mirror.js'
import { BillingError } from '../errors.js'
import { checkoutUrls } from './app-url.js'
import type { CheckoutAnswer, CheckoutAttempt, CheckoutRefusal } from './checkout-attempt.js'
import { stripePriceOf } from './choose-price.js'
import type { EngineContext } from './context.js'
import { withStripeCustomer, type CustomerWish } from './ensure-customer.js'
import { openCheckout } from './open-checkout.js'

export interface CheckoutWish extends CustomerWish {
  readonly plan: string
  readonly interval: string
  readonly successPath?: string
  readonly cancelPath?: string
}

/** A round ends, or clears a reservation away that is over; after this many somebody else keeps clicking. */
const MOST_ROUNDS = 4

/**
 * A page where the customer pays for a plan; the open one where there is one for the same wish.
 *
 * Two things keep a customer from paying twice: the guard, on what Stripe says at this moment, and one place per
 * customer that holds the only page that can be paid.
 */
export async function createCheckout(context: EngineContext, wish: CheckoutWish): Promise<CheckoutAnswer> {
  const { plan, interval, successPath = '/', cancelPath = '/' } = wish
  const urls = checkoutUrls(context, { successPath, cancelPath })
  const { price } = permitted(check(context, wish, []))
  const stripePriceId = await stripePriceOf(context, price)
  return withStripeCustomer(context, wish, async (customer) => {
    const attempt: CheckoutAttempt = { customer, plan, interval, stripePriceId, ...urls }
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const answer = await attemptCheckout(context, attempt)
      if (answer !== null) return answer
    }
    return { ok: false, reason: 'checkout_in_progress' }
  })
}

/** `null`: what stood in the way is over and was cleared away. */
async function attemptCheckout(context: EngineContext, attempt: CheckoutAttempt): Promise<CheckoutAnswer | null> {
  const { customerId, stripeCustomerId } = attempt.customer
  // The mirror may be behind, so it is brought up to date first. Where that fails, so does the checkout.
  await context.syncNow(stripeCustomerId)
  const { subscriptions } = await context.store.access(await context.scope(), customerId)
  const permit = check(context, attempt, subscriptions)
  if (!permit.ok && isRefusal(permit.reason)) return { ok: false, reason: permit.reason, detail: permit.detail }
  return openCheckout(context, attempt, permitted(permit).trialDays)
}

function check(
  { catalog }: EngineContext,
  { plan, interval }: { readonly plan: string; readonly interval: string },
  subscriptions: readonly Subscription[],
): CheckoutPermit {
  return checkCheckout({ catalog, subscriptions, plan, interval })
}

/** A wish for something that is not sold is a fault of the caller, not a matter between customer and product. */
function permitted(permit: CheckoutPermit): Extract<CheckoutPermit, { ok: true }> {
  if (permit.ok) return permit
  throw new BillingError(permit.reason, { detail: permit.detail })
}

function isRefusal(reason: string): reason is CheckoutRefusal {
  return REFUSALS.has(reason)
}

const REFUSALS: ReadonlySet<string> = new Set<CheckoutRefusal>([
  'already_subscribed',
  'subscription_canceling',
  'subscription_unpaid',
  'subscription_incomplete',
])
