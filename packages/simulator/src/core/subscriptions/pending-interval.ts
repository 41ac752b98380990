import { settingsOf } from '../account-settings.js'
import { createInvoice } from '../invoices/create.js'
import { pendingItems } from '../invoices/invoice-items.js'
import type { Transaction } from '../transaction.js'
import { dueDaysOf, isEnded } from './end.js'
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
  const { customer, currency, id } = after
  const pending = pendingItems(transaction, { customer, currency, subscription: id })
  if (pending.length === 0) return
  createInvoice(transaction, {
    customer,
    currency,
    reason: 'manual',
    lines: [],
    pending,
    period: { start: transaction.now, end: transaction.now },
    subscription: after,
    collectionMethod: after.collection_method,
    ...dueDaysOf(after),
    autoAdvance: after.pause_collection === null,
    finalizesAt: transaction.now + settingsOf(transaction).finalizationDelay,
  })
}
