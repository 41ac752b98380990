import type Stripe from 'stripe'
import { commandOf } from '../handler.js'
import { invoiceHandlers } from '../invoices/handlers.js'
import { invoiceItemHandlers } from '../invoices/invoice-item-handlers.js'
import type { AskedReduction, QuoteItem } from '../private-records.js'
import type { Records } from '../records.js'
import type { Transaction } from '../transaction.js'

const DAY = 24 * 3600

/** What is sold on which terms. */
export interface Terms {
  readonly items: readonly QuoteItem[]
  readonly discounts: readonly AskedReduction[]
  readonly quote: Pick<
    Records['quotes'],
    'automatic_tax' | 'collection_method' | 'customer' | 'default_tax_rates' | 'invoice_settings' | 'subscription_data'
  >
}

export function isRecurring({ price }: QuoteItem): boolean {
  return price.type === 'recurring'
}

/** The subscription that comes of it, as a request for it would say. */
export function subscriptionParams(terms: Terms, customer: string): Stripe.SubscriptionCreateParams {
  const { billing_mode: mode, trial_period_days: trial } = terms.quote.subscription_data
  return {
    customer,
    ...sale(terms),
    ...(mode.type === 'classic' && { billing_mode: { type: 'classic' as const } }),
    ...(trial !== null && { trial_period_days: trial }),
  }
}

/** The same from a later day on: a schedule of one period, after which the subscription goes on by itself. */
export function scheduleParams(
  terms: Terms,
  customer: string,
  startDate: number,
): Stripe.SubscriptionScheduleCreateParams {
  const { billing_mode: mode, trial_period_days: trial } = terms.quote.subscription_data
  const { interval = 'month', interval_count: count = 1 } = terms.items.find(isRecurring)?.price.recurring ?? {}
  const duration = { interval, interval_count: count }
  const phase = { ...sale(terms), duration, ...(trial !== null && { trial_end: startDate + trial * DAY }) }
  return {
    customer,
    start_date: startDate,
    end_behavior: 'release',
    ...(mode.type === 'classic' && { billing_mode: { type: 'classic' as const } }),
    phases: [phase],
  }
}

/** What is sold, less discounts and with taxes; the same for a subscription and for a phase of its schedule. */
function sale({ items, discounts, quote }: Terms): Sale {
  const { description, metadata } = quote.subscription_data
  return {
    items: items.filter(isRecurring).map(pricedItem),
    add_invoice_items: items.filter((item) => !isRecurring(item)).map(pricedItem),
    ...reductions(discounts),
    ...taxes(quote),
    ...(description !== null && { description }),
    ...(metadata !== null && { metadata: { ...metadata } }),
  }
}

interface Sale extends ReturnType<typeof taxes> {
  items: PricedItem[]
  add_invoice_items: PricedItem[]
  discounts?: AskedReduction[]
  description?: string
  metadata?: Record<string, string>
}

interface PricedItem {
  readonly discounts?: AskedReduction[]
  readonly price: string
  readonly quantity?: number
  readonly tax_rates?: string[]
}

function pricedItem({ price, quantity, discounts, taxRates }: QuoteItem): PricedItem {
  return {
    price: price.id,
    ...(quantity !== null && { quantity }),
    ...reductions(discounts),
    ...(taxRates.length > 0 && { tax_rates: [...taxRates] }),
  }
}

function reductions(discounts: readonly AskedReduction[]): { discounts?: AskedReduction[] } {
  return discounts.length === 0 ? {} : { discounts: [...discounts] }
}

function taxes({
  automatic_tax: tax,
  default_tax_rates: rates = [],
}: Terms['quote']): Pick<Stripe.SubscriptionCreateParams, 'automatic_tax' | 'default_tax_rates'> {
  return {
    ...(tax.enabled && { automatic_tax: { enabled: true } }),
    ...(rates.length > 0 && { default_tax_rates: [...rates] }),
  }
}

/** How the invoices that come of it are collected. */
export function collection({ collection_method: method, invoice_settings: settings }: Terms['quote']): {
  readonly collection_method: string
  readonly days_until_due?: number
} {
  if (method !== 'send_invoice') return { collection_method: method }
  return { collection_method: method, days_until_due: settings.days_until_due ?? 30 }
}

/** Writes the invoice over what is sold once: a draft. */
export function draftInvoice(transaction: Transaction, terms: Terms, customer: string): string {
  const { items, discounts, quote } = terms
  const { custom_fields: fields, description, footer } = quote.invoice_settings
  const invoice = commandOf(invoiceHandlers, 'invoices.create')(transaction, {
    customer,
    currency: items[0]?.price.currency,
    pending_invoice_items_behavior: 'exclude',
    auto_advance: false,
    ...collection(quote),
    ...reductions(discounts),
    ...taxes(quote),
    ...(fields !== null && { custom_fields: fields }),
    ...(description !== null && { description }),
    ...(footer !== null && { footer }),
  })
  for (const { price, ...item } of items.map(pricedItem)) {
    commandOf(invoiceItemHandlers, 'invoiceitems.create')(transaction, {
      customer,
      invoice,
      pricing: { price },
      ...item,
    })
  }
  return invoice
}
