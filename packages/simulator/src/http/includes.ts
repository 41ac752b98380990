import { summedBreakdown } from '../core/invoices/breakdown.js'
import { couponOf } from '../core/catalogue/coupons.js'
import { optionsOf } from '../core/catalogue/price-amounts.js'
import { priceOf } from '../core/catalogue/price-changes.js'
import { answerInside } from '../core/machine.js'
import { totalOf } from '../core/search/search.js'
import { customerTax } from '../core/taxes/customer-tax.js'
import type { Transaction } from '../core/transaction.js'

type Fields = Readonly<Record<string, unknown>>

/** Fields that an object has only when they are asked for with `expand`, as `object.field`. */
const INCLUDES: Readonly<Record<string, (transaction: Transaction, owner: string) => unknown>> = {
  'charge.refunds': refundsOf,
  'checkout.session.line_items': (transaction, id) =>
    answerInside(transaction, { name: 'checkout_sessions.line_items', path: { id }, params: {} }),
  'checkout.session.total_details.breakdown': breakdownOfSession,
  'coupon.applies_to': (transaction, id) => couponOf(transaction, id).applies_to,
  'coupon.currency_options': (transaction, id) => couponOf(transaction, id).currency_options,
  'customer.cash_balance': (transaction, customer) =>
    answerInside(transaction, { name: 'customer_cash_balance.retrieve', path: { customer }, params: {} }),
  'customer.invoice_credit_balance': creditBalance,
  'customer.sources': (transaction, customer) =>
    answerInside(transaction, { name: 'customers.list_sources', path: { customer }, params: {} }),
  'customer.subscriptions': (transaction, id) => listOf(transaction, 'subscriptions', { customer: id }),
  'customer.tax': customerTax,
  'customer.tax_ids': (transaction, id) =>
    answerInside(transaction, { name: 'customers.list_tax_ids', path: { customer: id }, params: {} }),
  'invoice.confirmation_secret': confirmationSecret,
  'invoice.payments': invoicePayments,
  'item.discounts': (transaction, id) => transaction.get('item_breakdowns', id)?.discounts ?? [],
  'item.taxes': (transaction, id) => transaction.get('item_breakdowns', id)?.taxes ?? [],
  'payment_link.line_items': (transaction, id) =>
    answerInside(transaction, { name: 'payment_links.line_items', path: { id }, params: {} }),
  'plan.tiers': (transaction, id) => priceOf(transaction, id).tiers,
  'price.currency_options': (transaction, id) => optionsOf(priceOf(transaction, id)),
  'price.tiers': (transaction, id) => priceOf(transaction, id).tiers,
  'promotion_code.restrictions.currency_options': (transaction, id) =>
    transaction.get('promotion_codes', id)?.restrictions.currency_options,
  'quote.computed.recurring.total_details.breakdown': (transaction, id) =>
    transaction.load('quote_details', id).breakdowns.recurring,
  'quote.computed.upfront.total_details.breakdown': upfrontOf,
  'quote.computed.upfront.line_items': (transaction, id) =>
    answerInside(transaction, { name: 'quotes.computed_upfront_line_items', path: { id }, params: {} }),
  'quote.line_items': (transaction, id) =>
    answerInside(transaction, { name: 'quotes.line_items', path: { id }, params: {} }),
  'quote.total_details.breakdown': upfrontOf,
  'shipping_rate.fixed_amount.currency_options': (transaction, id) =>
    transaction.get('shipping_rates', id)?.fixed_amount?.currency_options,
}

/** The value of a field that the object has only on request; `undefined` when it has none. */
export function include(transaction: Transaction, owner: Fields, field: string): unknown {
  const name = `${String(owner['object'])}.${field}`
  if (name === 'search_result.total_count') return totalOf(owner)
  return INCLUDES[name]?.(transaction, String(owner['id']))
}

function breakdownOfSession(transaction: Transaction, id: string): unknown {
  const { lineItems } = transaction.load('checkout_orders', id)
  return summedBreakdown(lineItems.flatMap((item) => transaction.get('item_breakdowns', item.id) ?? []))
}

function upfrontOf(transaction: Transaction, quote: string): unknown {
  return transaction.load('quote_details', quote).breakdowns.upfront
}

/** The balance by currency; a customer here has but one. */
function creditBalance(transaction: Transaction, id: string): unknown {
  const { balance, currency } = transaction.load('customers', id)
  return balance === 0 ? {} : { [currency ?? 'usd']: balance }
}

function listOf(transaction: Transaction, resource: string, params: Fields): unknown {
  return answerInside(transaction, { name: `${resource}.list`, path: {}, params })
}

/** Inside a charge the list names the charge's own address, and counts. */
function refundsOf(transaction: Transaction, charge: string): unknown {
  const list = listOf(transaction, 'refunds', { charge })
  const count = transaction.by('refunds', 'charge', charge).length
  return { ...(list as Fields), total_count: count, url: `/v1/charges/${charge}/refunds` }
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
