import { amountInWords } from '../arithmetic/currency.js'
import { invalidRequest, isPossible, missingParameter, type StripeError } from '../error.js'
import type { Transaction } from '../transaction.js'
import { emitThinAbout } from '../v2/emit-thin.js'
import { amountOffIn, isRedeemable, type Coupon } from './coupons.js'
import { isActive, type PromotionCode } from './promotion-codes.js'

/** Where and for whom a coupon or promotion code is to be used. */
export interface Redemption {
  /** `null`: not known yet, as in a Checkout session without a customer. */
  readonly customer: string | null
  /** What is bought with it; left out where no price is known, as with a customer's own discount. */
  readonly currency?: string | undefined
  /** Before discounts, in minor units: a code's minimum is held against it. */
  readonly subtotal?: number | undefined
  /** A code with a minimum counts for the first payment only: not for items, changes and later phases. */
  readonly isAfterwards?: boolean
  /** The parameter that names it, such as `discounts[0]`. */
  readonly param: string
}

/** What was redeemed. */
export interface Redeemed {
  readonly coupon: Coupon
  readonly promotionCode: PromotionCode | null
}

interface Named {
  readonly coupon?: string | undefined
  readonly promotion_code?: string | undefined
}

/**
 * The coupon that a request names, itself or by a promotion code, if it may be used. Counts nothing yet.
 *
 * @throws StripeError `resource_missing`, `coupon_expired`, or without a code when a restriction is not met
 */
export function checkRedemption(transaction: Transaction, named: Named, redemption: Redemption): Redeemed {
  const { coupon, promotion_code: code } = named
  const { param } = redemption
  if (coupon !== undefined && code !== undefined) {
    throw invalidRequest('You may only specify one of these parameters: coupon, promotion_code.', { param })
  }
  if (code !== undefined) return byCode(transaction, code, redemption)
  if (coupon === undefined) throw missingParameter(`${param}[coupon]`)
  const at = `${param}[coupon]`
  const found = transaction.require('coupons', coupon, { kind: 'coupon', param: at })
  requireUsable(transaction, found, { ...redemption, param: at })
  return { coupon: found, promotionCode: null }
}

/**
 * What can be told of a coupon or a promotion code long before it is redeemed, as by a later phase of a schedule.
 *
 * @throws StripeError `resource_missing`, or without a code for a promotion code with a minimum
 */
export function checkPlanned(transaction: Transaction, { coupon, promotion_code: code }: Named, param: string): void {
  if (coupon !== undefined) transaction.require('coupons', coupon, { kind: 'coupon', param: `${param}[coupon]` })
  if (code === undefined) return
  const at = `${param}[promotion_code]`
  const found = transaction.require('promotion_codes', code, { kind: 'promotion code', param: at })
  requireMinimum(found, { customer: null, isAfterwards: true, param: at })
}

/** Whether a coupon or promotion code may be used, where nobody is there to be told why not. */
export function canRedeem(transaction: Transaction, named: Named, redemption: Omit<Redemption, 'param'>): boolean {
  return isPossible(() => checkRedemption(transaction, named, { ...redemption, param: 'discounts' }))
}

/** Counts one more use; done once, when the discount comes into being. */
export function redeem(transaction: Transaction, { coupon, promotionCode }: Redeemed): void {
  const { times_redeemed: times } = transaction.load('coupons', coupon.id)
  transaction.patch('coupons', coupon.id, { times_redeemed: times + 1 })
  if (promotionCode === null) return
  const { times_redeemed: uses } = transaction.load('promotion_codes', promotionCode.id)
  const used = transaction.patch('promotion_codes', promotionCode.id, { times_redeemed: uses + 1 })
  if (used.times_redeemed === used.max_redemptions) emitThinAbout(transaction, 'promotion_code.fully_redeemed', used)
}

function requireUsable(transaction: Transaction, coupon: Coupon, { currency, param }: Redemption): void {
  if (!isRedeemable(transaction, coupon)) {
    throw invalidRequest(`Coupon expired: ${coupon.id}`, { code: 'coupon_expired', param })
  }
  if (currency === undefined || coupon.percent_off !== null || amountOffIn(coupon, currency) !== undefined) return
  const message = `The coupon ${coupon.id} is for the currency \`${coupon.currency}\` and cannot be used with \`${currency}\`.`
  throw invalidRequest(message, { param })
}

function byCode(transaction: Transaction, id: string, redemption: Redemption): Redeemed {
  const at = `${redemption.param}[promotion_code]`
  const promotionCode = transaction.require('promotion_codes', id, { kind: 'promotion code', param: at })
  if (!isActive(transaction, promotionCode)) throw refused('it is inactive or has expired', at)
  const coupon = transaction.load('coupons', promotionCode.promotion.coupon ?? '')
  requireUsable(transaction, coupon, { ...redemption, param: at })
  requireCustomer(transaction, promotionCode, { ...redemption, param: at })
  requireMinimum(promotionCode, { ...redemption, param: at })
  return { coupon, promotionCode }
}

function requireCustomer(transaction: Transaction, code: PromotionCode, { customer, param }: Redemption): void {
  if (code.customer !== null && code.customer !== customer) throw refused('it belongs to another customer', param)
  if (!code.restrictions.first_time_transaction || customer === null) return
  if (hasTransactions(transaction, customer)) throw refused('the associated customer has prior transactions', param)
}

/** Whoever had a payment intent, paid or not, or a trial is no new customer. https://docs.stripe.com/billing/subscriptions/coupons */
function hasTransactions(transaction: Transaction, customer: string): boolean {
  if (transaction.by('payment_intents', 'customer', customer).length > 0) return true
  return transaction.by('subscriptions', 'customer', customer).some(({ trial_start: start }) => start !== null)
}

function requireMinimum({ restrictions }: PromotionCode, redemption: Redemption): void {
  const { currency, isAfterwards = false, param, subtotal } = redemption
  const { minimum_amount: own, minimum_amount_currency: ownCurrency, currency_options: options } = restrictions
  if (own !== null && isAfterwards)
    throw refused('it has a minimum amount, which counts for a first payment only', param)
  if (own === null || subtotal === undefined || currency === undefined) return
  const least = currency === ownCurrency ? own : options?.[currency]?.minimum_amount
  if (least === undefined) throw refused(`its minimum amount is in \`${ownCurrency}\``, param)
  if (subtotal >= least) return
  throw refused(`the order is below its minimum of ${amountInWords(least, currency)}`, param)
}

function refused(reason: string, param: string): StripeError {
  return invalidRequest(`This promotion code cannot be redeemed because ${reason}.`, { param })
}
