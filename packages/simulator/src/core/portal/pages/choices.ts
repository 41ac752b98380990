import { amountOf, productName } from '../../catalogue/pricing.js'
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

/** The catalogue is looked through only this far: a page of more plans would help nobody. */
const MOST_CHOICES = 20

/** What the customer may change to, cheapest first; none when only the present plan is left. */
export function choicesFor(transaction: Transaction, portal: Portal, subscription: Subscription): Choice[] {
  const { subscription_update: feature } = portal.configuration.features
  const [item, ...others] = subscription.items.data
  if (!feature.enabled || !feature.default_allowed_updates.includes('price')) return []
  if (item === undefined || others.length > 0 || subscription.collection_method === 'send_invoice') return []
  const prices = offered(transaction, feature, item.price).filter((price) => fits(price, item.price))
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
  return isRecurring && price.billing_scheme === 'per_unit' && price.currency === current.currency
}
