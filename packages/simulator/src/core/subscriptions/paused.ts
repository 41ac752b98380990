import type { Transaction } from '../transaction.js'
import type { Subscription } from './items.js'
import { armTimers } from './timers.js'

export interface Pause {
  readonly reason: 'trial_end_without_payment_method' | 'pause_requested'
  readonly latest_invoice?: string
}

/** A paused subscription has no further periods and no invoices until it is resumed. */
export function pauseSubscription(transaction: Transaction, before: Subscription, pause: Pause): Subscription {
  const { reason, ...latest } = pause
  const paused = { type: 'subscription', subscription: { type: reason }, transitioned_at: transaction.now }
  const fields = { ...latest, status: 'paused', status_details: { paused } }
  const after = transaction.patch('subscriptions', before.id, fields)
  armTimers(transaction, after)
  transaction.emit('customer.subscription.paused', 'subscriptions', after)
  transaction.emitChange('customer.subscription.updated', 'subscriptions', { before, after })
  return after
}

/** Ends the pause of a subscription. */
export function endPause(transaction: Transaction, before: Subscription, status: 'active' | 'past_due'): Subscription {
  const { status_details: _details, ...rest } = before
  const after = transaction.put('subscriptions', { ...rest, status })
  armTimers(transaction, after)
  transaction.emit('customer.subscription.resumed', 'subscriptions', after)
  transaction.emitChange('customer.subscription.updated', 'subscriptions', { before, after })
  return after
}
