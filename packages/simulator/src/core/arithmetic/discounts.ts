import { decimalOf } from './decimal.js'
import { divideHalfAwayFromZero } from './rounding.js'
import { sharesOf } from './shares.js'

/** What a discount takes off: a part of each line, or an amount that the lines share. */
export interface DiscountTerms {
  readonly id: string
  readonly off: { readonly percent: number } | { readonly amount: number }
  /** The products it is for; `null` for all. */
  readonly products: readonly string[] | null
}

export interface DiscountableLine {
  readonly amount: number
  readonly product: string | null
  readonly isDiscountable: boolean
  /** The line's own discounts, which come before those of the whole invoice. */
  readonly own: readonly DiscountTerms[]
}

export interface DiscountShare {
  readonly discount: string
  readonly amount: number
}

interface DiscountedLine {
  readonly line: DiscountableLine
  readonly left: number
  readonly shares: readonly DiscountShare[]
}

/**
 * What each discount takes off each line: a line's own first, then those of the invoice, each from what the ones before
 * have left. No line falls below zero. https://docs.stripe.com/billing/subscriptions/coupons
 */
export function discountLines(
  lines: readonly DiscountableLine[],
  discounts: readonly DiscountTerms[],
): readonly (readonly DiscountShare[])[] {
  const start = lines.flatMap((line) => {
    const whole = { line, left: line.isDiscountable ? Math.max(0, line.amount) : 0, shares: [] }
    return line.own.reduce(takeOff, [whole])
  })
  return discounts.reduce(takeOff, start).map(({ shares }) => shares)
}

function takeOff(lines: readonly DiscountedLine[], terms: DiscountTerms): DiscountedLine[] {
  const weights = lines.map(({ line, left }) => (isFor(line, terms) ? left : 0))
  const amounts = amountsOff(terms, weights)
  return lines.map((entry, index) => {
    const amount = amounts[index] ?? 0
    if (!isFor(entry.line, terms) || !entry.line.isDiscountable) return entry
    return { ...entry, left: entry.left - amount, shares: [...entry.shares, { discount: terms.id, amount }] }
  })
}

function amountsOff({ off }: DiscountTerms, weights: readonly number[]): readonly number[] {
  return 'percent' in off ? weights.map((weight) => percentOf(weight, off.percent)) : sharesOf(off.amount, weights)
}

function isFor({ product }: DiscountableLine, { products }: DiscountTerms): boolean {
  return products === null || (product !== null && products.includes(product))
}

/** A part of an amount, rounded to the minor unit. Stripe does not say how it rounds a discount; each line alone, here. */
export function percentOf(amount: number, percent: number): number {
  const { digits, scale } = decimalOf(percent)
  return Number(divideHalfAwayFromZero(BigInt(amount) * digits, 100n * 10n ** BigInt(scale)))
}
