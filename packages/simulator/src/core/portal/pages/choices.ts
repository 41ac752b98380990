import { amountOf, priceIn, productName } from '../../catalogue/pricing.js'
import type { Records } from '../../records.js'
import { intervalOf, type Subscription } from '../../subscriptions/items.js'
import type { Transaction } from '../../transaction.js'
import type { Portal } from './open.js'

type Price = Records['prices']

/** A price that the customer can change to. */
export interface Choice {
  readonly price: string
  readonly name: string
  readonly description: string | null
  readonly value: number
  readonly currency: string
  readonly interval: string
  readonly intervalCount: number
  readonly isCurrent: boolean
}

/** What of a subscription can be changed in the portal. */
export interface Options {
  /** Cheapest first, the present one among them. */
  readonly choices: readonly Choice[]
  readonly quantity: { readonly current: number; readonly minimum: number; readonly maximum: number } | null
  readonly takesCodes: boolean
}

/** The catalogue is looked through only this far: a page of more plans would help nobody. */
const MOST_CHOICES = 20

const LARGEST_QUANTITY = 999_999

/** What the portal can change; nothing of subscriptions of several plans, of sent invoices, or with a schedule. */
export function optionsFor(transaction: Transaction, portal: Portal, subscription: Subscription): Options {
  const { subscription_update: feature } = portal.configuration.features
  const [item, ...others] = subscription.items.data
  const isFixed =
    others.length > 0 || subscription.collection_method === 'send_invoice' || subscription.schedule !== null
  if (!feature.enabled || item === undefined || isFixed) return { choices: [], quantity: null, takesCodes: false }
  const bounds = quantityBoundsOf(portal, item.price)
  const current = item.quantity ?? 1
  return {
    choices: choicesFor(transaction, portal, subscription),
    quantity: bounds === null ? null : { current, ...bounds },
    takesCodes: feature.default_allowed_updates.includes('promotion_code'),
  }
}

export function canChange({ choices, quantity, takesCodes }: Options): boolean {
  return choices.some((choice) => !choice.isCurrent) || quantity !== null || takesCodes
}

/** How many of a price the customer may have; `null` when they may not say. */
export function quantityBoundsOf(
  { configuration }: Portal,
  price: Price,
): { readonly minimum: number; readonly maximum: number } | null {
  const { default_allowed_updates: allowed, products } = configuration.features.subscription_update
  if (!allowed.includes('quantity') || price.recurring?.usage_type === 'metered') return null
  const listed = products?.find(({ product }) => product === price.product)?.adjustable_quantity
  if (products !== null && products !== undefined && listed?.enabled === false) return null
  return { minimum: Math.max(1, listed?.minimum ?? 1), maximum: listed?.maximum ?? LARGEST_QUANTITY }
}

/** What the customer may change to, cheapest first; none when only the present plan is left. */
export function choicesFor(transaction: Transaction, portal: Portal, subscription: Subscription): readonly Choice[] {
  const { subscription_update: feature } = portal.configuration.features
  const [item] = subscription.items.data
  if (!feature.enabled || !feature.default_allowed_updates.includes('price') || item === undefined) return []
  const prices = offered(transaction, feature, item.price).flatMap((price) => {
    return fits(price, item.price) ? [priceIn(price, subscription.currency) ?? price] : []
  })
  const choices = prices.map((price): Choice => {
    const { unit: interval, count: intervalCount } = intervalOf(price)
    const product = transaction.get('products', price.product)
    const value = amountOf(price, item.quantity ?? 1)
    const words = { name: productName(transaction, price), description: product?.description ?? null }
    const isCurrent = price.id === item.price.id
    return { price: price.id, ...words, value, currency: price.currency, interval, intervalCount, isCurrent }
  })
  return choices.some((choice) => !choice.isCurrent) ? choices.toSorted((left, right) => left.value - right.value) : []
}

function offered(
  transaction: Transaction,
  feature: Portal['configuration']['features']['subscription_update'],
  current: Price,
): Price[] {
  const listed = feature.products ?? null
  if (listed !== null) {
    const ids = new Set([current.id, ...listed.flatMap((product) => product.prices)])
    return [...ids].flatMap((id) => transaction.get('prices', id) ?? [])
  }
  const wanted = (price: Price): boolean => price.id === current.id || fits(price, current)
  return [...transaction.page('prices', { limit: MOST_CHOICES }, { where: wanted, kind: 'price' }).data]
}

function fits(price: Price, current: Price): boolean {
  if (price.id === current.id) return true
  const isRecurring = price.active && price.recurring !== null && price.recurring.usage_type === 'licensed'
  return isRecurring && priceIn(price, current.currency) !== undefined
}
