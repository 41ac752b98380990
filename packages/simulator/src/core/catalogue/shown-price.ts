import type { Records } from '../records.js'
import type { Transaction } from '../transaction.js'
import { planOf } from './plan.js'

type Price = Records['prices']
type SubscriptionItem = Records['subscription_items']

/** A price as it is sent: without the fields that must be asked for. */
export function shownPrice(price: Price): Price {
  if (price.tiers === undefined && price.currency_options === undefined) return price
  const { currency_options: _options, tiers: _tiers, ...shown } = price
  return shown
}

/** Whatever holds its price whole, such as a line item, as it is sent. */
export function shownItem<Item extends { readonly price: Price | null }>(item: Item): Item {
  if (item.price === null) return item
  const price = shownPrice(item.price)
  return price === item.price ? item : { ...item, price }
}

/** A subscription item as it is sent, with its price as it is now: that may have been renamed or archived since. */
export function shownSubscriptionItem(transaction: Transaction, item: SubscriptionItem): SubscriptionItem {
  const price = transaction.get('prices', item.price.id) ?? item.price
  if (price === item.price) return shownItem(item)
  return { ...item, plan: planOf(price), price: shownPrice(price) }
}
