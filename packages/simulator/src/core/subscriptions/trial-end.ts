import type { Transaction } from '../transaction.js'
import { endSubscription } from './end.js'
import type { Subscription } from './items.js'
import { pauseSubscription } from './paused.js'
import { paymentMethodOf } from './payment-method.js'

/** What a trial that ends without a payment method leads to, where the subscription says so; else it is billed. */
export function unpaidEndOf(transaction: Transaction, subscription: Subscription): 'cancel' | 'pause' | undefined {
  const behavior = subscription.trial_settings?.end_behavior.missing_payment_method ?? 'create_invoice'
  if (behavior === 'create_invoice' || subscription.collection_method !== 'charge_automatically') return undefined
  if (paymentMethodOf(transaction, subscription) !== null) return undefined
  return behavior === 'pause' ? 'pause' : 'cancel'
}

/** Ends a trial for which there is nothing to pay with. */
export function endTrialUnpaid(transaction: Transaction, subscription: Subscription, end: 'cancel' | 'pause'): void {
  if (end === 'pause') pauseSubscription(transaction, subscription, { reason: 'trial_end_without_payment_method' })
  else endSubscription(transaction, subscription.id, { reason: 'cancellation_requested' })
}
