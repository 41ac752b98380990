import type { LinkedCustomer } from './ensure-customer.js'

/** All that one attempt to open a page works with. */
export interface CheckoutAttempt {
  readonly customer: LinkedCustomer
  readonly plan: string
  readonly interval: string
  readonly stripePriceId: string
  readonly successUrl: string
  readonly cancelUrl: string
}

/** Why there is no new page although the wish is sound; each is also the code of a `BillingError`. */
export type CheckoutRefusal =
  | 'already_subscribed'
  | 'subscription_canceling'
  | 'subscription_unpaid'
  | 'subscription_incomplete'
  | 'checkout_in_progress'

export type CheckoutAnswer =
  | { readonly ok: true; readonly url: string; readonly stripeSessionId: string }
  | { readonly ok: false; readonly reason: CheckoutRefusal; readonly detail?: string }
