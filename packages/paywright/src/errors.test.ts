import { describe, expect, test } from 'vitest'
import { BillingError, errorCodes, withoutSecrets } from './errors.js'

test('an error carries the code, status and hint of the table, and what is particular to the case', () => {
  const cause = new Error('below')
  const error = new BillingError('plan_unknown', { detail: '"gold" is none. Plans for sale: pro.', cause })
  expect(error).toMatchObject({ name: 'BillingError', code: 'plan_unknown', status: 400, cause })
  expect(error.message).toBe('There is no such plan. "gold" is none. Plans for sale: pro.')
  expect(error.hint).toMatch(/definePlans/)
})

test.each(Object.entries(errorCodes()))('%s has a status of its kind, and sentences', (_code, row) => {
  expect([400, 401, 402, 403, 404, 405, 409, 413, 500, 502, 503]).toContain(row.status)
  expect(row.message).toMatch(/^[A-Z].*\.$/)
  expect(row.hint).toMatch(/^[A-Z].*\.$/)
})

describe('secrets', () => {
  test.each([
    'sk_test_51Habc',
    'rk_live_51Habc',
    'whsec_abc123',
    'pi_1_secret_xyz',
    'https://checkout.stripe.com/c/pay/cs_test_1#fid',
    'https://billing.stripe.com/p/session/test_abc',
    'postgres://user:password@localhost/app',
  ])('%s does not reach a message', (secret) => {
    expect(withoutSecrets(`It was ${secret} here.`)).toBe('It was [removed] here.')
    expect(new BillingError('stripe_refused', { detail: `See ${secret}` }).message).not.toContain(secret)
  })

  test.each(['cus_123', 'sub_1 of plan "pro"', 'cs_test_a1', 'STRIPE_SECRET_KEY is not set'])('%s does', (text) => {
    expect(withoutSecrets(text)).toBe(text)
  })
})
