import { amountOffIn, couponOf } from '../catalogue/coupons.js'
import { checkRedemption, redeem, type Redeemed } from '../catalogue/redemption.js'
import { boundaryAt } from '../arithmetic/periods.js'
import type { DiscountTerms } from '../arithmetic/discounts.js'
import { invalidRequest, missingParameter, noSuch } from '../error.js'
import type { Renderers } from '../handler.js'
import type { Transaction } from '../transaction.js'
import type { UnixSeconds } from '../unix-seconds.js'
import type { DiscountRecord } from './record.js'

/** What a discount is on; an invoice's and an invoice item's end with their invoice. */
export interface DiscountOwner {
  readonly customer: string | null
  readonly subscription?: string
  readonly subscriptionItem?: string
  readonly invoice?: string
  readonly invoiceItem?: string
  readonly checkoutSession?: string
  /** The discount that it takes the place of. */
  readonly replaces?: string
}

/** One entry of a request's `discounts`. */
export interface AskedDiscount {
  readonly coupon?: string
  readonly discount?: string
  readonly promotion_code?: string
}

export type AskedDiscounts = '' | null | readonly AskedDiscount[] | undefined

const MOST_DISCOUNTS = 20

/**
 * The discounts that a request names, in its order: new ones of coupons and promotion codes, or those that are there.
 *
 * @throws StripeError `resource_missing`, `coupon_expired`, or a promotion code's restriction
 */
export function grantDiscounts(
  transaction: Transaction,
  asked: AskedDiscounts,
  grant: {
    readonly owner: DiscountOwner
    readonly currency?: string
    readonly subtotal?: number
    readonly param?: string
  },
): string[] {
  const { param = 'discounts' } = grant
  if (asked === undefined || asked === '' || asked === null) return []
  if (asked.length > MOST_DISCOUNTS) {
    throw invalidRequest(`You cannot apply more than ${MOST_DISCOUNTS} discounts.`, { param })
  }
  const ids = asked.map((entry, index) => grantOne(transaction, entry, { ...grant, param: `${param}[${index}]` }))
  if (new Set(ids).size < ids.length) throw invalidRequest('You cannot apply the same discount twice.', { param })
  return ids
}

function grantOne(
  transaction: Transaction,
  asked: AskedDiscount,
  grant: {
    readonly owner: DiscountOwner
    readonly currency?: string
    readonly subtotal?: number
    readonly param: string
  },
): string {
  const { owner, param } = grant
  if (asked.discount !== undefined) return requireLiving(transaction, asked.discount, `${param}[discount]`).id
  if (asked.coupon === undefined && asked.promotion_code === undefined) throw missingParameter(`${param}[coupon]`)
  const { currency, subtotal } = grant
  const isOfSubscription = owner.subscription !== undefined || owner.subscriptionItem !== undefined
  const isAfterwards = isOfSubscription && subtotal === undefined
  const redemption = { customer: owner.customer, currency, subtotal, isAfterwards, param }
  const redeemed = checkRedemption(transaction, asked, redemption)
  return createDiscount(transaction, redeemed, owner).id
}

function requireLiving(transaction: Transaction, id: string, param: string): DiscountRecord {
  const discount = transaction.get('discounts', id)
  if (discount === undefined || !isLiving(transaction, discount)) {
    throw noSuch('discount', id, { param, status: 400 })
  }
  return discount
}

/** Puts a coupon to use and counts it. A customer's and a subscription's discount are announced. */
export function createDiscount(transaction: Transaction, redeemed: Redeemed, owner: DiscountOwner): DiscountRecord {
  const { coupon, promotionCode } = redeemed
  redeem(transaction, redeemed)
  const end = endOf(transaction.now, coupon)
  const discount = transaction.put('discounts', {
    id: transaction.newId('di'),
    object: 'discount',
    checkout_session: owner.checkoutSession ?? null,
    customer: owner.customer,
    customer_account: null,
    end,
    endedAt: null,
    invoice: owner.invoice ?? null,
    invoice_item: owner.invoiceItem ?? null,
    promotion_code: promotionCode?.id ?? null,
    source: { coupon: coupon.id, type: 'coupon' },
    start: transaction.now,
    subscription: owner.subscription ?? null,
    subscription_item: owner.subscriptionItem ?? null,
  })
  if (isLasting(discount)) {
    announce(transaction, discount, owner.replaces)
    if (end !== null) transaction.schedule({ kind: 'discount.end', at: end, subject: discount.id })
  }
  return discount
}

function announce(transaction: Transaction, discount: DiscountRecord, replaced: string | undefined): void {
  if (replaced === undefined) {
    transaction.emit('customer.discount.created', 'discounts', discount)
    return
  }
  const before = transaction.patch('discounts', replaced, { endedAt: transaction.now })
  transaction.unschedule('discount.end', replaced)
  transaction.emitChange('customer.discount.updated', 'discounts', { before, after: discount })
}

/** Months count from the day on which the coupon was put to use. */
function endOf(now: UnixSeconds, coupon: Redeemed['coupon']): UnixSeconds | null {
  if (coupon.duration !== 'repeating' || coupon.duration_in_months === null) return null
  return boundaryAt(now, { unit: 'month', count: 1 }, coupon.duration_in_months)
}

/** Whether it is on a customer or a subscription, so that it lives on after an invoice. */
export function isLasting({ invoice, invoice_item: item }: DiscountRecord): boolean {
  return invoice === null && item === null
}

function isLiving(transaction: Transaction, discount: DiscountRecord): boolean {
  return discount.endedAt === null && (discount.end === null || discount.end > transaction.now)
}

/** Those of these discounts that still take something off. */
export function livingDiscounts(transaction: Transaction, ids: readonly string[]): string[] {
  return ids.filter((id) => {
    const discount = transaction.get('discounts', id)
    return discount !== undefined && isLiving(transaction, discount)
  })
}

/** What a discount takes off in a currency. */
export function termsOf(transaction: Transaction, id: string, currency: string): DiscountTerms {
  const coupon = couponOf(transaction, transaction.load('discounts', id).source.coupon ?? '')
  const { percent_off: percent, applies_to: scope } = coupon
  const off = percent === null ? { amount: amountOffIn(coupon, currency) ?? 0 } : { percent }
  return { id, off, products: scope?.products ?? null }
}

export const discountsRenderers: Renderers = {
  discounts: (_transaction, { endedAt: _endedAt, ...shown }) => shown,
}
