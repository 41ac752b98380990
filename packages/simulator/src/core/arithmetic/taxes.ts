import { decimalOf } from './decimal.js'
import { divideHalfAwayFromZero } from './rounding.js'

/** A tax as far as its amount depends on it. */
export interface TaxTerms {
  readonly id: string
  readonly percentage: number
  readonly isInclusive: boolean
}

export interface TaxShare {
  readonly tax: string
  readonly isInclusive: boolean
  readonly amount: number
  /** What the tax is taken of. */
  readonly taxable: number
}

/**
 * The taxes on an amount from which discounts and credits are already taken off. Inclusive taxes are found inside the
 * amount, all at once; exclusive ones come on top of what is left without them. Each is rounded alone, per line, as Stripe
 * does unless an account asks for rounding per subtotal. https://docs.stripe.com/billing/taxes/tax-rates
 */
export function taxesOn(amount: number, taxes: readonly TaxTerms[]): readonly TaxShare[] {
  const inclusive = taxes.filter((tax) => tax.isInclusive)
  const rates = inclusive.map((tax) => millionths(tax.percentage))
  const whole = HUNDRED + rates.reduce((sum, rate) => sum + rate, 0n)
  const inside = rates.map((rate) => Number(divideHalfAwayFromZero(BigInt(amount) * rate, whole)))
  const taxable = amount - inside.reduce((sum, share) => sum + share, 0)
  return taxes.map((tax) => {
    const share = tax.isInclusive ? inside[inclusive.indexOf(tax)] : onTop(taxable, tax.percentage)
    return { tax: tax.id, isInclusive: tax.isInclusive, amount: share ?? 0, taxable }
  })
}

/** The part of an amount that its inclusive taxes are. */
export function taxInside(amount: number, taxes: readonly TaxTerms[]): number {
  return taxesOn(amount, taxes).reduce((sum, share) => sum + (share.isInclusive ? share.amount : 0), 0)
}

function onTop(taxable: number, percentage: number): number {
  return Number(divideHalfAwayFromZero(BigInt(taxable) * millionths(percentage), HUNDRED))
}

const PLACES = 6
const HUNDRED = 100n * 10n ** BigInt(PLACES)

/** A percentage in millionths of a percent; Stripe takes four places. */
function millionths(percentage: number): bigint {
  const { digits, scale } = decimalOf(percentage)
  return scale <= PLACES ? digits * 10n ** BigInt(PLACES - scale) : digits / 10n ** BigInt(scale - PLACES)
}
