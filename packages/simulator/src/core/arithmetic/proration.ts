import { divideNearestTiesDown } from './rounding.js'

/** A stretch of time, `[start, end)` in Unix seconds. */
export interface Period {
  readonly start: number
  readonly end: number
}

/**
 * The part of an amount that falls on the rest of its period from an instant on, to the second. The amount may be negative
 * (a credit). Each line is rounded alone. https://docs.stripe.com/billing/subscriptions/prorations
 */
export function prorate(amount: number, period: Period, at: number): number {
  const total = period.end - period.start
  const remaining = Math.min(Math.max(period.end - at, 0), total)
  if (total <= 0) return 0
  return Number(divideNearestTiesDown(BigInt(amount) * BigInt(remaining), BigInt(total)))
}
