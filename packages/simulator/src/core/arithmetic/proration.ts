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
  return proratePart(amount, period, { start: at, end: period.end })
}

/** The part of an amount that falls on a stretch of its period. */
export function proratePart(amount: number, period: Period, part: Period): number {
  const total = period.end - period.start
  if (total <= 0) return 0
  const seconds = Math.max(Math.min(part.end, period.end) - Math.max(part.start, period.start), 0)
  return Number(divideNearestTiesDown(BigInt(amount) * BigInt(seconds), BigInt(total)))
}
