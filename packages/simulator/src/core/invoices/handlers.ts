import type Stripe from 'stripe'
import { invalidRequest, noSuch, StripeError } from '../error.js'
import type { Handler, Handlers } from '../handler.js'
import { recordInPath } from '../lookup.js'
import { resolvePaymentMethod } from '../payments/payment-methods.js'
import type { Transaction } from '../transaction.js'
import { attachPayment } from './attach-payment.js'
import { markUncollectible, voidInvoice, endCollection } from './close.js'
import type { Invoice } from './create.js'
import { finalizeInvoice } from './finalize.js'
import { listInvoices } from './lists.js'
import { createManual, deleteDraft } from './manual.js'
import { noPaymentMethod, payInvoice } from './pay.js'
import { paymentMethodFor } from './payments.js'
import { markPaid } from './settle-payment.js'
import { updateInvoice } from './update.js'

interface Path {
  readonly id?: string
}

/** The invoice that the path names, on its customer's clock. */
function enter(transaction: Transaction, path: Path): Invoice {
  const invoice = recordInPath(transaction, 'invoices', { id: path.id, kind: 'invoice', param: 'invoice' })
  transaction.enterClockOf(invoice.customer)
  return invoice
}

const retrieve: Handler = (transaction, { path }) => {
  const invoice = recordInPath(transaction, 'invoices', { id: path['id'], kind: 'invoice', param: 'invoice' })
  return transaction.render('invoices', invoice)
}

const finalize: Handler<Stripe.InvoiceFinalizeInvoiceParams> = (transaction, { path, params }) => {
  const { id, auto_advance: before } = enter(transaction, path)
  const advance = params.auto_advance ?? before ?? false
  transaction.patch('invoices', id, { auto_advance: advance })
  const invoice = finalizeInvoice(transaction, id)
  const isCharged = advance && invoice.status === 'open' && invoice.collection_method === 'charge_automatically'
  if (isCharged && paymentMethodFor(transaction, invoice) !== undefined)
    payInvoice(transaction, id, { isAutomatic: true })
  return transaction.render('invoices', transaction.load('invoices', id))
}

/** Pays an invoice, finalising it first when it is a draft. A declined card answers 402 and leaves its trace. */
const pay: Handler<Stripe.InvoicePayParams> = (transaction, { path, params }) => {
  const before = enter(transaction, path)
  refusePaid(before)
  if (params.mandate) throw noSuch('mandate', params.mandate, { param: 'mandate', status: 400 })
  if (before.status === 'draft') finalizeInvoice(transaction, before.id)
  const invoice = transaction.load('invoices', before.id)
  if (invoice.status === 'paid') return transaction.render('invoices', invoice)
  if (params.paid_out_of_band === true) return payOutOfBand(transaction, invoice)
  // A card covers all that is due, so that there is nothing for `forgive` to forgive.
  const named = params.payment_method ?? params.source
  const paymentMethod = named === undefined ? undefined : resolvePaymentMethod(transaction, named, 'payment_method').id
  if (paymentMethod === undefined && paymentMethodFor(transaction, invoice) === undefined) throw noPaymentMethod()
  const result = payInvoice(transaction, invoice.id, {
    offSession: params.off_session ?? true,
    ...(paymentMethod !== undefined && { paymentMethod }),
  })
  if (result.status === 'failed') throw new StripeError(402, result.error ?? declined, { keepsChanges: true })
  if (result.status === 'requires_action') throw new StripeError(402, actionRequired, { keepsChanges: true })
  return transaction.render('invoices', transaction.load('invoices', invoice.id))
}

const declined = { type: 'card_error', code: 'card_declined', message: 'Your card was declined.' } as const

const actionRequired = {
  type: 'card_error',
  code: 'invoice_payment_intent_requires_action',
  message:
    'Payment for this invoice requires additional user action before it can be completed successfully. Payment can be ' +
    'completed using the PaymentIntent associated with the invoice.',
} as const

function refusePaid(invoice: Invoice): void {
  if (invoice.status === 'paid') throw invalidRequest('Invoice is already paid')
  if (invoice.status === 'void') throw invalidRequest('This invoice can no longer be paid.')
}

function payOutOfBand(transaction: Transaction, invoice: Invoice): unknown {
  endCollection(transaction, invoice.id)
  return transaction.render('invoices', markPaid(transaction, invoice, { outOfBand: true }))
}

const voiding: Handler = (transaction, { path }) =>
  transaction.render('invoices', voidInvoice(transaction, enter(transaction, path).id))

const givingUp: Handler = (transaction, { path }) =>
  transaction.render('invoices', markUncollectible(transaction, enter(transaction, path).id))

const send: Handler = (transaction, { path }) => {
  const before = enter(transaction, path)
  if (before.collection_method !== 'send_invoice') {
    throw invalidRequest('You can only manually send an invoice if its collection method is `send_invoice`.')
  }
  if (before.status === 'draft') finalizeInvoice(transaction, before.id)
  const invoice = transaction.load('invoices', before.id)
  transaction.emit('invoice.sent', 'invoices', invoice)
  return transaction.render('invoices', invoice)
}

export const invoiceHandlers: Handlers = {
  'invoices.create': createManual,
  'invoices.retrieve': retrieve,
  'invoices.update': updateInvoice,
  'invoices.delete': deleteDraft,
  'invoices.list': listInvoices,
  'invoices.attach_payment': attachPayment,
  'invoices.finalize': finalize,
  'invoices.pay': pay,
  'invoices.void': voiding,
  'invoices.mark_uncollectible': givingUp,
  'invoices.send': send,
}
