import type Stripe from 'stripe'
import { settingsOf } from '../account-settings.js'
import { grantDiscounts } from '../discounts/discounts.js'
import { invalidRequest, missingParameter, noSuch } from '../error.js'
import type { Handler } from '../handler.js'
import { recordInPath } from '../lookup.js'
import { mergeMetadata } from '../metadata.js'
import type { Records } from '../records.js'
import type { Transaction } from '../transaction.js'
import { createInvoice, type Invoice } from './create.js'
import { draftFields, wordingFields } from './invoice-fields.js'
import { pendingItems } from './invoice-items.js'
import { createRevision } from './revise.js'

type Params = Stripe.InvoiceCreateParams

export const createManual: Handler<Params> = (transaction, { params }) =>
  transaction.render('invoices', createManualInvoice(transaction, params))

/** Writes an invoice by hand, as `POST /v1/invoices` does: a draft of what is pending, if that is asked for. */
export function createManualInvoice(transaction: Transaction, params: Params): Invoice {
  if (params.customer_account !== undefined) {
    throw noSuch('customer_account', params.customer_account, { param: 'customer_account', status: 400 })
  }
  if (params.from_invoice === undefined) {
    const owner = ownerOf(transaction, params)
    transaction.enterClockOf(owner.customer.id)
    return writeManual(transaction, params, owner)
  }
  return createRevision(transaction, params.from_invoice.invoice, {
    ...wordingFields(params),
    ...(params.metadata !== undefined && { metadata: mergeMetadata({}, params.metadata) }),
  })
}

function writeManual(transaction: Transaction, params: Params, { customer, subscription }: Owner): Invoice {
  requireDueDate(params)
  const id = transaction.newId('in')
  const currency = (params.currency ?? subscription?.currency ?? customer.currency ?? 'usd').toLowerCase()
  const isSwept = params.pending_invoice_items_behavior === 'include' || subscription !== undefined
  const owner = { customer: customer.id, currency, subscription: subscription?.id ?? null }
  const autoAdvance = params.auto_advance ?? false
  return createInvoice(transaction, {
    id,
    customer: customer.id,
    currency,
    reason: 'manual',
    lines: [],
    pending: isSwept ? pendingItems(transaction, owner) : [],
    period: { start: transaction.now, end: transaction.now },
    ...(subscription !== undefined && { subscription }),
    ...discountsOf(transaction, params, { customer: customer.id, invoice: id, currency }),
    collectionMethod: params.collection_method ?? 'charge_automatically',
    ...(params.days_until_due !== undefined && { dueDays: params.days_until_due }),
    defaultPaymentMethod: params.default_payment_method ?? null,
    metadata: mergeMetadata({}, params.metadata),
    autoAdvance,
    finalizesAt: finalizationOf(transaction, params, autoAdvance),
    more: { ...wordingFields(params), ...draftFields(transaction, params, { customer: customer.id }) },
  })
}

/** Left out, the customer's or the subscription's discounts are taken over; emptied, there are none. */
function discountsOf(
  transaction: Transaction,
  { discounts }: Params,
  { customer, invoice, currency }: { readonly customer: string; readonly invoice: string; readonly currency: string },
): { discounts?: readonly string[] } {
  if (discounts === undefined) return {}
  return { discounts: grantDiscounts(transaction, discounts, { owner: { customer, invoice }, currency }) }
}

function finalizationOf(transaction: Transaction, params: Params, autoAdvance: boolean): number | null {
  const { automatically_finalizes_at: at } = params
  if (at === undefined) return autoAdvance ? transaction.now + settingsOf(transaction).finalizationDelay : null
  if (!autoAdvance) {
    const message = '`automatically_finalizes_at` can only be set when `auto_advance` is true.'
    throw invalidRequest(message, { param: 'automatically_finalizes_at' })
  }
  if (at > transaction.now) return at
  throw invalidRequest('`automatically_finalizes_at` must be in the future.', { param: 'automatically_finalizes_at' })
}

function requireDueDate(params: Params): void {
  const isSent = params.collection_method === 'send_invoice'
  const { days_until_due: days, due_date: date } = params
  if (isSent && days === undefined && date === undefined) {
    throw invalidRequest(
      'When creating an invoice with `collection_method=send_invoice`, you must specify `days_until_due` or `due_date`.',
      { param: 'days_until_due' },
    )
  }
  if (days !== undefined && date !== undefined) {
    throw invalidRequest('You may only specify one of these parameters: days_until_due, due_date.')
  }
  if (isSent || (days === undefined && date === undefined)) return
  const message = '`days_until_due` and `due_date` can only be set when `collection_method` is `send_invoice`.'
  throw invalidRequest(message, { param: days === undefined ? 'due_date' : 'days_until_due' })
}

interface Owner {
  readonly customer: Records['customers']
  readonly subscription?: Records['subscriptions']
}

function ownerOf(transaction: Transaction, params: Params): Owner {
  const words = { kind: 'subscription', param: 'subscription' }
  const subscription =
    params.subscription === undefined ? undefined : transaction.require('subscriptions', params.subscription, words)
  const id = params.customer ?? subscription?.customer
  if (id === undefined) throw missingParameter('customer')
  const customer = transaction.require('customers', id, { kind: 'customer', param: 'customer' })
  return subscription === undefined ? { customer } : { customer, subscription }
}

/** Only a draft that belongs to no subscription can be deleted. */
export const deleteDraft: Handler = (transaction, { path }) => {
  const invoice = recordInPath(transaction, 'invoices', { id: path['id'], kind: 'invoice', param: 'invoice' })
  transaction.enterClockOf(invoice.customer)
  if (invoice.status !== 'draft') {
    throw invalidRequest('You can only delete draft invoices. This invoice is no longer a draft.')
  }
  if (invoice.parent?.type === 'subscription_details') {
    throw invalidRequest('You cannot delete an invoice that was created by a subscription.')
  }
  transaction.unschedule('invoice.finalize', invoice.id)
  for (const line of invoice.lines.data) transaction.remove('invoice_line_items', line.id)
  for (const item of transaction.by('invoice_items', 'invoice', invoice.id)) {
    transaction.patch('invoice_items', item.id, { invoice: null })
  }
  transaction.remove('invoices', invoice.id)
  transaction.emitObject('invoice.deleted', transaction.render('invoices', invoice))
  return { id: invoice.id, object: 'invoice', deleted: true }
}
