import { promotionCodeNamed } from '../catalogue/promotion-codes.js'
import { checkRedemption } from '../catalogue/redemption.js'
import { invalidRequest, StripeError } from '../error.js'
import type { Transaction } from '../transaction.js'
import type { CreateParams } from './create-params.js'
import type { CheckoutSession } from './session.js'

type Discounts = NonNullable<CheckoutSession['discounts']>
type About = { readonly customer: string | null; readonly currency: string | null; readonly subtotal: number }

/** The discounts that the request names; a session takes one. */
export function readDiscounts(transaction: Transaction, asked: CreateParams['discounts'], about: About): Discounts {
  if ((asked ?? []).length > 1) {
    throw invalidRequest('You can only apply one discount to a Checkout Session.', { param: 'discounts' })
  }
  return (asked ?? []).map((named, index) => {
    const { promotionCode, coupon } = checkRedemption(transaction, named, {
      ...redemption(about),
      param: `discounts[${index}]`,
    })
    return promotionCode === null
      ? { coupon: coupon.id, promotion_code: null }
      : { coupon: null, promotion_code: promotionCode.id }
  })
}

function redemption({ customer, currency, subtotal }: About): {
  customer: string | null
  currency?: string
  subtotal: number
} {
  return { customer, subtotal, ...(currency !== null && { currency }) }
}

/** What the customer typed as a promotion code, or why it takes nothing off. */
export function discountOfCode(
  transaction: Transaction,
  typed: string,
  about: About,
): { readonly ok: true; readonly discounts: Discounts } | { readonly ok: false; readonly reason: 'unknown' | 'unfit' } {
  const code = promotionCodeNamed(transaction, typed, about.customer)
  if (code === undefined) return { ok: false, reason: 'unknown' }
  try {
    checkRedemption(transaction, { promotion_code: code.id }, { ...redemption(about), param: 'promotion_code' })
  } catch (error) {
    if (error instanceof StripeError) return { ok: false, reason: 'unfit' }
    throw error
  }
  return { ok: true, discounts: [{ coupon: null, promotion_code: code.id }] }
}
