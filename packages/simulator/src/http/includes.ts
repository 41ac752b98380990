import { notSimulated } from '../core/error.js'
import { answerInside } from '../core/machine.js'
import type { Transaction } from '../core/transaction.js'

type Fields = Readonly<Record<string, unknown>>

/** Fields that an object has only when they are asked for with `expand`, as `object.field`. */
const INCLUDES: Readonly<Record<string, (transaction: Transaction, owner: string) => unknown>> = {
  'charge.refunds': (_transaction, id) => ({
    ...emptyList(`/v1/charges/${id}/refunds`),
    total_count: 0,
  }),
  'checkout.session.line_items': (transaction, id) =>
    answerInside(transaction, { name: 'checkout_sessions.line_items', path: { id }, params: {} }),
  'customer.invoice_credit_balance': () => ({}),
  'customer.sources': (_transaction, id) => emptyList(`/v1/customers/${id}/sources`),
  'customer.subscriptions': (transaction, id) => listOf(transaction, 'subscriptions', { customer: id }),
  'customer.tax': () => ({
    automatic_tax: 'unrecognized_location',
    ip_address: null,
    location: null,
    provider: 'stripe',
  }),
  'customer.tax_ids': (_transaction, id) => emptyList(`/v1/customers/${id}/tax_ids`),
  'invoice.confirmation_secret': confirmationSecret,
  'invoice.payments': invoicePayments,
}

/** Fields that can be included at Stripe and cannot be here: an error rather than their absence. */
const NOT_BUILT = new Set(['customer.cash_balance', 'price.currency_options', 'product.provisioning'])

/** The value of a field that the object has only on request; `undefined` when it has none. */
export function include(transaction: Transaction, owner: Fields, field: string): unknown {
  const name = `${String(owner['object'])}.${field}`
  if (NOT_BUILT.has(name)) throw notSimulated(`Expanding ${name}`, 'expand')
  return INCLUDES[name]?.(transaction, String(owner['id']))
}

function emptyList(url: string): Fields {
  return { object: 'list', data: [], has_more: false, url }
}

function listOf(transaction: Transaction, resource: string, params: Fields): unknown {
  return answerInside(transaction, { name: `${resource}.list`, path: {}, params })
}

/** Inside an invoice the list names an address of its own, at which there is nothing: so it was recorded. */
function invoicePayments(transaction: Transaction, invoice: string): unknown {
  const list = listOf(transaction, 'invoice_payments', { invoice })
  return typeof list === 'object' && list !== null ? { ...list, url: '/v1/invoices/payments' } : list
}

/** What Stripe.js needs to pay the invoice. https://docs.stripe.com/api/invoices/object#invoice_object-confirmation_secret */
function confirmationSecret(transaction: Transaction, invoice: string): unknown {
  const payment = transaction.by('invoice_payments', 'invoice', invoice).find((candidate) => candidate.is_default)
  const intent = payment?.payment.payment_intent
  const secret = intent === undefined ? null : transaction.get('payment_intents', intent)?.client_secret
  return secret == null ? null : { client_secret: secret, type: 'payment_intent' }
}
