import { boundaryAt } from '../arithmetic/periods.js'
import { couponOf } from '../catalogue/coupons.js'
import { amountOf, priceIn } from '../catalogue/pricing.js'
import { intervalOf } from '../subscriptions/items.js'
import type { Transaction } from '../transaction.js'
import { isPlain, renewalOf } from './amounts.js'
import type { LineItem } from './line-item.js'
import type { Sale } from './purchase.js'
import { taxedAs } from './reprice.js'
import type { CheckoutSession } from './session.js'

export interface OrderLine {
  readonly id: string
  readonly name: string
  readonly description: string | null
  readonly quantity: number | null
  /** What it costs, whatever is taken off and whether or not there is a trial. */
  readonly value: number
  /** How often it is charged again; `null` for once. */
  readonly every: { readonly interval: string; readonly count: number } | null
  /** Measured and charged afterwards. */
  readonly isMetered: boolean
  readonly adjustable: { readonly minimum: number; readonly maximum: number } | null
  /** The customer says how much, within these bounds. */
  readonly chosen: { readonly minimum: number | null; readonly maximum: number | null } | null
  /** The customer added it, and may take it out again. */
  readonly isOptional: boolean
}

export function orderLine(transaction: Transaction, sale: Sale, item: LineItem): OrderLine {
  const { adjustable_quantity: bounds, price, quantity, description } = item
  const product = price === null ? undefined : transaction.get('products', price.product)
  const recurring = price?.recurring ?? null
  const custom = price?.custom_unit_amount ?? null
  return {
    id: item.id,
    name: description ?? '',
    description: product?.description ?? null,
    quantity,
    value: wholeValueOf(transaction, sale, item),
    every: recurring === null ? null : { interval: recurring.interval, count: recurring.interval_count },
    isMetered: recurring?.usage_type === 'metered',
    adjustable: bounds === null ? null : { minimum: bounds.minimum ?? 0, maximum: bounds.maximum ?? 99 },
    chosen: custom === null ? null : { minimum: custom.minimum, maximum: custom.maximum },
    isOptional: sale.optionalItems.some(({ id }) => id === item.id),
  }
}

function wholeValueOf(transaction: Transaction, { chosenAmounts, currency }: Sale, item: LineItem): number {
  const { id, price, quantity } = item
  const chosen = chosenAmounts[id]
  if (chosen !== undefined || price === null) return chosen ?? item.amount_subtotal
  const whole = transaction.get('prices', price.id) ?? price
  if (whole.custom_unit_amount !== null) return whole.custom_unit_amount.preset ?? 0
  return amountOf(priceIn(whole, currency ?? '') ?? whole, quantity ?? 0)
}

/** What is taken off, by name: the code that was typed, else the coupon. */
export interface DiscountView {
  readonly name: string
  readonly code: string | null
}

export function discountViews(transaction: Transaction, { discounts }: CheckoutSession): readonly DiscountView[] {
  return (discounts ?? []).map(({ coupon: id, promotion_code: codeId }) => {
    const code = codeId === null ? undefined : transaction.get('promotion_codes', codeId)
    const coupon = couponOf(transaction, id ?? code?.promotion.coupon ?? '')
    return { name: code?.code ?? coupon.name ?? coupon.id, code: code?.code ?? null }
  })
}

/** The first charge after today, and how often another follows. */
export interface NextCharge {
  readonly at: number
  readonly value: number
  readonly interval: string
  readonly count: number
}

export function nextCharge(
  transaction: Transaction,
  session: CheckoutSession,
  { sale, trialEnd }: { readonly sale: Sale; readonly trialEnd: number | null },
): NextCharge | null {
  const recurring = sale.lineItems.filter(({ price }) => price?.recurring != null)
  const price = recurring[0]?.price
  if (price === undefined || price === null) return null
  const { unit, count } = intervalOf(price)
  if (!isPlain(sale)) {
    const { taxedFor } = transaction.load('checkout_orders', session.id)
    const { amount_due: value, period_end: end } = renewalOf(transaction, sale, taxedAs(transaction, session, taxedFor))
    return { at: end, value, interval: unit, count }
  }
  const value = recurring.reduce((sum, item) => sum + wholeValueOf(transaction, sale, item), 0)
  return { at: trialEnd ?? boundaryAt(transaction.now, { unit, count }, 1), value, interval: unit, count }
}
