import { expect, test } from 'vitest'
import { idAt } from './ids.js'

test('no id is given out twice, however many there are', () => {
  const ids = new Set<string>()
  for (let count = 0; count < 200_000; count++) ids.add(idAt('cus', 1, count))
  expect(ids.size).toBe(200_000)
})

test('an id is of a kind, and as opaque as at Stripe', () => {
  expect(idAt('cus', 1, 1)).toMatch(/^cus_[0-9A-Za-z]{24}$/)
  expect(idAt('cus', 1, 1)).toBe(idAt('cus', 1, 1))
  expect(idAt('cus', 2, 1)).not.toBe(idAt('cus', 1, 1))
})
