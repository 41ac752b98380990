import type Stripe from 'stripe'
import { createPrice } from '../catalogue/create-price.js'
import { invalidRequest, missingParameter, notSimulated } from '../error.js'
import { periodAt, type Interval } from '../arithmetic/periods.js'
import type { Period } from '../arithmetic/proration.js'
import { mergeMetadata } from '../metadata.js'
import { planOf } from '../catalogue/plans.js'
import type { Records } from '../records.js'
import type { Transaction } from '../transaction.js'

export type Subscription = Records['subscriptions']
export type SubscriptionItem = Records['subscription_items']
type Price = Records['prices']

interface NewItem {
  readonly price: Price
  readonly quantity: number
  readonly metadata: Readonly<Record<string, string>>
}

interface ItemParams {
  readonly metadata?: unknown
  readonly plan?: string
  readonly price?: string
  readonly price_data?: InlinePrice
  readonly quantity?: number
}

type InlinePrice = Stripe.SubscriptionCreateParams.Item.PriceData

const unsupported = ['billing_thresholds', 'current_trial', 'discounts', 'tax_rates'] as const

/** What a request's `items[index]` asks for, priced. */
export function readItem(transaction: Transaction, params: ItemParams, index: number): NewItem {
  refuseUnbuilt(params, index)
  const price = askedPrice(transaction, params, index)
  if (price === undefined) throw missingParameter(`items[${index}][price]`)
  return { price, quantity: params.quantity ?? 1, metadata: mergeMetadata({}, params.metadata) }
}

/** The price that an item names, or the one it describes, which is made for it alone. */
export function askedPrice(transaction: Transaction, params: ItemParams, index: number): Price | undefined {
  const at = `items[${index}]`
  const named = params.price ?? params.plan
  if (params.price_data === undefined) {
    return named === undefined ? undefined : readPrice(transaction, named, `${at}[price]`)
  }
  if (named !== undefined) {
    throw invalidRequest('You may only specify one of these parameters: price, price_data.', { param: at })
  }
  const { product } = params.price_data
  transaction.require('products', product, { kind: 'product', param: `${at}[price_data][product]` })
  return createPrice(transaction, { ...params.price_data, active: false })
}

export function refuseUnbuilt(params: object, index: number): void {
  const given = unsupported.find((key) => key in params && !isEmpty((params as Record<string, unknown>)[key]))
  if (given !== undefined) throw notSimulated(`items[${given}]`, `items[${index}][${given}]`)
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === '' || (Array.isArray(value) && value.length === 0)
}

function readPrice(transaction: Transaction, id: string, param: string): Price {
  const price = transaction.require('prices', id, { kind: 'price', param })
  if (!price.active) {
    throw invalidRequest('The price specified is inactive. This field only accepts active prices.', { param })
  }
  if (price.recurring === null) {
    const message =
      'The price specified is set to `type=one_time` but this field only accepts prices with `type=recurring`.'
    throw invalidRequest(message, { param })
  }
  if (price.recurring.usage_type === 'metered') throw notSimulated('A metered price', param)
  return price
}

/** All items of one subscription must be of one currency and, here, of one interval; no price may come twice. */
export function requireSameTerms(prices: readonly Price[]): void {
  const [first] = prices
  if (first === undefined) return
  const strange = prices.find((price) => price.currency !== first.currency)
  if (strange !== undefined) {
    const message = `The price specified only supports \`${strange.currency}\`. This doesn't match the expected currency: \`${first.currency}\`.`
    throw invalidRequest(message, { param: 'items' })
  }
  if (new Set(prices.map((price) => price.id)).size < prices.length) {
    const message = 'Cannot add multiple subscription items with the same plan. Use the quantity instead.'
    throw invalidRequest(message, { param: 'items' })
  }
  const wanted = JSON.stringify(intervalOf(first))
  if (prices.some((price) => JSON.stringify(intervalOf(price)) !== wanted)) {
    throw notSimulated('A subscription whose items have different intervals', 'items')
  }
}

export function intervalOf(price: Price): Interval {
  const unit = price.recurring?.interval ?? 'month'
  if (!isUnit(unit)) throw notSimulated(`The interval ${unit}`, 'price')
  return { unit, count: price.recurring?.interval_count ?? 1 }
}

function isUnit(text: string): text is Interval['unit'] {
  return text === 'day' || text === 'week' || text === 'month' || text === 'year'
}

export function createItem(
  transaction: Transaction,
  item: NewItem & { readonly id?: string; readonly created?: number },
  place: { readonly subscription: string; readonly period: Period },
): SubscriptionItem {
  return {
    id: item.id ?? transaction.newId('si'),
    object: 'subscription_item',
    billing_thresholds: null,
    created: item.created ?? transaction.now,
    current_period_end: place.period.end,
    current_period_start: place.period.start,
    current_trial: null,
    discounts: [],
    metadata: item.metadata,
    plan: planOf(item.price),
    price: item.price,
    quantity: item.quantity,
    subscription: place.subscription,
    tax_rates: [],
  }
}

/** The period of service that an instant falls into, by the subscription's anchor. */
export function servicePeriod(anchor: number, price: Price, at: number): Period {
  return periodAt(anchor, intervalOf(price), at)
}

/** The period that all items of a subscription are in; they share it, since they share an interval. */
export function periodOf(subscription: Subscription): Period {
  const [item] = subscription.items.data
  if (item === undefined) throw new Error(`Subscription ${subscription.id} has no items.`)
  return { start: item.current_period_start, end: item.current_period_end }
}

/** Writes a subscription and its items, which it holds and which also stand in a table of their own. */
export function saveSubscription(
  transaction: Transaction,
  subscription: Omit<Subscription, 'items'>,
  items: readonly SubscriptionItem[],
): Subscription {
  for (const { id } of transaction.by('subscription_items', 'subscription', subscription.id)) {
    if (!items.some((item) => item.id === id)) transaction.remove('subscription_items', id)
  }
  for (const item of items) transaction.put('subscription_items', item)
  const url = `/v1/subscription_items?subscription=${subscription.id}`
  const list = { object: 'list' as const, data: items, has_more: false, url }
  return transaction.put('subscriptions', { ...subscription, items: list })
}
