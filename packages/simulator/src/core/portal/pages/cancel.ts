import type Stripe from 'stripe'
import { REASONS } from '../portal-features.js'
import type { Subscription } from '../../subscriptions/items.js'
import { releaseSchedule } from '../../subscription-schedules/index.js'
import { cancelSubscription, updateSubscription } from '../../subscriptions/index.js'
import type { Transaction } from '../../transaction.js'
import { refusal, type Portal } from './open.js'

export interface CancelForm {
  readonly feedback: string | null
  readonly comment: string | null
}

type Details = NonNullable<Stripe.SubscriptionUpdateParams['cancellation_details']>

/** Cancels as the configuration says: at the end of the period that is paid for, or at once. */
export function cancelInPortal(
  transaction: Transaction,
  { configuration }: Portal,
  request: { readonly subscription: Subscription } & CancelForm,
): void {
  const feature = configuration.features.subscription_cancel
  if (!feature.enabled) throw refusal('Plans cannot be canceled here.')
  const subscription = withoutSchedule(transaction, request.subscription)
  const details = detailsOf(request)
  if (feature.mode === 'immediately') {
    cancelSubscription(transaction, subscription.id, {
      cancellation_details: details,
      prorate: feature.proration_behavior !== 'none',
      invoice_now: feature.proration_behavior === 'always_invoice',
    })
    return
  }
  const isFlexible = subscription.billing_mode.type === 'flexible'
  updateSubscription(transaction, subscription.id, {
    ...(isFlexible ? { cancel_at: 'max_period_end' as const } : { cancel_at_period_end: true }),
    cancellation_details: details,
  })
}

/** A change that was to come with the next period comes no more. */
export function withoutSchedule(transaction: Transaction, subscription: Subscription): Subscription {
  const schedule =
    subscription.schedule === null ? undefined : transaction.get('subscription_schedules', subscription.schedule)
  if (schedule === undefined) return subscription
  releaseSchedule(transaction, schedule)
  return transaction.load('subscriptions', subscription.id)
}

/** The coupon that is offered to whoever stays; none when they have taken it before. */
export function offeredCoupon(
  transaction: Transaction,
  { session }: Portal,
  subscription: Subscription,
): string | null {
  const cancel = session.flow?.subscription_cancel
  const coupon = cancel?.retention?.coupon_offer?.coupon
  if (cancel?.subscription !== subscription.id || coupon === undefined) return null
  const isTaken = subscription.discounts.some((id) => transaction.get('discounts', id)?.source.coupon === coupon)
  return isTaken ? null : coupon
}

/** The customer takes the offer and stays: the coupon is put on the subscription. */
export function acceptOffer(transaction: Transaction, portal: Portal, subscription: Subscription): void {
  const coupon = offeredCoupon(transaction, portal, subscription)
  if (coupon === null) throw refusal('There is no such offer.')
  const kept = subscription.discounts.map((discount) => ({ discount }))
  updateSubscription(transaction, subscription.id, { discounts: [...kept, { coupon }] })
}

function detailsOf({ feedback, comment }: CancelForm): Details {
  const known = REASONS.find((reason) => reason === feedback)
  return { ...(known !== undefined && { feedback: known }), ...(comment !== null && comment !== '' && { comment }) }
}

/** Takes a cancellation back that has not come into force. */
export function keepInPortal(transaction: Transaction, { configuration }: Portal, subscription: Subscription): void {
  if (!configuration.features.subscription_cancel.enabled) throw refusal('Plans cannot be changed here.')
  if (subscription.cancel_at === null) return
  const undo = subscription.cancel_at_period_end ? { cancel_at_period_end: false } : { cancel_at: '' as const }
  updateSubscription(transaction, subscription.id, { ...undo, cancellation_details: { feedback: '', comment: '' } })
}
