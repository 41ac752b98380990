import { voidInvoice } from '../invoices/close.js'
import type { PendingUpdate } from '../private-records.js'
import type { Transaction } from '../transaction.js'
import { periodOf, saveSubscription, type Subscription, type SubscriptionItem } from './items.js'
import { armTimers } from './timers.js'
import { announceTrialChange } from './trial.js'

/** How long an update may wait for its payment. https://docs.stripe.com/billing/subscriptions/pending-updates */
const WINDOW = 23 * 3600

/** Until when an update may wait: not past the end of the period, since the renewal would bill something else. */
export function expiryOf(transaction: Transaction, subscription: Subscription): number {
  return Math.min(transaction.now + WINDOW, periodOf(subscription).end)
}

/** Holds an update back until its invoice is paid: the subscription shows it, and stays as it was. */
export function holdUpdate(transaction: Transaction, before: Subscription, update: PendingUpdate): Subscription {
  const shown = {
    billing_cycle_anchor: update.fields.billing_cycle_anchor ?? null,
    cancel_at_period_end: null,
    discount: null,
    discounts: null,
    expires_at: update.expiresAt,
    metadata: null,
    subscription_items: update.items,
    trial_end: update.fields.trial_end ?? null,
    trial_from_plan: null,
  }
  transaction.put('pending_updates', update)
  transaction.schedule({ kind: 'subscription.expire_update', at: update.expiresAt, subject: before.id })
  const after = transaction.patch('subscriptions', before.id, { latest_invoice: update.invoice, pending_update: shown })
  transaction.emitChange('customer.subscription.updated', 'subscriptions', { before, after })
  return after
}

/** The invoice of the update is paid: it comes into effect. */
export function applyUpdate(transaction: Transaction, update: PendingUpdate): void {
  const before = transaction.load('subscriptions', update.id)
  forget(transaction, update)
  for (const debits of update.debits) transaction.put('item_debits', debits)
  for (const mark of update.marks) transaction.put('usage_marks', mark)
  const after = saveSubscription(transaction, { ...before, ...update.fields, pending_update: null }, update.items)
  armTimers(transaction, after)
  transaction.emitChange('customer.subscription.updated', 'subscriptions', { before, after })
  transaction.emit('customer.subscription.pending_update_applied', 'subscriptions', after)
  announceTrialChange(transaction, { before, after })
}

/** The update was not paid in time, or another one takes its place: its invoice is voided with it. */
export function dropUpdate(transaction: Transaction, update: PendingUpdate): Subscription {
  const before = transaction.load('subscriptions', update.id)
  const after = transaction.patch('subscriptions', update.id, { pending_update: null })
  transaction.emitChange('customer.subscription.updated', 'subscriptions', { before, after })
  if (transaction.load('invoices', update.invoice).status === 'open') voidInvoice(transaction, update.invoice)
  // Only now, so that its voided invoice is known for that of an update, which decides nothing else.
  forget(transaction, update)
  return transaction.load('subscriptions', update.id)
}

/** An update that waits until the very end of the period is given up before the next one is billed. */
export function expireUpdateWhenDue(transaction: Transaction, timer: { readonly subject: string }): void {
  const update = transaction.get('pending_updates', timer.subject)
  if (update === undefined || update.expiresAt > transaction.now) return
  const after = dropUpdate(transaction, update)
  transaction.emit('customer.subscription.pending_update_expired', 'subscriptions', after)
}

/** The update that waits for this invoice, if one does. */
export function updateAwaiting(
  transaction: Transaction,
  subscription: Subscription,
  invoice: string,
): PendingUpdate | undefined {
  const update = transaction.get('pending_updates', subscription.id)
  return update?.invoice === invoice ? update : undefined
}

/** What the items are billed for at this moment, to put back or to keep for later. */
export function debitsOfItems(
  transaction: Transaction,
  items: readonly SubscriptionItem[],
): { id: string; debits: PendingUpdate['debits'][number]['debits'] }[] {
  return items.map(({ id }) => ({ id, debits: transaction.get('item_debits', id)?.debits ?? [] }))
}

function forget(transaction: Transaction, update: PendingUpdate): void {
  transaction.remove('pending_updates', update.id)
  transaction.unschedule('subscription.expire_update', update.id)
}
