import { checkoutUrls } from './app-url.js'
import { choosePrice, type ChosenPrice } from './choose-price.js'
import type { EngineContext } from './context.js'
import { withStripeCustomer, type CustomerWish, type LinkedCustomer } from './ensure-customer.js'
import { guardSubscription, type CheckoutRefusal } from './guard-subscription.js'
import { openCheckout } from './open-checkout.js'

export interface CheckoutWish extends CustomerWish {
  readonly plan: string
  readonly interval: string
  readonly successPath?: string
  readonly cancelPath?: string
}

export type CheckoutAnswer =
  | { readonly ok: true; readonly url: string; readonly stripeSessionId: string }
  | { readonly ok: false; readonly reason: CheckoutRefusal }

/** All that one attempt to open a page works with. */
export interface CheckoutAttempt {
  readonly customer: LinkedCustomer
  readonly price: ChosenPrice
  readonly successUrl: string
  readonly cancelUrl: string
}

/** Each round ends, or clears one stale reservation away; more rounds than this are another customer's clicks. */
const MOST_ROUNDS = 4

/**
 * A page where the customer pays for a plan; the open one where there is one for the same wish.
 *
 * What stands in the way of a second subscription: the guard, on what Stripe says now; and one place per customer, which
 * holds the one page that can be paid.
 */
export async function createCheckout(context: EngineContext, wish: CheckoutWish): Promise<CheckoutAnswer> {
  const { successPath = '/', cancelPath = '/' } = wish
  const urls = checkoutUrls(context, { successPath, cancelPath })
  const price = await choosePrice(context, wish)
  return withStripeCustomer(context, wish, (customer) => attemptCheckout(context, { customer, price, ...urls }))
}

async function attemptCheckout(context: EngineContext, attempt: CheckoutAttempt): Promise<CheckoutAnswer> {
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const guard = await guardSubscription(context, attempt)
    if (!guard.ok) return guard
    const answer = await openCheckout(context, attempt, guard.trialDays)
    if (answer !== null) return answer
  }
  return { ok: false, reason: 'checkout_in_progress' }
}
