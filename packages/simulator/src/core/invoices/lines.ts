import type { Period } from '../arithmetic/proration.js'
import { productName, quantityInWords, rateInWords, unitAmountOf, type PricePart } from '../catalogue/pricing.js'
import { livingDiscounts } from '../discounts/discounts.js'
import type { Records } from '../records.js'
import { setTaxRates } from '../taxes/line-taxes.js'
import type { Transaction } from '../transaction.js'

export type Line = Records['invoice_line_items']
type Price = Records['prices']
type Pricing = Line['pricing']
type Subscription = Records['subscriptions']

const plain = {
  object: 'line_item',
  discount_amounts: [],
  discountable: true,
  discounts: [],
  invoice: null,
  livemode: false,
  pretax_credit_amounts: [],
  taxes: [],
} as const

/** How a line or an invoice item says what price it comes from. */
export function pricingOf(price: Price, unitAmount: string | null): NonNullable<Pricing> {
  const priceDetails = { price: price.id, product: price.product }
  return { type: 'price_details', price_details: priceDetails, unit_amount_decimal: unitAmount }
}

interface ServiceLine {
  readonly subscription: Pick<Subscription, 'id' | 'metadata' | 'billing_mode'>
  readonly item: string
  readonly price: Price
  readonly quantity: number
  readonly period: Period
  /** The part of a price with tiers that the line is for. */
  readonly part?: PricePart
  /** The subscription item's own discounts and tax rates. */
  readonly terms?: Pick<Records['subscription_items'], 'discounts' | 'tax_rates'>
}

/** A subscription item's price for a period of service. */
export function serviceLine(transaction: Transaction, service: ServiceLine, amount: number): Line {
  const { part, price } = service
  const quantity = part === undefined ? service.quantity : Number(part.quantity)
  const description = `${quantityInWords(transaction, price, quantity)} (${rateInWords(price, part)})`
  const unitAmount = part?.unitAmount ?? unitAmountOf(price)
  return lineFor(transaction, { ...service, quantity }, { amount, description, unitAmount })
}

/** A subscription item during its trial. */
export function trialLine(transaction: Transaction, service: ServiceLine): Line {
  const { price, quantity } = service
  const isClassic = service.subscription.billing_mode.type === 'classic'
  const description = isClassic
    ? `Trial period for ${productName(transaction, price)}`
    : `Free trial for ${quantityInWords(transaction, price, quantity)}`
  return lineFor(transaction, service, { amount: 0, description, unitAmount: '0' })
}

function lineFor(
  transaction: Transaction,
  service: ServiceLine,
  wording: { amount: number; description: string; unitAmount: string },
): Line {
  const { subscription, item, price, quantity, period, terms } = service
  return {
    ...plain,
    id: taxedBy(transaction, transaction.newId('il'), terms?.tax_rates),
    amount: wording.amount,
    currency: price.currency,
    description: wording.description,
    discounts: livingDiscounts(transaction, terms?.discounts ?? []),
    metadata: subscription.metadata,
    parent: {
      type: 'subscription_item_details',
      invoice_item_details: null,
      subscription_item_details: {
        invoice_item: null,
        proration: false,
        proration_details: { credited_items: null },
        subscription: subscription.id,
        subscription_item: item,
      },
    },
    period: { start: period.start, end: period.end },
    pricing: pricingOf(price, wording.unitAmount),
    quantity,
    quantity_decimal: String(quantity),
    subscription: subscription.id,
    subtotal: wording.amount,
  }
}

/** The line that a pending invoice item becomes when an invoice takes it in. */
export function lineOfItem(
  transaction: Transaction,
  item: Records['invoice_items'],
  id: string = transaction.newId('il'),
): Line {
  return {
    ...plain,
    id: taxedBy(transaction, id, item.tax_rates),
    amount: item.amount,
    currency: item.currency,
    description: item.description,
    discountable: item.discountable,
    discounts: item.discounts ?? [],
    metadata: item.metadata ?? {},
    parent: parentOfItem(item),
    period: item.period,
    pricing: item.pricing,
    quantity: item.quantity,
    quantity_decimal: item.quantity_decimal,
    subscription: item.parent?.subscription_details?.subscription ?? null,
    subtotal: item.amount,
  }
}

/** The id of a line that these rates are kept for. */
function taxedBy(
  transaction: Transaction,
  id: string,
  rates: readonly { readonly id: string }[] | null | undefined,
): string {
  const taxRates = (rates ?? []).map((rate) => rate.id)
  setTaxRates(transaction, id, taxRates)
  return id
}

function parentOfItem(item: Records['invoice_items']): Line['parent'] {
  const details = item.parent?.subscription_details ?? null
  const credited = item.proration_details?.credited_items?.invoice_line_item_details ?? null
  const common = { invoice_item: item.id, proration: item.proration, proration_details: { credited_items: credited } }
  const subscription = details?.subscription ?? null
  if (details?.subscription_item === undefined) {
    const parent = { ...common, subscription }
    return { type: 'invoice_item_details', invoice_item_details: parent, subscription_item_details: null }
  }
  const parent = { ...common, subscription, subscription_item: details.subscription_item }
  return { type: 'subscription_item_details', invoice_item_details: null, subscription_item_details: parent }
}
