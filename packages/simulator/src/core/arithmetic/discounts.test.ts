import fc from 'fast-check'
import { expect, test } from 'vitest'
import { discountLines, percentOf, type DiscountableLine, type DiscountTerms } from './discounts.js'
import { sharesOf } from './shares.js'

const line = (amount: number, more: Partial<DiscountableLine> = {}): DiscountableLine => ({
  amount,
  product: 'prod_1',
  isDiscountable: true,
  own: [],
  ...more,
})
const percent = (id: string, value: number): DiscountTerms => ({ id, off: { percent: value }, products: null })
const fixed = (id: string, value: number): DiscountTerms => ({ id, off: { amount: value }, products: null })

test.each([
  [500, [1000, 2000], [166, 334]],
  [500, [], []],
  [0, [10, 20], [0, 0]],
  [2, [1, 1, 1], [0, 1, 1]],
  [5000, [1000, 2000], [1000, 2000]],
  [100, [0, 300, 0], [0, 100, 0]],
])('%i over %j is %j', (amount, weights, shares) => {
  expect(sharesOf(amount, weights)).toEqual(shares)
})

test.each([
  [1000, 10, 100],
  [999, 50, 500],
  [333, 33.33, 111],
  [-999, 50, -500],
  [12_345, 12.5, 1543],
])('of %i, %f percent is %i', (amount, part, share) => {
  expect(percentOf(amount, part)).toBe(share)
})

test('order matters', () => {
  const amounts = (discounts: DiscountTerms[]): unknown => discountLines([line(10_000)], discounts)
  expect(amounts([percent('a', 20), fixed('b', 1000)])).toEqual([
    [
      { discount: 'a', amount: 2000 },
      { discount: 'b', amount: 1000 },
    ],
  ])
  expect(amounts([fixed('b', 1000), percent('a', 20)])).toEqual([
    [
      { discount: 'b', amount: 1000 },
      { discount: 'a', amount: 1800 },
    ],
  ])
})

test('a line has its own discounts first, and only those for its product', () => {
  const other = { ...percent('c', 50), products: ['prod_2'] }
  const lines = [line(1000, { own: [fixed('own', 400)] }), line(2000, { product: 'prod_2' })]
  expect(discountLines(lines, [percent('all', 10), other])).toEqual([
    [
      { discount: 'own', amount: 400 },
      { discount: 'all', amount: 60 },
    ],
    [
      { discount: 'all', amount: 200 },
      { discount: 'c', amount: 900 },
    ],
  ])
})

test('credits and what is not discountable are left alone', () => {
  expect(discountLines([line(-500), line(700, { isDiscountable: false })], [fixed('a', 300)])).toEqual([
    [{ discount: 'a', amount: 0 }],
    [],
  ])
})

const terms = fc.oneof(
  fc.record({
    id: fc.uuid(),
    off: fc.record({ percent: fc.integer({ min: 1, max: 100 }) }),
    products: fc.constant(null),
  }),
  fc.record({ id: fc.uuid(), off: fc.record({ amount: fc.nat(100_000) }), products: fc.constant(null) }),
)
const someLines = fc.array(
  fc.record({
    amount: fc.integer({ min: -50_000, max: 100_000 }),
    product: fc.constant('prod_1'),
    isDiscountable: fc.boolean(),
    own: fc.array(terms, { maxLength: 2 }),
  }),
  { maxLength: 6 },
)

test('no line falls below zero, and an amount off is never exceeded', () => {
  fc.assert(
    fc.property(someLines, fc.array(terms, { maxLength: 4 }), (lines, discounts) => {
      const shares = discountLines(lines, discounts)
      for (const [index, entry] of lines.entries()) {
        const off = (shares[index] ?? []).reduce((sum, share) => sum + share.amount, 0)
        expect(off).toBeGreaterThanOrEqual(0)
        expect(off).toBeLessThanOrEqual(entry.isDiscountable ? Math.max(0, entry.amount) : 0)
      }
      for (const { id, off } of discounts) {
        const total = shares.flat().reduce((sum, share) => sum + (share.discount === id ? share.amount : 0), 0)
        expect(total).toBeLessThanOrEqual('amount' in off ? off.amount : Infinity)
      }
    }),
  )
})
