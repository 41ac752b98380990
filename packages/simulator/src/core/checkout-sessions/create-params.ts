import type Stripe from 'stripe'

/** What a request for a session may say. */
export type CreateParams = Stripe.Checkout.SessionCreateParams
