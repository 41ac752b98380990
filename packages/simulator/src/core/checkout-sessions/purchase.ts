import type Stripe from 'stripe'
import type { Handlers } from '../handler.js'
import { invoiceHandlers } from '../invoices/handlers.js'
import { invoiceItemHandlers } from '../invoices/invoice-item-handlers.js'
import type { CheckoutOrder } from '../private-records.js'
import type { Transaction } from '../transaction.js'
import type { LineItem } from './line-item.js'
import type { CheckoutSession } from './session.js'

/** An order as it stands: what is in it, and what is taken off. */
export type Sale = Pick<CheckoutOrder, 'asked' | 'chosenAmounts' | 'lineItems' | 'optionalItems' | 'taxRates'> &
  Pick<CheckoutSession, 'currency' | 'discounts' | 'mode' | 'shipping_cost'> & { readonly session: string }

export function saleOf(session: CheckoutSession, order: CheckoutOrder): Sale {
  const { asked, chosenAmounts, lineItems, optionalItems, taxRates } = order
  const { currency, discounts, mode, shipping_cost } = session
  return {
    asked,
    chosenAmounts,
    currency,
    discounts,
    lineItems,
    mode,
    optionalItems,
    session: session.id,
    shipping_cost,
    taxRates,
  }
}

/** The subscription that the order is for, as a request for it would say. */
export function subscriptionParams(sale: Sale, customer: string): Stripe.SubscriptionCreateParams {
  const { asked, currency, lineItems } = sale
  const { description, metadata, billing_mode: mode, trial_end: end, ...data } = asked.subscription_data ?? {}
  const of = (type: 'one_time' | 'recurring'): LineItem[] => lineItems.filter(({ price }) => price?.type === type)
  return {
    customer,
    items: of('recurring').map((item) => priced(sale, item)),
    add_invoice_items: of('one_time').map((item) => priced(sale, item)),
    ...reductionsOf(sale),
    ...(currency !== null && { currency }),
    ...(description !== undefined && { description }),
    ...(metadata !== undefined && { metadata }),
    ...(mode !== undefined && { billing_mode: mode }),
    ...(end !== undefined && { trial_end: end }),
    ...restOf(data),
  }
}

type SubscriptionData = NonNullable<CheckoutOrder['asked']['subscription_data']>

function restOf(data: SubscriptionData): Partial<Stripe.SubscriptionCreateParams> {
  const { trial_period_days: days, trial_settings: trial, billing_cycle_anchor: anchor } = data
  const { billing_cycle_anchor_config: anchors, default_tax_rates: rates, invoice_settings: settings } = data
  const { pending_invoice_item_interval: pending, proration_behavior: proration } = data
  return {
    ...(days !== undefined && { trial_period_days: days }),
    ...(trial !== undefined && { trial_settings: trial }),
    ...(anchor !== undefined && { billing_cycle_anchor: anchor }),
    ...(anchors !== undefined && { billing_cycle_anchor_config: anchors }),
    ...(rates !== undefined && { default_tax_rates: rates }),
    ...(settings !== undefined && { invoice_settings: settings }),
    ...(pending !== undefined && { pending_invoice_item_interval: pending }),
    ...(proration !== undefined && { proration_behavior: proration }),
  }
}

function priced(
  { taxRates }: Sale,
  { id, price, quantity }: LineItem,
): { price: string; quantity?: number; tax_rates?: string[] } {
  const rates = taxRates[id] ?? []
  return {
    price: price?.id ?? '',
    ...(quantity !== null && { quantity }),
    ...(rates.length > 0 && { tax_rates: [...rates] }),
  }
}

/** What is taken off, and whether tax is worked out. */
function reductionsOf({ asked, discounts }: Sale): Pick<Stripe.InvoiceCreateParams, 'automatic_tax' | 'discounts'> {
  const named = (discounts ?? []).map(({ coupon, promotion_code: code }) =>
    code === null ? { coupon: coupon ?? '' } : { promotion_code: code },
  )
  return {
    ...(named.length > 0 && { discounts: named }),
    ...(asked.automatic_tax?.enabled === true && { automatic_tax: { enabled: true } }),
  }
}

/** Writes an invoice over a one-time order: a draft, from which its amounts can be read or which can be made final. */
export function draftInvoice(transaction: Transaction, sale: Sale, customer: string): string {
  const { asked, currency, lineItems, shipping_cost: shipping } = sale
  const { invoice_data: data = {} } = asked.invoice_creation ?? {}
  const { issuer: _issuer, ...worded } = data
  const rate = shipping?.shipping_rate ?? null
  const invoice = command(invoiceHandlers, 'invoices.create')(transaction, {
    customer,
    currency,
    pending_invoice_items_behavior: 'exclude',
    auto_advance: false,
    ...reductionsOf(sale),
    ...worded,
    ...(rate !== null && { shipping_cost: { shipping_rate: rate } }),
  })
  for (const item of lineItems) {
    command(invoiceItemHandlers, 'invoiceitems.create')(transaction, { customer, invoice, ...itemParams(sale, item) })
  }
  return invoice
}

function itemParams(sale: Sale, item: LineItem): object {
  const { price, quantity, tax_rates: rates } = priced(sale, item)
  const chosen = sale.chosenAmounts[item.id]
  const taxed = rates === undefined ? {} : { tax_rates: rates }
  if (chosen === undefined) return { pricing: { price }, quantity, ...taxed }
  return { amount: chosen, currency: sale.currency, description: item.description ?? undefined, ...taxed }
}

/** What a request does; it answers the id of what it made. */
function command(handlers: Handlers, name: string): (transaction: Transaction, params: object) => string {
  const handler = handlers[name]
  if (handler === undefined) throw new Error(`There is no command ${name}.`)
  return (transaction, params) => {
    // Guaranteed: the handler takes these parameters, which are a request's, and answers the object that it made.
    const made = handler(transaction, { path: {}, params: params as never }) as { readonly id: string }
    return made.id
  }
}
