import { checkRedemption } from '../catalogue/redemption.js'
import { createDiscount } from '../discounts/discounts.js'
import { endDiscount } from '../discounts/end.js'
import type { Transaction } from '../transaction.js'
import { changeCustomer } from './customers.js'

/**
 * What versions before 2025-03-31.basil have to give a customer a discount for all that is billed; today's have nothing in
 * their place. An empty text takes the discount away.
 */
export interface DiscountParams {
  readonly coupon?: string
  readonly promotion_code?: string
}

export const DISCOUNT_PARAMS = ['coupon', 'promotion_code'] as const

/** Gives a customer a discount in place of the one there was, or takes it away. */
export function changeDiscount(transaction: Transaction, id: string, params: DiscountParams): void {
  const { coupon, promotion_code: code } = params
  if (coupon === undefined && code === undefined) return
  const before = transaction.load('customers', id).discount ?? null
  if (coupon === '' || code === '') {
    if (before !== null) endDiscount(transaction, before.id)
    return
  }
  const redeemed = checkRedemption(transaction, params, { customer: id, param: 'coupon' })
  const owner = { customer: id, ...(before !== null && { replaces: before.id }) }
  const { endedAt: _endedAt, ...discount } = createDiscount(transaction, redeemed, owner)
  changeCustomer(transaction, id, { discount })
}
