import type { Records } from '../records.js'
import { previousAttributes } from '../previous-attributes.js'
import type { Transaction } from '../transaction.js'
import { planOf } from './plan.js'

type Price = Records['prices']

/** Reports what is different about a price. Subscribers to the older kind of object hear of recurring prices as plans. */
export function announcePriceChange(transaction: Transaction, after: Price, before: Price): void {
  if (JSON.stringify(after) === JSON.stringify(before)) return
  if (after.recurring !== null) {
    const previous = previousAttributes(planOf(before), planOf(after))
    if (Object.keys(previous).length > 0) transaction.emitObject('plan.updated', planOf(after), previous)
  }
  transaction.emitChange('price.updated', 'prices', { before, after })
}

/** A price that something refers to, also when it was deleted since. */
export function priceOf(transaction: Transaction, id: string): Price {
  return transaction.get('prices', id) ?? transaction.load('deleted_prices', id)
}
