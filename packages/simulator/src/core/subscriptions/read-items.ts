import type Stripe from 'stripe'
import { createPrice } from '../catalogue/create-price.js'
import { priceIn } from '../catalogue/pricing.js'
import type { AskedDiscounts } from '../discounts/discounts.js'
import { invalidRequest, missingParameter, noSuch } from '../error.js'
import { mergeMetadata } from '../metadata.js'
import type { Records } from '../records.js'
import type { Transaction } from '../transaction.js'
import { isMetered, sameInterval, type NewItem, type SubscriptionItem } from './items.js'
import { readTaxRates } from './tax-rates.js'

type Price = Records['prices']

/** What creating and changing an item have in common. */
export interface ItemParams {
  readonly billing_thresholds?: '' | { readonly usage_gte: number } | null
  readonly current_trial?: { readonly trial_offer: string }
  readonly discounts?: AskedDiscounts
  readonly metadata?: unknown
  readonly plan?: string
  readonly price?: string
  readonly price_data?: Stripe.SubscriptionCreateParams.Item.PriceData
  readonly quantity?: number
  readonly tax_rates?: '' | readonly string[] | null
}

/** The most items of a subscription in classic billing mode. https://docs.stripe.com/billing/subscriptions/quantities */
const MOST_ITEMS = 20

/** What a request's `items[index]` asks for, priced. */
export function readItem(transaction: Transaction, params: ItemParams, index: number): NewItem {
  const at = `items[${index}]`
  refuseTrialOffer(params, at)
  const price = askedPrice(transaction, params, index)
  if (price === undefined) throw missingParameter(`${at}[price]`)
  return {
    price,
    quantity: quantityOf(price, params.quantity, index),
    billing_thresholds: thresholdsOf(price, params.billing_thresholds, at) ?? null,
    metadata: mergeMetadata({}, params.metadata),
    tax_rates: readTaxRates(transaction, params.tax_rates, `${at}[tax_rates]`) ?? [],
  }
}

export function quantityOf(price: Price, asked: number | undefined, index: number): number | undefined {
  if (!isMetered({ price })) return asked ?? 1
  if (asked === undefined) return undefined
  const message = `Quantity should not be specified where usage_type is \`metered\`. Remove quantity from \`items[${index}]\``
  throw invalidRequest(message, { param: `items[${index}][quantity]` })
}

export function thresholdsOf(
  price: Price,
  asked: ItemParams['billing_thresholds'],
  at: string,
): SubscriptionItem['billing_thresholds'] | undefined {
  if (asked === undefined) return undefined
  if (asked === '' || asked === null) return null
  if (isMetered({ price })) return { usage_gte: asked.usage_gte }
  const message = 'Usage thresholds can only be set on items whose price has `recurring.usage_type=metered`.'
  throw invalidRequest(message, { param: `${at}[billing_thresholds]` })
}

/** Trial offers cannot be made here, so none of them exists. */
export function refuseTrialOffer({ current_trial: trial }: ItemParams, at: string): void {
  if (trial === undefined) return
  throw noSuch('trial offer', trial.trial_offer, { param: `${at}[current_trial][trial_offer]`, status: 400 })
}

/** The price that an item names, or the one it describes, which is made for it alone. */
export function askedPrice(transaction: Transaction, params: ItemParams, index: number): Price | undefined {
  const at = `items[${index}]`
  const named = params.price ?? params.plan
  if (params.price_data === undefined) {
    const param = params.price === undefined ? `${at}[plan]` : `${at}[price]`
    const kind = params.price === undefined ? 'plan' : 'price'
    return named === undefined ? undefined : readPrice(transaction, named, { kind, param })
  }
  if (named !== undefined) {
    throw invalidRequest('You may only specify one of these parameters: price, price_data.', { param: at })
  }
  const { product } = params.price_data
  transaction.require('products', product, { kind: 'product', param: `${at}[price_data][product]` })
  return createPrice(transaction, { ...params.price_data, active: false })
}

function readPrice(
  transaction: Transaction,
  id: string,
  refer: { readonly kind: string; readonly param: string },
): Price {
  const { param } = refer
  const price = transaction.require('prices', id, refer)
  if (!price.active) {
    throw invalidRequest('The price specified is inactive. This field only accepts active prices.', { param })
  }
  if (price.recurring !== null) return price
  const message =
    'The price specified is set to `type=one_time` but this field only accepts prices with `type=recurring`.'
  throw invalidRequest(message, { param })
}

/** All items of one subscription are of one currency, and in classic billing mode of one interval. */
export function requireSameTerms(
  prices: readonly Price[],
  terms: { readonly currency: string; readonly isFlexible: boolean },
): void {
  const strange = prices.find((price) => priceIn(price, terms.currency) === undefined)
  if (strange !== undefined) {
    const message = `The price specified only supports \`${strange.currency}\`. This doesn't match the expected currency: \`${terms.currency}\`.`
    throw invalidRequest(message, { param: 'items' })
  }
  if (new Set(prices.map((price) => price.id)).size < prices.length) {
    const message = 'Cannot add multiple subscription items with the same plan. Use the quantity instead.'
    throw invalidRequest(message, { param: 'items' })
  }
  if (!terms.isFlexible) requireClassicTerms(prices)
}

function requireClassicTerms(prices: readonly Price[]): void {
  if (prices.length > MOST_ITEMS) {
    throw invalidRequest(`A subscription may have at most ${MOST_ITEMS} items.`, { param: 'items' })
  }
  const [first] = prices
  if (first === undefined || prices.every((price) => sameInterval(price, first))) return
  const message =
    'All prices on a subscription must have the same `recurring.interval` and `recurring.interval_count`. If you meant to ' +
    'update an existing subscription item instead of creating a new one, make sure to include the subscription item ID in ' +
    'your request. See examples at https://stripe.com/docs/billing/subscriptions/upgrade-downgrade#changing.'
  throw invalidRequest(message, { param: 'items' })
}
