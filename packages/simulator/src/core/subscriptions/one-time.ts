import type Stripe from 'stripe'
import type { Period } from '../arithmetic/proration.js'
import { createPrice } from '../catalogue/create-price.js'
import { invalidRequest, missingParameter } from '../error.js'
import { createInvoiceItem, pricedBy } from '../invoices/invoice-items.js'
import { mergeMetadata } from '../metadata.js'
import type { Records } from '../records.js'
import type { Transaction } from '../transaction.js'
import type { Subscription } from './items.js'
import { readTaxRates } from './tax-rates.js'

type Extra = NonNullable<Stripe.SubscriptionCreateParams['add_invoice_items']>[number]

interface Place {
  readonly subscription: Pick<Subscription, 'customer' | 'id'>
  readonly period: Period
}

const MOST = 20

/** One-time prices that the next invoice of a subscription bills beside it. */
export function addOneTimeItems(transaction: Transaction, extras: readonly Extra[], place: Place): void {
  if (extras.length > MOST) {
    throw invalidRequest(`You may only specify up to ${MOST} \`add_invoice_items\`.`, { param: 'add_invoice_items' })
  }
  for (const [index, extra] of extras.entries()) {
    const param = `add_invoice_items[${index}]`
    const { customer, id } = place.subscription
    createInvoiceItem(transaction, {
      ...pricedBy(transaction, oneTimePrice(transaction, extra, param), extra.quantity ?? 1),
      customer,
      ...(extra.discountable !== undefined && { discountable: extra.discountable }),
      metadata: mergeMetadata({}, extra.metadata),
      parent: { type: 'subscription_details', subscription_details: { subscription: id } },
      period: periodOf(extra.period, place.period, transaction.now),
      tax_rates: [...(readTaxRates(transaction, extra.tax_rates, `${param}[tax_rates]`) ?? [])],
    })
  }
}

function oneTimePrice(transaction: Transaction, extra: Extra, param: string): Records['prices'] {
  if (extra.price_data !== undefined) {
    const { product } = extra.price_data
    transaction.require('products', product, { kind: 'product', param: `${param}[price_data][product]` })
    return createPrice(transaction, { ...extra.price_data, active: false })
  }
  if (extra.price === undefined) throw missingParameter(`${param}[price]`)
  const price = transaction.require('prices', extra.price, { kind: 'price', param: `${param}[price]` })
  if (price.type !== 'recurring') return price
  const message =
    'The price specified is set to `type=recurring` but this field only accepts prices with `type=one_time`.'
  throw invalidRequest(message, { param: `${param}[price]` })
}

function periodOf(asked: Extra['period'], period: Period, now: number): Period {
  if (asked === undefined) return period
  return { start: startOf(asked.start, period, now), end: asked.end.timestamp ?? period.end }
}

function startOf({ type, timestamp }: NonNullable<Extra['period']>['start'], period: Period, now: number): number {
  if (type === 'now') return now
  return timestamp ?? period.start
}
