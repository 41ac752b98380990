import fc from 'fast-check'
import { expect, test } from 'vitest'
import { backoffSeconds, DEFAULT_POLICY, retryAt } from './policy.js'

test.each([
  [1, 5],
  [2, 10],
  [3, 20],
  [10, 2560],
  [11, 3600],
  [1000, 3600],
])('after attempt %i the wait is %i seconds', (attempts, seconds) => {
  expect(backoffSeconds(DEFAULT_POLICY, attempts)).toBe(seconds)
})

test('the draw takes away at most half of the wait, and the last attempt has none after it', () => {
  const { maxAttempts } = DEFAULT_POLICY
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: maxAttempts - 1 }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (attempts, random) => {
        const at = retryAt(DEFAULT_POLICY, { attempts, now: 1000, random })
        const full = backoffSeconds(DEFAULT_POLICY, attempts)
        expect(at).toBeGreaterThanOrEqual(1000 + full / 2)
        expect(at).toBeLessThanOrEqual(1000 + full)
      },
    ),
  )
  expect(retryAt(DEFAULT_POLICY, { attempts: maxAttempts, now: 1000, random: 0 })).toBeNull()
})
