import fc from 'fast-check'
import { expect, it } from 'vitest'
import { partsOf } from '../catalogue/pricing.js'
import { Bench } from '../testing/bench.js'
import { partsSince } from './parts-since.js'

const bench = new Bench()

const tiers = [
  { up_to: 5, unit_amount: 700, flat_amount: 100 },
  { up_to: 10, unit_amount: 650 },
  { up_to: 'inf', unit_amount: 600, flat_amount: 50 },
]

function priceWith(mode: string): Parameters<typeof partsOf>[0] {
  const product = bench.run('products.create', { name: 'API calls' }).id
  const scheme = { billing_scheme: 'tiered', tiers_mode: mode, tiers }
  const { id } = bench.run('prices.create', { product, currency: 'usd', recurring: { interval: 'month' }, ...scheme })
  return bench.get('prices', id)
}

const prices = { graduated: priceWith('graduated'), volume: priceWith('volume') }

function total(parts: readonly { readonly amount: number }[]): number {
  return parts.reduce((sum, { amount }) => sum + amount, 0)
}

it.each(['graduated', 'volume'] as const)('what is billed in two %s parts is what is billed at once', (mode) => {
  fc.assert(
    fc.property(fc.nat({ max: 30 }), fc.nat({ max: 30 }), (before, after) => {
      const price = prices[mode]
      const billed = partsOf(price, before)
      const all = partsOf(price, before + after)
      expect(total(billed) + total(partsSince(all, billed))).toBe(total(all))
    }),
  )
})

it('takes back what an earlier tier cost by volume', () => {
  const since = partsSince(partsOf(prices.volume, 6), partsOf(prices.volume, 5))
  expect(total(since)).toBe(6 * 650 - (5 * 700 + 100))
})

it('leaves a line when nothing more was used', () => {
  const five = partsOf(prices.graduated, 5)
  expect(partsSince(five, five).map(({ amount, quantity }) => [amount, quantity])).toEqual([[0, '0']])
})
