import type Stripe from 'stripe'
import { planOf } from '../catalogue/plan.js'
import { noSuch } from '../error.js'
import { mergeMetadata } from '../metadata.js'
import type { Transaction } from '../transaction.js'
import { changeItemDiscounts } from './discounts.js'
import { createItem, periodOf, type Subscription, type SubscriptionItem } from './items.js'
import { askedPrice, quantityOf, readItem, refuseTrialOffer, thresholdsOf } from './read-items.js'
import { readTaxRates } from './tax-rates.js'

type ItemParams = NonNullable<Stripe.SubscriptionUpdateParams['items']>[number] & { readonly plan?: string }

interface Numbered {
  readonly change: ItemParams
  readonly index: number
  readonly subscription: Subscription
}

/** The items of a subscription with a request's changes to them, still in the periods they were in. */
export function applyItems(
  transaction: Transaction,
  subscription: Subscription,
  changes: readonly ItemParams[],
): readonly SubscriptionItem[] {
  let items = subscription.items.data
  for (const [index, change] of changes.entries()) {
    if (change.id === undefined) {
      items = [...items, newItem(transaction, { change, index, subscription })]
      continue
    }
    if (!subscription.items.data.some((item) => item.id === change.id)) {
      throw noSuch('subscription_item', change.id, { param: `items[${index}][id]`, status: 400 })
    }
    items = items.flatMap((item) =>
      item.id === change.id ? changedItem(transaction, item, { change, index, subscription }) : [item],
    )
  }
  return items
}

function newItem(transaction: Transaction, { change, index, subscription }: Numbered): SubscriptionItem {
  const read = readItem(transaction, change, index)
  const item = createItem(transaction, read, { subscription: subscription.id, period: periodOf(subscription) })
  const param = `items[${index}][discounts]`
  return changeItemDiscounts(transaction, item, { asked: change.discounts, owner: subscription, param })
}

/** Another price sets the quantity back to one unless a quantity is given with it. */
function changedItem(
  transaction: Transaction,
  item: SubscriptionItem,
  { change, index, subscription }: Numbered,
): SubscriptionItem[] {
  if (change.deleted === true) return []
  const at = `items[${index}]`
  refuseTrialOffer(change, at)
  const price = askedPrice(transaction, change, index) ?? item.price
  const { quantity: before, ...rest } = item
  const asked = change.quantity ?? (price.id === item.price.id ? before : undefined)
  const quantity = quantityOf(price, asked, index)
  const thresholds = thresholdsOf(price, change.billing_thresholds, at)
  const taxRates = readTaxRates(transaction, change.tax_rates, `${at}[tax_rates]`)
  const changed = {
    ...rest,
    ...(thresholds !== undefined && { billing_thresholds: thresholds }),
    ...(taxRates !== undefined && { tax_rates: taxRates }),
    price,
    plan: planOf(price),
    ...(quantity !== undefined && { quantity }),
    metadata: mergeMetadata(item.metadata, change.metadata),
  }
  const discounts = { asked: change.discounts, owner: subscription, param: `${at}[discounts]` }
  return [changeItemDiscounts(transaction, changed, discounts)]
}
