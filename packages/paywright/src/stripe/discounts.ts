import type { Stripe } from 'stripe'

export type DiscountHolder = Stripe.Customer | Stripe.DeletedCustomer | Stripe.Subscription

/** The discounts that stand whole in a customer, or in a subscription that was read with them. */
export function discountsOf(holder: DiscountHolder): readonly Stripe.Discount[] {
  if (holder.object === 'customer') return holder.deleted === true || holder.discount == null ? [] : [holder.discount]
  const all = [...holder.discounts, ...holder.items.data.flatMap(({ discounts }) => discounts)]
  return all.filter((discount) => typeof discount !== 'string')
}

/** As it stands in events: with the ids of its discounts. */
export function withDiscountIds(subscription: Stripe.Subscription): Stripe.Subscription {
  const { items, discounts } = subscription
  const data = items.data.map((item) => ({ ...item, discounts: idsOf(item.discounts) }))
  return { ...subscription, discounts: idsOf(discounts), items: { ...items, data } }
}

function idsOf(discounts: readonly (string | Stripe.Discount)[]): string[] {
  return discounts.map((discount) => (typeof discount === 'string' ? discount : discount.id))
}
