import { expect, test } from 'vitest'
import { describeError } from './describe-error.js'

test('a fault is described with its causes and without secrets', () => {
  const cause = new Error('sk_test_abc123 was refused at https://checkout.stripe.com/c/pay/cs_1')
  const text = describeError(new TypeError('Reading failed', { cause }))
  expect(text).toBe('TypeError: Reading failed: caused by Error: [removed] was refused at [removed]')
})

test('a description has an end, whatever was thrown', () => {
  const circular = new Error('again')
  circular.cause = circular
  expect(describeError(circular).split('caused by')).toHaveLength(3)
  expect(describeError('x'.repeat(5000))).toHaveLength(1000)
  expect(describeError(null)).toBe('null')
  expect(describeError({ code: 'E_KEY', key: 'secret' })).toBe('An object with code, key')
})
