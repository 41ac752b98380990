import { periodAt, type Interval } from '../arithmetic/periods.js'
import type { Period } from '../arithmetic/proration.js'
import { notSimulated } from '../error.js'
import { planOf } from '../catalogue/plan.js'
import type { Records } from '../records.js'
import { livingDiscounts } from '../discounts/discounts.js'
import type { Transaction } from '../transaction.js'

export type Subscription = Records['subscriptions']
export type SubscriptionItem = Records['subscription_items']
type Price = Records['prices']

/** An item that is asked for, priced. */
export interface NewItem extends Pick<SubscriptionItem, 'billing_thresholds' | 'metadata' | 'tax_rates'> {
  readonly price: Price
  readonly quantity: number | undefined
}

export function intervalOf(price: Price): Interval {
  const unit = price.recurring?.interval ?? 'month'
  if (!isUnit(unit)) throw notSimulated(`The interval ${unit}`, 'price')
  return { unit, count: price.recurring?.interval_count ?? 1 }
}

export function isUnit(text: string): text is Interval['unit'] {
  return text === 'day' || text === 'week' || text === 'month' || text === 'year'
}

export function sameInterval(left: Price, right: Price): boolean {
  const [one, other] = [intervalOf(left), intervalOf(right)]
  return one.unit === other.unit && one.count === other.count
}

/** What is used is counted and billed afterwards; it has no quantity. */
export function isMetered({ price }: Pick<SubscriptionItem, 'price'>): boolean {
  return price.recurring?.usage_type === 'metered'
}

export function createItem(
  transaction: Transaction,
  item: NewItem,
  place: { readonly subscription: string; readonly period: Period },
): SubscriptionItem {
  return {
    id: transaction.newId('si'),
    object: 'subscription_item',
    billing_thresholds: item.billing_thresholds,
    created: transaction.now,
    current_period_end: place.period.end,
    current_period_start: place.period.start,
    current_trial: null,
    discounts: [],
    metadata: item.metadata,
    plan: planOf(item.price),
    price: item.price,
    ...(item.quantity !== undefined && { quantity: item.quantity }),
    subscription: place.subscription,
    tax_rates: item.tax_rates,
  }
}

/** The whole period of service that an instant falls into, by the subscription's anchor. */
export function servicePeriod(anchor: number, price: Price, at: number): Period {
  return periodAt(anchor, intervalOf(price), at)
}

export function withPeriod(item: SubscriptionItem, { start, end }: Period): SubscriptionItem {
  return { ...item, current_period_start: start, current_period_end: end }
}

/** The period that an item is in. */
export function periodOfItem(item: SubscriptionItem): Period {
  return { start: item.current_period_start, end: item.current_period_end }
}

/** The period that ends next. Items of one interval share it; of several, each has its own. */
export function periodOf(subscription: Pick<Subscription, 'id' | 'items'>): Period {
  let [next] = subscription.items.data
  for (const item of subscription.items.data) {
    if (next === undefined || item.current_period_end < next.current_period_end) next = item
  }
  if (next === undefined) throw new Error(`Subscription ${subscription.id} has no items.`)
  return periodOfItem(next)
}

/** The end of the period that ends last, which is when a subscription ends that is to end with its period. */
export function lastEndOf(items: readonly SubscriptionItem[]): number {
  return items.reduce((last, item) => Math.max(last, item.current_period_end), 0)
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
  // An invoice that was written meanwhile may have used a discount up.
  const living = (ids: readonly string[]): readonly string[] => livingDiscounts(transaction, ids)
  const data = items.map((item) => ({ ...item, discounts: living(item.discounts) }))
  for (const item of data) transaction.put('subscription_items', item)
  const url = `/v1/subscription_items?subscription=${subscription.id}`
  const list = { object: 'list' as const, data, has_more: false, url }
  const discounts = living(subscription.discounts)
  return transaction.put('subscriptions', { ...subscription, discounts, items: list })
}
