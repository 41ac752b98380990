import type { Transaction } from '../transaction.js'
import { draftInvoice, pendingOf } from './draft-invoice.js'
import { isEnded } from './end.js'
import { nextPendingInvoice } from './settings.js'
import { armTimers } from './timers.js'

/**
 * What is pending is billed more often than the subscription renews, as if an invoice were written by hand each time.
 * https://docs.stripe.com/api/subscriptions/create#create_subscription-pending_invoice_item_interval
 */
export function billPendingWhenDue(transaction: Transaction, timer: { readonly subject: string }): void {
  const before = transaction.get('subscriptions', timer.subject)
  const interval = before?.pending_invoice_item_interval ?? null
  if (before === undefined || interval === null || isEnded(before)) return
  const after = transaction.patch('subscriptions', before.id, {
    next_pending_invoice_item_invoice: nextPendingInvoice(transaction.now, interval),
  })
  armTimers(transaction, after)
  transaction.emitChange('customer.subscription.updated', 'subscriptions', { before, after })
  const pending = pendingOf(transaction, after)
  if (pending.length === 0) return
  const isAutomatic = after.pause_collection === null
  draftInvoice(transaction, after, { reason: 'manual', lines: [], pending, isAutomatic })
}
