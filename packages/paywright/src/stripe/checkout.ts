import type { Stripe } from 'stripe'
import { PLAN_METADATA_KEY } from '../domain/catalog.js'
import type { CheckoutRequest, CheckoutSession } from '../engine/ports.js'
import { BillingError } from '../errors.js'
import { call, callOrNull } from './call.js'
import { idOf } from './id-of.js'
import { CUSTOMER_METADATA_KEY, INTERVAL_METADATA_KEY } from './metadata.js'

export async function createCheckout(stripe: Stripe, request: CheckoutRequest): Promise<CheckoutSession> {
  const metadata = {
    [CUSTOMER_METADATA_KEY]: request.customerId,
    [PLAN_METADATA_KEY]: request.plan,
    [INTERVAL_METADATA_KEY]: request.interval,
  }
  const trial = request.trialDays === null ? {} : { trial_period_days: request.trialDays }
  const params: Stripe.Checkout.SessionCreateParams = {
    mode: 'subscription',
    customer: request.stripeCustomerId,
    client_reference_id: request.customerId,
    line_items: [{ price: request.stripePriceId, quantity: 1 }],
    allow_promotion_codes: true,
    success_url: request.successUrl,
    cancel_url: request.cancelUrl,
    expires_at: request.expiresAt,
    metadata,
    // Renewals know the subscription and not the session, so the app's id has to stand on both.
    subscription_data: { metadata, ...trial },
  }
  const { idempotencyKey } = request
  return toSession(
    await call('checkout.sessions.create', () => stripe.checkout.sessions.create(params, { idempotencyKey })),
  )
}

export async function readCheckout(stripe: Stripe, stripeSessionId: string): Promise<CheckoutSession | null> {
  const session = await callOrNull('checkout.sessions.retrieve', () =>
    stripe.checkout.sessions.retrieve(stripeSessionId),
  )
  return session === null ? null : toSession(session)
}

/** Ends an open session. Stripe refuses that for one that has ended; what it has become is the answer then. */
export async function expireCheckout(stripe: Stripe, stripeSessionId: string): Promise<CheckoutSession> {
  try {
    const expire = (): Promise<Stripe.Checkout.Session> => stripe.checkout.sessions.expire(stripeSessionId)
    return toSession(await call('checkout.sessions.expire', expire))
  } catch (error) {
    if (!(error instanceof BillingError) || error.code !== 'stripe_refused') throw error
    const session = await readCheckout(stripe, stripeSessionId)
    if (session === null || session.status === 'open') throw error
    return session
  }
}

function toSession(session: Stripe.Checkout.Session): CheckoutSession {
  return {
    stripeSessionId: session.id,
    status: session.status ?? 'unknown',
    paymentStatus: session.payment_status,
    stripeCustomerId: idOf(session.customer),
    customerId: session.metadata?.[CUSTOMER_METADATA_KEY] ?? session.client_reference_id,
    stripeSubscriptionId: idOf(session.subscription),
    url: session.url,
    expiresAt: session.expires_at,
  }
}
