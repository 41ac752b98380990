import type Stripe from 'stripe'
import { settingsOf } from '../account-settings.js'
import { invalidRequest, missingParameter, notSimulated } from '../error.js'
import type { Handler } from '../handler.js'
import { pendingItems } from './invoice-items.js'
import { recordInPath } from '../lookup.js'
import { mergeMetadata } from '../metadata.js'
import type { Transaction } from '../transaction.js'
import { createInvoice, type Invoice } from './create.js'

type Params = Stripe.InvoiceCreateParams

const built = new Set([
  'auto_advance',
  'collection_method',
  'currency',
  'customer',
  'days_until_due',
  'default_payment_method',
  'description',
  'expand',
  'metadata',
  'pending_invoice_items_behavior',
  'subscription',
])

function refuseUnbuilt(params: object, known: ReadonlySet<string>): void {
  const strange = Object.keys(params).find((name) => !known.has(name))
  if (strange !== undefined) throw notSimulated(strange, strange)
}

/** Writes an invoice by hand, as `POST /v1/invoices` does: a draft of what is pending, if that is asked for. */
export const createManual: Handler<Params> = (transaction, { params }) => {
  refuseUnbuilt(params, built)
  const { customer, subscription } = ownerOf(transaction, params)
  transaction.enterClockOf(customer.id)
  const currency = params.currency ?? subscription?.currency ?? customer.currency ?? 'usd'
  const isSwept = params.pending_invoice_items_behavior === 'include' || subscription !== undefined
  const owner = { customer: customer.id, currency, subscription: subscription?.id ?? null }
  const pending = isSwept ? pendingItems(transaction, owner) : []
  const isSent = params.collection_method === 'send_invoice'
  if (isSent && params.days_until_due === undefined) {
    throw invalidRequest(
      'When creating an invoice with `collection_method=send_invoice`, you must specify `days_until_due` or `due_date`.',
      { param: 'days_until_due' },
    )
  }
  const autoAdvance = params.auto_advance ?? false
  const invoice = createInvoice(transaction, {
    customer: customer.id,
    currency,
    reason: 'manual',
    lines: [],
    pending,
    period: { start: transaction.now, end: transaction.now },
    ...(subscription !== undefined && { subscription }),
    collectionMethod: params.collection_method ?? 'charge_automatically',
    ...(params.days_until_due !== undefined && { dueDays: params.days_until_due }),
    defaultPaymentMethod: params.default_payment_method ?? null,
    description: params.description ?? null,
    metadata: mergeMetadata({}, params.metadata),
    autoAdvance,
    finalizesAt: autoAdvance ? transaction.now + settingsOf(transaction).finalizationDelay : null,
  })
  return transaction.render('invoices', invoice)
}

type Owner = { customer: ReturnType<typeof customerOf>; subscription?: ReturnType<typeof subscriptionOf> }

function ownerOf(transaction: Transaction, params: Params): Owner {
  const subscription = params.subscription === undefined ? undefined : subscriptionOf(transaction, params.subscription)
  const id = params.customer ?? subscription?.customer
  if (id === undefined) throw missingParameter('customer')
  const customer = customerOf(transaction, id)
  return subscription === undefined ? { customer } : { customer, subscription }
}

const subscriptionOf = (transaction: Transaction, id: string) =>
  transaction.require('subscriptions', id, { kind: 'subscription', param: 'subscription' })

const customerOf = (transaction: Transaction, id: string) =>
  transaction.require('customers', id, { kind: 'customer', param: 'customer' })

const changeable = new Set(['auto_advance', 'default_payment_method', 'description', 'expand', 'footer', 'metadata'])

export const updateInvoice: Handler<Stripe.InvoiceUpdateParams> = (transaction, { path, params }) => {
  refuseUnbuilt(params, changeable)
  const before = recordInPath(transaction, 'invoices', { id: path['id'], kind: 'invoice', param: 'invoice' })
  transaction.enterClockOf(before.customer)
  const method = params.default_payment_method
  const fields: Partial<Invoice> = {
    metadata: mergeMetadata(before.metadata ?? {}, params.metadata),
    ...(params.description !== undefined && { description: params.description }),
    ...(params.footer !== undefined && { footer: params.footer }),
    ...(method !== undefined && { default_payment_method: method || null }),
    ...advancing(transaction, before, params.auto_advance),
  }
  const after = transaction.patch('invoices', before.id, fields)
  if (JSON.stringify(after) !== JSON.stringify(before))
    transaction.emitChange('invoice.updated', 'invoices', { before, after })
  return transaction.render('invoices', after)
}

/** Turns by-itself finalisation on or off; a draft that is turned on has its hour again. */
function advancing(transaction: Transaction, before: Invoice, wanted: boolean | undefined): Partial<Invoice> {
  if (wanted === undefined || wanted === before.auto_advance) return {}
  for (const kind of ['invoice.finalize', 'invoice.retry'] as const) transaction.unschedule(kind, before.id)
  if (!wanted) return { auto_advance: false, automatically_finalizes_at: null, next_payment_attempt: null }
  if (before.status !== 'draft') return { auto_advance: true }
  const at = transaction.now + settingsOf(transaction).finalizationDelay
  transaction.schedule({ kind: 'invoice.finalize', at, subject: before.id })
  const isCharged = before.collection_method === 'charge_automatically'
  return { auto_advance: true, automatically_finalizes_at: at, next_payment_attempt: isCharged ? at : null }
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
