import { settingsOf } from '../account-settings.js'
import type { Period } from '../arithmetic/proration.js'
import { createInvoice, type Invoice, type InvoiceDraft } from '../invoices/create.js'
import { pendingItems } from '../invoices/invoice-items.js'
import type { Transaction } from '../transaction.js'
import type { Subscription } from './items.js'

/** What tells one invoice of a subscription from another. */
export interface SubscriptionBill extends Pick<InvoiceDraft, 'id' | 'lines' | 'reason'> {
  /** Of the customer's pending items those that join it; left out, all that wait for this subscription. */
  readonly pending?: InvoiceDraft['pending']
  /** The window in which pending items were collected; left out, this very instant. */
  readonly period?: Period
  /** Whether it becomes final by itself when the time of its draft is over. */
  readonly isAutomatic: boolean
}

type Billed = Omit<Subscription, 'items' | 'latest_invoice'> & { readonly prorationDate?: number }

/** Writes an invoice of a subscription: a draft, with what is pending. */
export function draftInvoice(transaction: Transaction, subscription: Billed, bill: SubscriptionBill): Invoice {
  const { days_until_due: dueDays } = subscription
  const { now } = transaction
  return createInvoice(transaction, {
    ...(bill.id !== undefined && { id: bill.id }),
    customer: subscription.customer,
    currency: subscription.currency,
    reason: bill.reason,
    lines: bill.lines,
    pending: bill.pending ?? pendingOf(transaction, subscription),
    period: bill.period ?? { start: now, end: now },
    subscription,
    collectionMethod: subscription.collection_method,
    ...(dueDays !== null && { dueDays }),
    autoAdvance: bill.isAutomatic,
    finalizesAt: bill.isAutomatic ? now + settingsOf(transaction).finalizationDelay : null,
  })
}

/** The pending items that the next invoice of a subscription takes in. */
export function pendingOf(
  transaction: Transaction,
  { customer, currency, id }: Pick<Subscription, 'currency' | 'customer' | 'id'>,
): InvoiceDraft['pending'] {
  return pendingItems(transaction, { customer, currency, subscription: id })
}
