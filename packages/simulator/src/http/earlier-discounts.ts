import type { Transaction } from '../core/transaction.js'

export type Fields = Readonly<Record<string, unknown>>

/** The coupon stood in the object itself, whole, and not as an id beside its kind. */
export function withCoupon(field: 'source' | 'promotion') {
  return (transaction: Transaction, object: Fields): Fields => {
    const { [field]: holder, ...rest } = object
    const coupon = (holder as { readonly coupon?: unknown } | undefined)?.coupon
    const record = typeof coupon === 'string' ? couponOf(transaction, coupon) : coupon
    return { ...rest, coupon: record ?? null }
  }
}

function couponOf(transaction: Transaction, id: string): unknown {
  const record = transaction.get('coupons', id) ?? transaction.get('deleted_coupons', id)
  return record === undefined ? undefined : transaction.render('coupons', record)
}

/** Of several discounts the first was shown as the one there is. */
export function firstDiscount(transaction: Transaction, discounts: unknown): unknown {
  const [first] = Array.isArray(discounts) ? (discounts as readonly unknown[]) : []
  if (typeof first !== 'string') return first ?? null
  const record = transaction.get('discounts', first)
  return record === undefined ? null : transaction.render('discounts', record)
}
