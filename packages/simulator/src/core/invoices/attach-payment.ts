import type Stripe from 'stripe'
import { invalidRequest, missingParameter, noSuch, StripeError } from '../error.js'
import type { Handler } from '../handler.js'
import { recordInPath } from '../lookup.js'
import type { Records } from '../records.js'
import type { Transaction } from '../transaction.js'
import type { Invoice } from './create.js'
import { openPayment } from './payments.js'
import { isPayable, receivePayment } from './settle-payment.js'

/** Lets a payment that was made, or is being made, count toward an invoice. */
export const attachPayment: Handler<Stripe.InvoiceAttachPaymentParams> = (transaction, { path, params }) => {
  const invoice = recordInPath(transaction, 'invoices', { id: path['id'], kind: 'invoice', param: 'invoice' })
  transaction.enterClockOf(invoice.customer)
  if (!isPayable(invoice)) {
    const message = `You can only attach payments to an invoice that is open. This invoice is ${invoice.status}.`
    throw new StripeError(400, { type: 'invalid_request_error', code: 'invoice_not_editable', message })
  }
  const intent = intentOf(transaction, invoice, params)
  const payment = openPayment(transaction, invoice, { intent: intent.id, amount: intent.amount, isDefault: false })
  if (intent.status === 'succeeded') receivePayment(transaction, payment)
  return transaction.render('invoices', transaction.load('invoices', invoice.id))
}

function intentOf(
  transaction: Transaction,
  invoice: Invoice,
  params: Stripe.InvoiceAttachPaymentParams,
): Records['payment_intents'] {
  const { payment_intent: id, payment_record: record } = params
  if (record !== undefined) throw noSuch('payment_record', record, { param: 'payment_record', status: 400 })
  if (id === undefined) throw missingParameter('payment_intent')
  const param = 'payment_intent'
  const intent = transaction.require('payment_intents', id, { kind: 'payment_intent', param })
  const isForeign = intent.customer !== null && intent.customer !== invoice.customer
  if (isForeign || intent.currency !== invoice.currency) {
    throw invalidRequest('The payment is of another customer or in another currency than the invoice.', { param })
  }
  if (transaction.by('invoice_payments', 'payment_intent', id).length > 0) {
    throw invalidRequest('The payment is attached to an invoice already.', { param })
  }
  if (intent.status !== 'canceled') return intent
  throw invalidRequest('A canceled payment cannot be attached to an invoice.', { param })
}
