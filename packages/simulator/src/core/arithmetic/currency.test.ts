import { expect, test } from 'vitest'
import { exponentOf, minimumCharge } from './currency.js'

test.each([
  ['usd', 2],
  ['JPY', 0],
  ['krw', 0],
  ['kwd', 3],
  ['isk', 2],
  ['ugx', 2],
])('%s has %i decimals at Stripe', (currency, decimals) => {
  expect(exponentOf(currency)).toBe(decimals)
})

test.each([
  ['usd', 50],
  ['gbp', 30],
  ['jpy', 50],
])('at least %s %i is charged', (currency, least) => {
  expect(minimumCharge(currency)).toBe(least)
})
