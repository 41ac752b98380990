import type Stripe from 'stripe'
import { REASONS } from '../portal-features.js'
import type { Subscription } from '../../subscriptions/items.js'
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
  const { subscription } = request
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
