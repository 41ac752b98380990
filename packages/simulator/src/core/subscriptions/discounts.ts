import { discountLines, type DiscountTerms } from '../arithmetic/discounts.js'
import { amountOf, priceIn } from '../catalogue/pricing.js'
import { endDiscount } from '../discounts/end.js'
import { grantDiscounts, livingDiscounts, termsOf, type AskedDiscounts } from '../discounts/discounts.js'
import type { Records } from '../records.js'
import type { Transaction } from '../transaction.js'
import { isMetered, type Subscription, type SubscriptionItem } from './items.js'

type Owner = Pick<Subscription, 'currency' | 'customer' | 'discounts' | 'id'>

/** The discounts of a subscription after a request: an empty value ends them, a list takes their place. */
export function changeDiscounts(
  transaction: Transaction,
  owner: Owner,
  { asked, subtotal }: { readonly asked: AskedDiscounts; readonly subtotal?: number },
): Subscription['discounts'] {
  if (asked === undefined || (Array.isArray(asked) && asked.length === 0)) return owner.discounts
  const { currency, customer, id } = owner
  const grant = { owner: { customer, subscription: id }, currency, ...(subtotal !== undefined && { subtotal }) }
  const discounts = grantDiscounts(transaction, asked, grant)
  endOthers(transaction, owner.discounts, discounts)
  return discounts
}

/** The same of an item. */
export function changeItemDiscounts(
  transaction: Transaction,
  item: SubscriptionItem,
  { asked, owner, param }: { asked: AskedDiscounts; owner: Pick<Owner, 'currency' | 'customer'>; param: string },
): SubscriptionItem {
  if (asked === undefined || (Array.isArray(asked) && asked.length === 0)) return item
  const { currency, customer } = owner
  const discounts = grantDiscounts(transaction, asked, {
    owner: { customer, subscriptionItem: item.id },
    currency,
    param,
  })
  endOthers(transaction, item.discounts, discounts)
  return { ...item, discounts }
}

function endOthers(transaction: Transaction, before: readonly string[], after: readonly string[]): void {
  for (const id of before) if (!after.includes(id)) endDiscount(transaction, id)
}

type Discounted = Pick<Subscription, 'currency' | 'customer' | 'discounts'>

/** What an item costs for a whole period, in the subscription's currency. */
export function fullAmountOf(subscription: Pick<Subscription, 'currency'>, item: SubscriptionItem): number {
  return isMetered(item) ? 0 : amountOf(priceOf(subscription, item.price), item.quantity ?? 1)
}

/** A price in the currency of the subscription. */
export function priceOf(subscription: Pick<Subscription, 'currency'>, price: Records['prices']): Records['prices'] {
  return priceIn(price, subscription.currency) ?? price
}

/** The same after the discounts that are on it now. The items among which they are shared are given with it. */
export function netAmountOf(
  transaction: Transaction,
  subscription: Discounted,
  { item, among }: { item: SubscriptionItem; among: readonly SubscriptionItem[] },
): number {
  const full = fullAmountOf(subscription, item)
  const discounts = discountsOn(transaction, subscription)
  if (discounts.length === 0 && among.every((each) => each.discounts.length === 0)) return full
  const terms = (ids: readonly string[]): DiscountTerms[] =>
    livingDiscounts(transaction, ids).map((id) => termsOf(transaction, id, subscription.currency))
  const lines = among.map((each) => ({
    amount: fullAmountOf(subscription, each),
    product: each.price.product,
    isDiscountable: true,
    own: terms(each.discounts),
  }))
  const shares = discountLines(lines, terms(discounts))[among.findIndex((each) => each.id === item.id)] ?? []
  return full - shares.reduce((sum, { amount }) => sum + amount, 0)
}

/** A subscription's discounts take the place of its customer's. */
function discountsOn(transaction: Transaction, subscription: Discounted): readonly string[] {
  const own = livingDiscounts(transaction, subscription.discounts)
  if (own.length > 0) return own
  const discount = transaction.get('customers', subscription.customer)?.discount
  return discount === null || discount === undefined ? [] : [discount.id]
}

/** What a line was reduced by when its invoice was written. */
export function discountOfLine(transaction: Transaction, line: string): number {
  const shares = transaction.get('invoice_line_items', line)?.discount_amounts ?? []
  return shares.reduce((sum, { amount }) => sum + amount, 0)
}
