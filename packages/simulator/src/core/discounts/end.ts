import { couponOf } from '../catalogue/coupons.js'
import type { Timer } from '../private-records.js'
import type { Records } from '../records.js'
import type { Transaction } from '../transaction.js'
import { isLasting } from './discounts.js'
import type { DiscountRecord } from './record.js'

type Invoice = Records['invoices']

/** Takes a discount off what it is on, and announces it; invoices that were written with it keep it. */
export function endDiscount(transaction: Transaction, id: string): void {
  const before = transaction.load('discounts', id)
  if (before.endedAt !== null) return
  const discount = transaction.patch('discounts', id, { endedAt: transaction.now })
  transaction.unschedule('discount.end', id)
  takeFromCustomer(transaction, discount)
  takeFromSubscription(transaction, discount)
  if (isLasting(discount)) transaction.emit('customer.discount.deleted', 'discounts', discount)
}

function takeFromCustomer(transaction: Transaction, { id, customer }: DiscountRecord): void {
  const record = customer === null ? undefined : transaction.get('customers', customer)
  if (record?.discount?.id === id) transaction.patch('customers', record.id, { discount: null })
}

function takeFromSubscription(transaction: Transaction, discount: DiscountRecord): void {
  const { id, subscription: owner, subscription_item: ownerItem } = discount
  const isOther = (other: unknown): boolean => other !== id
  const item = ownerItem === null ? undefined : transaction.get('subscription_items', ownerItem)
  if (item !== undefined) {
    transaction.patch('subscription_items', item.id, { discounts: item.discounts.filter(isOther) })
  }
  const subscription = transaction.get('subscriptions', owner ?? item?.subscription ?? '')
  if (subscription === undefined) return
  transaction.patch('subscriptions', subscription.id, {
    discounts: subscription.discounts.filter(isOther),
    items: {
      ...subscription.items,
      data: subscription.items.data.map((each) => ({ ...each, discounts: each.discounts.filter(isOther) })),
    },
  })
}

/** The months of a repeating coupon are over. */
export function endDiscountWhenDue(transaction: Transaction, timer: Timer): void {
  if (transaction.get('discounts', timer.subject) !== undefined) endDiscount(transaction, timer.subject)
}

/**
 * A coupon for one invoice is used up when an invoice that it reduced becomes final. That an invoice of nothing, as during
 * a trial, leaves it in place is not written anywhere at Stripe.
 */
export function consumeDiscounts(transaction: Transaction, invoice: Invoice): void {
  for (const { discount: id, amount } of invoice.total_discount_amounts ?? []) {
    const discount = transaction.get('discounts', id)
    if (discount === undefined || amount === 0 || !isLasting(discount)) continue
    if (couponOf(transaction, discount.source.coupon ?? '').duration === 'once') endDiscount(transaction, id)
  }
}
