import type Stripe from 'stripe'
import { settingsOf } from '../account-settings.js'
import { grantDiscounts } from '../discounts/discounts.js'
import { invalidRequest, StripeError } from '../error.js'
import type { Handler } from '../handler.js'
import { recordInPath } from '../lookup.js'
import { mergeMetadata } from '../metadata.js'
import { resolvePaymentMethod } from '../payments/payment-methods.js'
import type { Transaction } from '../transaction.js'
import type { Invoice } from './create.js'
import { draftFields, wordingFields } from './invoice-fields.js'
import { recalculate } from './totals.js'

type Params = Stripe.InvoiceUpdateParams

/** What can be said of an invoice that is final; money, and how it is collected, are fixed by then. */
const always = new Set([
  'auto_advance',
  'custom_fields',
  'default_payment_method',
  'default_source',
  'description',
  'effective_at',
  'expand',
  'footer',
  'metadata',
  'payment_settings',
  'rendering',
  'statement_descriptor',
])

export const updateInvoice: Handler<Params> = (transaction, { path, params }) => {
  const before = recordInPath(transaction, 'invoices', { id: path['id'], kind: 'invoice', param: 'invoice' })
  transaction.enterClockOf(before.customer)
  requireEditable(before, params)
  const fields: Partial<Invoice> = {
    metadata: mergeMetadata(before.metadata ?? {}, params.metadata),
    ...wordingFields(params),
    ...draftFields(transaction, params, { customer: before.customer ?? '', settings: before.payment_settings }),
    ...payerOf(transaction, before, params),
    ...collectionOf(transaction, before, params),
    ...discountsOf(transaction, before, params),
    ...advancing(transaction, before, params),
  }
  const patched = transaction.patch('invoices', before.id, fields)
  const after = before.status === 'draft' ? recalculate(transaction, patched) : patched
  if (JSON.stringify(after) !== JSON.stringify(before))
    transaction.emitChange('invoice.updated', 'invoices', { before, after })
  return transaction.render('invoices', after)
}

function requireEditable(invoice: Invoice, params: Params): void {
  if (invoice.status === 'draft') return
  const strange = Object.keys(params).find((name) => !always.has(name))
  if (strange === undefined) return
  const message = "Finalized invoices can't be updated in this way."
  throw new StripeError(400, { type: 'invalid_request_error', code: 'invoice_not_editable', message, param: strange })
}

function payerOf(
  transaction: Transaction,
  before: Invoice,
  { default_payment_method: asked }: Params,
): Partial<Invoice> {
  if (asked === undefined) return {}
  if (asked === '') return { default_payment_method: null }
  const method = resolvePaymentMethod(transaction, asked, 'default_payment_method')
  if (method.customer === before.customer) return { default_payment_method: method.id }
  const message = `The customer does not have a payment method with the ID ${asked}. The payment method must be attached to the customer.`
  throw invalidRequest(message, { code: 'resource_missing', param: 'default_payment_method' })
}

/** A sent invoice has a day on which it is due, and is not charged by itself. */
function collectionOf(transaction: Transaction, before: Invoice, params: Params): Partial<Invoice> {
  const method = params.collection_method ?? before.collection_method
  const { days_until_due: days } = params
  if (method === 'charge_automatically') {
    return method === before.collection_method ? {} : { collection_method: method, due_date: null }
  }
  const due = days === undefined ? undefined : transaction.now + days * 86_400
  const date = due ?? params.due_date ?? before.due_date
  if (date !== null) return { collection_method: method, due_date: date, next_payment_attempt: null }
  const message = 'When `collection_method` is `send_invoice`, you must specify `days_until_due` or `due_date`.'
  throw invalidRequest(message, { param: 'days_until_due' })
}

function discountsOf(transaction: Transaction, before: Invoice, { discounts }: Params): Partial<Invoice> {
  if (discounts === undefined) return {}
  const { currency, customer, id } = before
  return { discounts: grantDiscounts(transaction, discounts, { owner: { customer, invoice: id }, currency }) }
}

/** Turns by-itself finalisation on or off; a draft that is turned on has its hour again, or the instant it is given. */
function advancing(transaction: Transaction, before: Invoice, params: Params): Partial<Invoice> {
  const { auto_advance: wanted = before.auto_advance, automatically_finalizes_at: asked } = params
  if (wanted === before.auto_advance && asked === undefined) return {}
  if (wanted !== true && asked !== undefined) {
    const message = '`automatically_finalizes_at` can only be set when `auto_advance` is true.'
    throw invalidRequest(message, { param: 'automatically_finalizes_at' })
  }
  for (const kind of ['invoice.finalize', 'invoice.retry'] as const) transaction.unschedule(kind, before.id)
  if (wanted !== true) return { auto_advance: false, automatically_finalizes_at: null, next_payment_attempt: null }
  if (before.status !== 'draft') return { auto_advance: true }
  const at = asked ?? transaction.now + settingsOf(transaction).finalizationDelay
  if (at <= transaction.now) {
    throw invalidRequest('`automatically_finalizes_at` must be in the future.', { param: 'automatically_finalizes_at' })
  }
  transaction.schedule({ kind: 'invoice.finalize', at, subject: before.id })
  const isCharged = (params.collection_method ?? before.collection_method) === 'charge_automatically'
  return { auto_advance: true, automatically_finalizes_at: at, next_payment_attempt: isCharged ? at : null }
}
