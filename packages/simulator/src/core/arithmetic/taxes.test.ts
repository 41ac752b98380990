import fc from 'fast-check'
import { expect, test } from 'vitest'
import { taxesOn, taxInside, type TaxTerms } from './taxes.js'

const tax = (id: string, percentage: number, isInclusive = false): TaxTerms => ({ id, percentage, isInclusive })

test.each([
  ['exclusive', 1000, [tax('a', 20)], [[200, 1000]]],
  ['exclusive, a fraction of a percent', 999, [tax('a', 8.875)], [[89, 999]]],
  ['inclusive', 1200, [tax('a', 20, true)], [[200, 1000]]],
  [
    'two inclusive',
    1200,
    [tax('a', 15, true), tax('b', 5, true)],
    [
      [150, 1000],
      [50, 1000],
    ],
  ],
  [
    'both',
    1200,
    [tax('a', 10), tax('b', 20, true)],
    [
      [100, 1000],
      [200, 1000],
    ],
  ],
  ['a credit mirrors its debit', -999, [tax('a', 50)], [[-500, -999]]],
  ['none', 1000, [tax('a', 0)], [[0, 1000]]],
] as const)('%s', (_name, amount, taxes, expected) => {
  expect(taxesOn(amount, taxes).map((share) => [share.amount, share.taxable])).toEqual(expected)
})

test('an inclusive tax changes nothing in what is paid, and is the tax on the rest', () => {
  fc.assert(
    fc.property(fc.integer({ min: -1_000_000, max: 1_000_000 }), fc.integer({ min: 0, max: 40 }), (amount, rate) => {
      const inside = taxInside(amount, [tax('a', rate, true)])
      const [back] = taxesOn(amount - inside, [tax('a', rate)])
      expect(Math.abs((back?.amount ?? 0) - inside)).toBeLessThanOrEqual(1)
      expect(inside + taxInside(-amount, [tax('a', rate, true)])).toBe(0)
    }),
  )
})
