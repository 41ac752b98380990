import { expect, test } from 'vitest'
import { createStripe, isLiveKey } from './client.js'

test.each([
  ['sk_test_1', false],
  ['rk_test_1', false],
  ['sk_live_1', true],
  ['rk_live_1', true],
])('%s is live: %s', (key, isLive) => {
  expect(isLiveKey(key)).toBe(isLive)
})

test.each(['', 'pk_test_1', 'whsec_1', 'sk_test_', 'sk_test_1 ', 'sk_prod_1'])('%j is refused', (key) => {
  expect(() => isLiveKey(key)).toThrow(expect.objectContaining({ code: 'configuration_invalid' }))
})

test('a live key is never sent to another address', () => {
  const access = { secretKey: 'sk_live_1', apiBase: 'http://127.0.0.1:12111' }
  expect(() => createStripe(access)).toThrow(expect.objectContaining({ code: 'configuration_invalid' }))
})

test.each(['127.0.0.1:12111', 'ftp://stripe.test', 'stripe'])('%s is no address', (apiBase) => {
  expect(() => createStripe({ secretKey: 'sk_test_1', apiBase })).toThrow(
    expect.objectContaining({ code: 'configuration_invalid' }),
  )
})
