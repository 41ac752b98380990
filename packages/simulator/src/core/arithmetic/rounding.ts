/**
 * Divides, rounding to the nearest integer and ties toward minus infinity: `ceil(x - 1/2)`. This is how Stripe rounds a
 * prorated line; of six rules tried it is the only one that agrees with every line we know of.
 */
export function divideNearestTiesDown(numerator: bigint, denominator: bigint): bigint {
  return divideCeiling(2n * numerator - denominator, 2n * denominator)
}

/**
 * Divides, rounding to the nearest integer and ties away from zero: discounts and taxes, where a credit is to be the mirror
 * of its debit. Stripe does not publish its rule for them.
 */
export function divideHalfAwayFromZero(numerator: bigint, denominator: bigint): bigint {
  const size = numerator < 0n ? -numerator : numerator
  const quotient = (2n * size + denominator) / (2n * denominator)
  return numerator < 0n ? -quotient : quotient
}

function divideCeiling(numerator: bigint, denominator: bigint): bigint {
  const quotient = numerator / denominator
  return numerator % denominator > 0n ? quotient + 1n : quotient
}
