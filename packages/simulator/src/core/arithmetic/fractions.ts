import { divideHalfAwayFromZero } from './rounding.js'

/** The part of an amount that goes with a part of a whole; all of it goes with the whole. */
export function partOf(amount: number, part: number, whole: number): number {
  if (whole === 0) return 0
  return Number(divideHalfAwayFromZero(BigInt(amount) * BigInt(part) * (whole < 0 ? -1n : 1n), BigInt(Math.abs(whole))))
}
