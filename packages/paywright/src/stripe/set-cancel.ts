import type { Stripe } from 'stripe'
import { call } from './call.js'

export interface CancelRequest {
  readonly stripeSubscriptionId: string
  readonly cancelAtPeriodEnd: boolean
  readonly idempotencyKey: string
}

/** Plans the end of a subscription, or takes a planned end back, however it was planned. */
export async function setCancelAtPeriodEnd(stripe: Stripe, request: CancelRequest): Promise<void> {
  const { stripeSubscriptionId: id, idempotencyKey } = request
  const params = request.cancelAtPeriodEnd ? { cancel_at_period_end: true } : await takingBack(stripe, id)
  if (params === null) return
  await call('subscriptions.update', () => stripe.subscriptions.update(id, params, { idempotencyKey }))
}

/**
 * The portal plans an end by `cancel_at` where billing is flexible, and Stripe does not take both members in one request,
 * so the one that is set has to be found first. `null`: no end is planned.
 */
async function takingBack(stripe: Stripe, id: string): Promise<Stripe.SubscriptionUpdateParams | null> {
  const subscription = await call('subscriptions.retrieve', () => stripe.subscriptions.retrieve(id))
  if (subscription.cancel_at_period_end) return { cancel_at_period_end: false }
  return subscription.cancel_at === null ? null : { cancel_at: '' }
}
