import { compare, decimalOf, multiply, rounded, subtract, type Decimal } from './decimal.js'

/** A tier of a price: for units up to and including `up_to` (`null`: all further ones). Amounts are minor units. */
export interface Tier {
  readonly flat_amount_decimal: string | null
  readonly unit_amount_decimal: string | null
  readonly up_to: number | null
}

/** What one tier adds to a bill: the price of some units, or its flat amount. Each is a line, and rounded alone. */
export interface TierPart {
  readonly kind: 'units' | 'flat'
  /** Counted from one. */
  readonly tier: number
  readonly quantity: Decimal
  /** Of one unit, or the flat amount. */
  readonly unitAmount: string
  readonly amount: number
}

const ZERO = decimalOf(0)

/** All units at the price of the tier that the whole quantity reaches, and that tier's flat amount. */
export function volumeParts(tiers: readonly Tier[], quantity: Decimal): TierPart[] {
  const reached = tiers.findIndex(({ up_to: last }) => last === null || compare(quantity, decimalOf(last)) <= 0)
  const at = reached === -1 ? tiers.length - 1 : reached
  return partsOf(tiers[at], at + 1, quantity)
}

/** Each slice of the quantity at its own tier's price, and the flat amount of every tier that was entered. */
export function graduatedParts(tiers: readonly Tier[], quantity: Decimal): TierPart[] {
  let from = ZERO
  return tiers.flatMap((tier, index) => {
    const isEntered = index === 0 || compare(quantity, from) > 0
    const to = tier.up_to === null ? quantity : smaller(quantity, decimalOf(tier.up_to))
    const slice = isEntered ? partsOf(tier, index + 1, subtract(to, from)) : []
    from = decimalOf(tier.up_to ?? 0)
    return slice
  })
}

function partsOf(tier: Tier | undefined, number: number, quantity: Decimal): TierPart[] {
  if (tier === undefined) return []
  const { unit_amount_decimal: unit, flat_amount_decimal: flat } = tier
  const units = { kind: 'units', tier: number, quantity, unitAmount: unit ?? '0' } as const
  const parts: TierPart[] = [{ ...units, amount: rounded(multiply(decimalOf(units.unitAmount), quantity)) }]
  if (flat === null) return parts
  const fee = { kind: 'flat', tier: number, quantity: decimalOf(1), unitAmount: flat } as const
  return [...parts, { ...fee, amount: rounded(decimalOf(flat)) }]
}

function smaller(left: Decimal, right: Decimal): Decimal {
  return compare(left, right) <= 0 ? left : right
}
