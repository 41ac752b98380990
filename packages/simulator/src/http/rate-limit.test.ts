import { expect, test } from 'vitest'
import { RateLimit } from './rate-limit.js'

test('as many at once as in a second, then one by one', () => {
  let now = 5_000
  const limit = new RateLimit(() => now)
  const allowed = (): boolean => limit.allows(4)
  expect([1, 2, 3, 4, 5].map(allowed)).toEqual([true, true, true, true, false])
  now += 249
  expect(allowed()).toBe(false)
  now += 1
  expect([1, 2].map(allowed)).toEqual([true, false])
  now += 60_000
  expect([1, 2, 3, 4, 5].map(allowed)).toEqual([true, true, true, true, false])
})

test('a clock that is set back lets nothing more through', () => {
  let now = 5_000
  const limit = new RateLimit(() => now)
  expect([limit.allows(1), limit.allows(1)]).toEqual([true, false])
  now = 0
  expect(limit.allows(1)).toBe(false)
})
