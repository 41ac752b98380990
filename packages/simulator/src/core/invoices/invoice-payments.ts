import type Stripe from 'stripe'
import { listReply, type Handler, type Handlers } from '../handler.js'
import type { Records } from '../records.js'

const retrieve: Handler = (transaction, { path }) => {
  const payment = transaction.require('invoice_payments', path['id'] ?? '', { kind: 'invoice_payment' })
  return transaction.render('invoice_payments', payment)
}

const list: Handler<Stripe.InvoicePaymentListParams> = (transaction, { params }) => {
  const intent = params.payment?.payment_intent
  const where = (payment: Records['invoice_payments']): boolean =>
    (params.invoice === undefined || payment.invoice === params.invoice) &&
    (params.status === undefined || payment.status === params.status) &&
    (intent === undefined || payment.payment.payment_intent === intent)
  const page = transaction.page('invoice_payments', params, { ...bucketOf(params), where, kind: 'invoice_payment' })
  return listReply(transaction, 'invoice_payments', { page, url: '/v1/invoice_payments' })
}

function bucketOf(params: Stripe.InvoicePaymentListParams): { index?: 'invoice' | 'payment_intent'; key?: string } {
  if (params.invoice !== undefined) return { index: 'invoice', key: params.invoice }
  const intent = params.payment?.payment_intent
  return intent === undefined ? {} : { index: 'payment_intent', key: intent }
}

export const invoicePaymentHandlers: Handlers = {
  'invoice_payments.retrieve': retrieve,
  'invoice_payments.list': list,
}
