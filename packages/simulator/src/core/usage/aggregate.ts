import { add, decimalOf, type Decimal } from '../arithmetic/decimal.js'

/** One reading of a meter. */
export interface Reading {
  readonly value: Decimal
  readonly date: number
}

const ZERO = decimalOf(0)
const HOUR = 3600
const DAY = 24 * HOUR

/**
 * What a meter shows for some readings, given with the newest first. With a time window only the newest reading of each
 * hour or day in UTC counts. https://docs.stripe.com/billing/subscriptions/usage-based/meters/configure
 */
export function aggregate(
  meter: { readonly formula: string; readonly window: string | null },
  readings: readonly Reading[],
): Decimal {
  const counted = meter.window === null ? readings : newestOfEach(lengthOf(meter.window), readings)
  switch (meter.formula) {
    case 'count':
      return decimalOf(counted.length)
    case 'last':
      return counted[0]?.value ?? ZERO
    default:
      return counted.reduce((sum, { value }) => add(sum, value), ZERO)
  }
}

/** Seconds of a window of this name. */
export function lengthOf(window: string): number {
  return window === 'hour' ? HOUR : DAY
}

function newestOfEach(length: number, readings: readonly Reading[]): readonly Reading[] {
  const seen = new Set<number>()
  return readings.filter(({ date }) => {
    const window = Math.floor(date / length)
    if (seen.has(window)) return false
    seen.add(window)
    return true
  })
}
