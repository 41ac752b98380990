import { expect, test } from 'vitest'
import { prorate } from './proration.js'

/** Lines of real invoices and of Stripe's documentation: amount, seconds left, seconds in the period, line. */
const lines: readonly (readonly [number, number, number, number])[] = [
  [-1000, 445_540, 2_678_400, -166],
  [3252, 445_540, 2_678_400, 541],
  [-2000, 1, 3, -667],
  [1000, 1, 3, 333],
  [-2000, 864_000, 2_592_000, -667],
  [60_000, 864_000, 2_592_000, 20_000],
  [1000, 864_000, 2_592_000, 333],
  [-1000, 1, 400, -3],
  [1800, 1, 400, 4],
  [-1000, 6480, 2_592_000, -3],
  [3000, 6480, 2_592_000, 7],
  [-2500, 2_591_996, 2_592_000, -2500],
  [25_000, 31_535_996, 31_536_000, 25_000],
  [-2500, 2_591_997, 2_592_000, -2500],
  [-7500, 12, 30, -3000],
  [12_000, 12, 30, 4800],
]

test.each(lines)('%i with %i of %i seconds left is %i', (amount, remaining, total, line) => {
  expect(prorate(amount, { start: 0, end: total }, total - remaining)).toBe(line)
})

test('an amount beyond the doubles is still exact', () => {
  expect(prorate(99_999_999, { start: 0, end: 31_536_000 }, 1)).toBe(99_999_996)
})
