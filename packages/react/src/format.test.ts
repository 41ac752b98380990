import { expect, test } from 'vitest'
import { formatAmount, formatDate } from './format.js'

test.each([
  [2000, 'usd', '$20.00'],
  [-2000, 'usd', '-$20.00'],
  [500, 'jpy', '¥500'],
  [1500, 'kwd', 'KWD 1.500'],
  // Stripe writes these two with two decimals that are always 00.
  [50_000, 'isk', 'ISK 500'],
  [50_000, 'ugx', 'UGX 500'],
])('%i minor units of %s are %s', (amount, currency, words) => {
  expect(formatAmount(amount, currency, 'en-US')).toBe(words.replace(' ', '\u00a0'))
})

test('a date is the day of UTC, with the month as a word', () => {
  expect(formatDate('2026-11-24T23:59:59.000Z', 'en-GB')).toBe('24 November 2026')
  expect(formatDate('2026-11-24T00:00:00.000Z', 'en-US')).toBe('November 24, 2026')
})
