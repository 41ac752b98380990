import type Stripe from 'stripe'
import { pendingItems, type InvoiceItem } from '../invoices/invoice-items.js'
import { createInvoice, type Invoice } from '../invoices/create.js'
import { finalizeInvoice } from '../invoices/finalize.js'
import type { Line } from '../invoices/lines.js'
import { noPaymentMethod, payInvoice } from '../invoices/pay.js'
import type { Transaction } from '../transaction.js'
import { billPeriod, creditItem, debitItem, trialLines } from './billing.js'
import type { Change } from './change.js'
import { refuseUnpaid } from './create.js'
import { dueDaysOf } from './end.js'
import type { Subscription } from './items.js'
import { paymentMethodOf } from './payment-method.js'
import { happen } from './status.js'

type Params = Stripe.SubscriptionUpdateParams

/** What an update puts on an invoice at once. */
export interface UpdateBill {
  readonly id: string
  readonly lines: readonly Line[]
  readonly pending: readonly InvoiceItem[]
}

/** Credits and debits the change; answers the invoice that is to be written now, if one is. */
export function billUpdate(
  transaction: Transaction,
  before: Subscription,
  { change, params }: { change: Change; params: Params },
): UpdateBill | undefined {
  const lines = linesOf(transaction, before, { change, params })
  const isBilledNow = params.proration_behavior === 'always_invoice' || change.cycle !== 'kept'
  if (!isBilledNow) return undefined
  const { customer, currency, id } = before
  const pending = pendingItems(transaction, { customer, currency, subscription: id })
  return lines.length + pending.length === 0 ? undefined : { id: transaction.newId('in'), lines, pending }
}

/** Credits and debits of the change as pending items, and the lines of a period that begins now. */
function linesOf(
  transaction: Transaction,
  before: Subscription,
  { change, params }: { change: Change; params: Params },
): Line[] {
  const behavior = params.proration_behavior ?? 'create_prorations'
  const { at, items, period } = change
  if (behavior !== 'none') {
    for (const item of change.removed) creditItem(transaction, before, { item, at })
  }
  if (change.cycle === 'restarted') return billPeriod(transaction, before, { items, natural: period, used: period })
  if (change.cycle === 'trial') return trialLines(transaction, before, { items, period })
  if (before.status === 'trialing') return trialLines(transaction, before, { items: change.added, period })
  if (behavior !== 'none') {
    for (const item of change.added) debitItem(transaction, before, { item, at, period })
  }
  return []
}

/** Writes the invoice of an update. */
export function draftUpdate(
  transaction: Transaction,
  subscription: Subscription,
  { bill, prorationDate }: { bill: UpdateBill; prorationDate: number | undefined },
): Invoice {
  return createInvoice(transaction, {
    ...bill,
    customer: subscription.customer,
    currency: subscription.currency,
    reason: 'subscription_update',
    period: { start: transaction.now, end: transaction.now },
    subscription: { ...subscription, ...(prorationDate !== undefined && { prorationDate }) },
    collectionMethod: subscription.collection_method,
    ...dueDaysOf(subscription),
    autoAdvance: false,
    finalizesAt: null,
  })
}

/** Bills an update at once; what is not paid leaves the subscription past due, unless the request wants it undone. */
export function collectUpdate(
  transaction: Transaction,
  draft: Invoice,
  { subscription, params }: { subscription: Subscription; params: Params },
): void {
  const invoice = finalizeInvoice(transaction, draft.id)
  if (invoice.status !== 'open' || invoice.collection_method !== 'charge_automatically') return
  if (params.payment_behavior === 'default_incomplete') {
    happen(transaction, subscription.id, 'latest_invoice_failed')
    return
  }
  if (paymentMethodOf(transaction, subscription) === null) throw noPaymentMethod()
  const offSession = params.off_session ?? false
  const result = payInvoice(transaction, invoice.id, { offSession, isAutomatic: true })
  if (params.payment_behavior === 'error_if_incomplete') refuseUnpaid(result)
}
